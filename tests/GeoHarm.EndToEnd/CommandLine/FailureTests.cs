namespace GeoHarm.EndToEnd.CommandLine;

/// <summary>Bad input, full disks, refused folders, Ctrl-C: a clear end, nothing half-written.</summary>
public class FailureTests
{
    private const string FiveFaults = "name: bad name!\nyears: {baseline: 2004, to: 2000}\npolicy:\n  - instrument: napalm\n    places: [COL.PU]\n    years: 1890\nmembers: many\ncolour: red\n";

    [Fact]
    public void Five_faults_of_a_scenario_come_at_once_with_lines_and_exit_code_three()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["bad.yaml"], FiveFaults);
        var end = GeoHarmProcess.Run("run", scratch["bad.yaml"], "--json", "--out", scratch["out"]);
        Assert.Equal(3, end.Code);
        var faults = end.Json.GetProperty("faults").EnumerateArray().ToList();
        Assert.True(faults.Count >= 5, end.Output);
        Assert.All(faults, f => Assert.True(f.GetProperty("line").GetInt32() > 0 && f.GetProperty("remedy").GetString()!.Length > 0));
        Assert.False(Directory.Exists(scratch["out"]));
    }

    [Fact]
    public void A_question_finer_than_zone_and_year_is_a_use_not_supported()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["fine.yaml"], "name: fine\nyears: {baseline: 2003, to: 2004}\npolicy:\n  - {instrument: interdiction, places: [CUW], years: 2004, control: 1, patrols: 3}\n");
        var end = GeoHarmProcess.Run("run", scratch["fine.yaml"], "--json");
        Assert.Equal(2, end.Code);
        Assert.EndsWith("use-not-supported", end.Json.GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_exists_is_kept_unless_forced()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["out"]);
        File.WriteAllText(Path.Combine(scratch["out"], "mine.txt"), "keep");
        Assert.Equal(2, GeoHarmProcess.Run("run", GeoHarmProcess.Scenario("do-nothing"), "--members", "2", "--out", scratch["out"]).Code);
        Assert.Equal("keep", File.ReadAllText(Path.Combine(scratch["out"], "mine.txt")));
        Assert.Equal(0, GeoHarmProcess.Run("run", GeoHarmProcess.Scenario("do-nothing"), "--members", "2", "--out", scratch["out"], "--force").Code);
        Assert.True(File.Exists(Path.Combine(scratch["out"], "run.json")));
        Assert.Equal(["out"], Directory.EnumerateFileSystemEntries(scratch.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_a_store_fault()
    {
        var end = GeoHarmProcess.Run("run", GeoHarmProcess.Scenario("do-nothing"), "--members", "2", "--out", "/proc/geoharm", "--json");
        Assert.Equal(5, end.Code);
        Assert.NotEmpty(end.Json.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(4000)]
    public void A_full_disk_leaves_nothing(int blocks)
    {
        using var scratch = new ScratchFolder();
        // A limit on file size stands in for a full disk: writes fail in the middle of a file. (Write-xor-execute would
        // need a file mapping of its own above the limit.)
        var end = GeoHarmProcess.RunUnder($"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f {blocks};", null, "run", GeoHarmProcess.Scenario("do-nothing"), "--members", "2", "--out", scratch["out"], "--json");
        Assert.True(end.Code == 5, $"{end.Code}: {end.Output} {end.Error}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void Killed_at_half_and_resumed_a_run_ends_with_the_same_bits()
    {
        using var scratch = new ScratchFolder();
        string[] run = ["run", GeoHarmProcess.Scenario("antilles-2003"), "--members", "110", "--as-of", "2026-01-01"];
        Assert.Equal(0, GeoHarmProcess.Run([.. run, "--out", scratch["whole"]]).Code);
        var kept = Path.Combine(scratch["half"] + ".draws", "antilles-2003.draws");
        var killed = GeoHarmProcess.RunUnder("", process =>
        {
            // The second part of fifty members has begun to be written: the first is whole, the second is cut off.
            long size = 0;
            for (var i = 0; i < 6000 && !process.HasExited && size < 100_000_000; i++)
            {
                Thread.Sleep(10);
                size = File.Exists(kept) ? new FileInfo(kept).Length : 0;
            }
            process.Kill();
        }, [.. run, "--resume", "--out", scratch["half"]]);
        Assert.Equal(137, killed.Code);
        Assert.False(Directory.Exists(scratch["half"]));
        var resumed = GeoHarmProcess.Run([.. run, "--resume", "-v", "--out", scratch["half"]]);
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Matches("going on from (50|100) of 110 members", resumed.Error);
        Assert.False(Directory.Exists(scratch["half"] + ".draws"));
        Assert.Equal(File.ReadAllText(Path.Combine(scratch["whole"], "run.json")), File.ReadAllText(Path.Combine(scratch["half"], "run.json")));
        var crate = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(scratch["half"], "ro-crate-metadata.json"))).RootElement.GetProperty("@graph").EnumerateArray().ToList();
        var parts = crate.Single(e => e.GetProperty("@id").GetString() == "./").GetProperty("hasPart").EnumerateArray().Select(p => p.GetProperty("@id").GetString()!).ToList();
        Assert.All(parts, part => Assert.True(File.Exists(Path.Combine(scratch["half"], part)), part));
        Assert.All(parts, part => Assert.Single(crate, e => e.GetProperty("@id").GetString() == part));
        Assert.Equal(["ro-crate-metadata.json"], Directory.EnumerateFiles(scratch["half"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(scratch["half"], f)).Except(parts));
    }

    [Fact]
    public void Ctrl_c_stops_with_130_and_leaves_nothing()
    {
        using var scratch = new ScratchFolder();
        var end = GeoHarmProcess.RunUnder("", process =>
        {
            // The partial folder appears once the run has begun.
            var waited = System.Diagnostics.Stopwatch.StartNew();
            while (!Directory.EnumerateFileSystemEntries(scratch.Path).Any() && waited.Elapsed < TimeSpan.FromSeconds(60)) Thread.Sleep(20);
            GeoHarmProcess.Interrupt(process);
        }, "run", GeoHarmProcess.Scenario("putumayo-2000"), "--members", "5000", "--out", scratch["out"], "--json");
        Assert.Equal(130, end.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void A_dry_run_says_what_it_would_do_and_writes_nothing()
    {
        using var scratch = new ScratchFolder();
        var end = GeoHarmProcess.Run("demo", "--dry-run", "--json", "--out", scratch["out"]);
        Assert.Equal(0, end.Code);
        Assert.Equal(3, end.Json.GetProperty("scenarios").GetArrayLength());
        Assert.NotEmpty(end.Json.GetProperty("files").EnumerateArray());
        Assert.False(Directory.Exists(scratch["out"]));
    }

    [Fact]
    public void The_machine_check_passes()
    {
        var end = GeoHarmProcess.Run("check", "--json");
        Assert.True(end.Code == 0, end.Output);
        Assert.Equal(["runtime", "gdal", "projections", "fonts", "store", "data"], end.Json.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
    }
}
