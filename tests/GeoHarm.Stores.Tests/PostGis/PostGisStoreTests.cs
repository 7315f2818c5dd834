using System.Diagnostics;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.PostGis;

namespace GeoHarm.Stores.Tests.PostGis;

public sealed class PostGisStoreTests(PostgresServer server) : LayerStoreContract, IClassFixture<PostgresServer>
{
    private readonly string schema = "s" + Guid.NewGuid().ToString("N");

    protected override ILayerStore Open()
    {
        Assert.SkipWhen(server.Absent is not null, server.Absent ?? "");
        return StoreAddress.Open($"{server.Address}&schema={schema}");
    }

    /// <summary>PostgreSQL replaces no table that is being read: the writer waits, and the reader ends with what it began with.</summary>
    public override void Parts_read_to_the_end_show_the_layer_of_their_beginning_whatever_is_written_meanwhile()
    {
        using var store = Open();
        store.Write(SampleLayers.Table(rows: 300));
        Task writer;
        using (var parts = store.Parts("table", null, 100).GetEnumerator())
        {
            Assert.True(parts.MoveNext());
            writer = Task.Run(() => store.Write(SampleLayers.Table(rows: 5)), TestContext.Current.CancellationToken);
            Assert.True(parts.MoveNext());
            Assert.Equal("00100", parts.Current["code"].TextAt(0));
            Assert.True(parts.MoveNext());
            Assert.False(parts.MoveNext());
        }
        writer.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(5, store.Read("table").RowCount);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_said_so()
    {
        Assert.NotEmpty(Assert.Throws<StoreException>(() => PostGisStore.Open("postgis://nobody@127.0.0.1:1/none")).Remedy);
    }

    [Fact]
    public void Rows_can_be_read_by_other_programs_with_their_srid()
    {
        using var store = Open();
        store.Write(SampleLayers.Everything(new(3116)));
        Assert.Equal("3116", server.Ask($"SELECT DISTINCT ST_SRID(geoharm_shape) FROM {schema}.everything WHERE geoharm_shape IS NOT NULL"));
        Assert.Equal("POINT ZM (1 2 3 4)", server.Ask($"SELECT ST_AsText(geoharm_shape) FROM {schema}.everything WHERE geoharm_row = 4"));
    }
}

/// <summary>A PostgreSQL of the test's own on a private socket; absent where the programs are not installed.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private readonly TemporaryFolder folder = new();

    public PostgresServer()
    {
        if (!File.Exists(Programs + "/initdb") || !File.Exists("/usr/share/postgresql/15/extension/postgis.control"))
        {
            Absent = "postgresql-15-postgis-3 is not installed";
            return;
        }
        // The server refuses to run as root; the package made a user for it.
        if (Environment.UserName == "root") Run("chown", "-R", "postgres", folder.Root);
        var made = RunAsServer("initdb", "-D", folder["data"], "-A", "trust", "-U", "tester", "--no-sync");
        var started = made && RunAsServer("pg_ctl", "-D", folder["data"], "-l", folder["log"], "-w", "-t", "60", "-o", $"-k {folder.Root} -c listen_addresses='' -c fsync=off", "start");
        if (!started) Absent = "postgresql could not be started here: " + last;
    }

    public string? Absent { get; }

    public string Address => $"postgis://tester@localhost/postgres?host={folder.Root}";

    private string last = "";

    public string Ask(string sql)
    {
        Run("psql", "-h", folder.Root, "-U", "tester", "-d", "postgres", "-Atc", sql);
        return last.Trim();
    }

    public void Dispose()
    {
        if (Absent is null) RunAsServer("pg_ctl", "-D", folder["data"], "-m", "immediate", "-w", "stop");
        folder.Dispose();
    }

    private bool RunAsServer(string program, params string[] arguments) => Environment.UserName == "root"
        ? Run("runuser", ["-u", "postgres", "--", $"{Programs}/{program}", .. arguments])
        : Run($"{Programs}/{program}", arguments);

    private bool Run(string program, params string[] arguments)
    {
        // pg_ctl leaves the server with its parent's pipes, so only what ends by itself is read.
        var starts = arguments.Contains("start");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = !starts, RedirectStandardError = !starts, WorkingDirectory = "/tmp" })!;
        if (!starts) last = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
