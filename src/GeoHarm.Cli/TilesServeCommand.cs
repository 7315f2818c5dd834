using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using GeoHarm.Maps.Tiles;

namespace GeoHarm.Cli;

/// <summary>Serves one archive on this machine, for a map in the browser or QGIS: TileJSON, tiles, and the file itself
/// by byte ranges. Loopback only; the service proper has access control.</summary>
internal static class TilesServeCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("FILE") { Description = "Archive, F.pmtiles or F.mbtiles" };
        var url = new Option<string>("--url") { Description = "Loopback address to listen at", DefaultValueFactory = _ => "http://127.0.0.1:8089/" };
        return CommandLine.Verb(
            "serve", "Serve an archive on this machine: tile.json, {z}/{x}/{y}, the file by ranges", ["geoharm tiles serve overlay.pmtiles", "geoharm tiles serve overlay.mbtiles --url http://127.0.0.1:9000/"], [file, url],
            (parse, terminal, cancel) =>
            {
                var address = Address(parse.GetValue(url)!);
                using var archive = new TileArchive(parse.GetValue(file)!);
                using var listener = new HttpListener();
                listener.Prefixes.Add(address);
                try
                {
                    listener.Start();
                }
                catch (HttpListenerException e)
                {
                    throw Problem.Store($"'{address}' cannot be listened at: {e.Message}");
                }
                terminal.Result(new { url = address, tileJson = address + "tile.json" }, writer => writer.WriteLine($"{address}tile.json (Ctrl-C ends)"));
                using var stop = cancel.Register(listener.Stop);
                Serve(listener, new Door(archive, parse.GetValue(file)!, address), cancel);
                return ExitCode.Ok;
            });
    }

    private static string Address(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == "http" && uri.IsLoopback && uri.Query.Length == 0
            ? uri.AbsoluteUri.TrimEnd('/') + "/"
            : throw Problem.Usage($"'{url}' is no loopback address: give one such as http://127.0.0.1:8089/.");

    private static void Serve(HttpListener listener, Door door, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = listener.GetContext();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            ThreadPool.QueueUserWorkItem(_ => door.Answer(context));
        }
    }

    private sealed class Door(TileArchive archive, string file, string address)
    {
        private const int MostRange = 64 << 20;

        public void Answer(HttpListenerContext context)
        {
            var response = context.Response;
            try
            {
                response.AddHeader("Access-Control-Allow-Origin", "*");
                response.AddHeader("Access-Control-Expose-Headers", "Content-Range, ETag");
                Route(context.Request, response);
                response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException or InvalidDataException or ObjectDisposedException or InvalidOperationException)
            {
                // The caller went away, or the tile is broken: this answer ends, the next one is served.
                response.Abort();
            }
        }

        private void Route(HttpListenerRequest request, HttpListenerResponse response)
        {
            var path = request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (request.HttpMethod is not ("GET" or "HEAD")) response.StatusCode = request.HttpMethod == "OPTIONS" ? 204 : 405;
            else if (path is ["tile.json"] or []) Send(request, response, "application/json", Encoding.UTF8.GetBytes(archive.TileJson(address)));
            else if (path is ["archive"]) Range(request, response);
            else if (path.Length == 3 && AddressOf(path) is { } tile)
            {
                if (archive.Tile(tile) is { Length: > 0 } bytes) Send(request, response, archive.Format switch { TileFormat.Mvt => "application/vnd.mapbox-vector-tile", TileFormat.Png => "image/png", _ => "image/webp" }, bytes);
                else response.StatusCode = 204;
            }
            else response.StatusCode = 404;
        }

        private TileAddress? AddressOf(string[] path)
        {
            var ending = "." + TileMetadata.Extension(archive.Format);
            var row = path[2].EndsWith(ending, StringComparison.Ordinal) ? path[2][..^ending.Length] : path[2];
            return Whole(path[0], out var zoom) && Whole(path[1], out var x) && Whole(row, out var y) && zoom <= 22 && x < 1 << zoom && y < 1 << zoom ? new TileAddress(zoom, x, y) : null;

            static bool Whole(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }

        private static void Send(HttpListenerRequest request, HttpListenerResponse response, string type, byte[] bytes)
        {
            (response.ContentType, response.ContentLength64) = (type, bytes.Length);
            if (request.HttpMethod == "GET") response.OutputStream.Write(bytes);
        }

        // One range "bytes=a-b", as readers of PMTiles ask; anything else gets the whole file or 416.
        private void Range(HttpListenerRequest request, HttpListenerResponse response)
        {
            using var stream = File.OpenRead(file);
            var (from, to) = (0L, stream.Length - 1);
            response.AddHeader("Accept-Ranges", "bytes");
            if (request.Headers["Range"] is { } range)
            {
                var parts = range.StartsWith("bytes=", StringComparison.Ordinal) ? range[6..].Split('-') : [];
                if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out from) || from > to)
                {
                    response.StatusCode = 416;
                    return;
                }
                if (long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)) to = Math.Min(to, last);
                to = Math.Max(from, Math.Min(to, from + MostRange - 1));
                response.StatusCode = 206;
                response.AddHeader("Content-Range", $"bytes {from}-{to}/{stream.Length}");
            }
            (response.ContentType, response.ContentLength64) = ("application/octet-stream", to - from + 1);
            if (request.HttpMethod == "HEAD") return;
            stream.Seek(from, SeekOrigin.Begin);
            var buffer = new byte[1 << 16];
            for (var left = to - from + 1; left > 0;)
            {
                var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (read == 0) return;
                response.OutputStream.Write(buffer, 0, read);
                left -= read;
            }
        }
    }
}
