using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace GeoHarm.Stores.Files;

/// <summary>How a file is fetched.</summary>
/// <param name="MaxBytes">Largest file taken, bytes. Default 2 GiB: a Hansen tile is at most a few hundred MB, the registry 64 MB; more is a mistake or an attack.</param>
/// <param name="Attempts">How often a broken connection is taken up again. Default 5.</param>
/// <param name="SilenceSeconds">Seconds without a byte after which a connection counts as broken. Default 60: portals that build an export on demand are slow to begin.</param>
public sealed record DownloadOptions(long MaxBytes = 2L << 30, int Attempts = 5, int SilenceSeconds = 60);

/// <summary>What was fetched.</summary>
/// <param name="Path">File.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
/// <param name="Resumed">Whether part of it was there already.</param>
public sealed record DownloadReport(string Path, long Bytes, string Sha256, bool Resumed);

/// <summary>
/// Fetches a file over https into a part file beside its place, takes up again where it broke off (with If-Range, so that a
/// file changed meanwhile starts anew), checks size and hash, and puts it in place by a rename. Plain http is refused, also
/// as the target of a redirection.
/// </summary>
public static class Download
{
    private const int Buffer = 1 << 16;

    /// <summary>Fetches a file. Throws <see cref="StoreException"/> for every failure of address, network, size, hash or disk;
    /// the part file stays for the next try unless its content is wrong.</summary>
    public static async Task<DownloadReport> Fetch(Uri address, string path, string? sha256, DownloadOptions options, HttpMessageHandler? handler, Action<double>? progress, CancellationToken cancel)
    {
        if (address.Scheme != Uri.UriSchemeHttps) throw new StoreException($"'{address}' is not https.", "Only https addresses are fetched.");
        using var client = new HttpClient(handler ?? new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = true }, disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("GeoHarm/0.1");
        var part = path + ".part";
        var resumed = File.Exists(part) && new FileInfo(part).Length > 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Continue(client, address, part, options, progress, cancel).ConfigureAwait(false);
                return Finish(path, part, sha256, resumed);
            }
            catch (Exception failure) when (attempt < options.Attempts && IsBroken(failure) && !cancel.IsCancellationRequested)
            {
                resumed |= File.Exists(part) && new FileInfo(part).Length > 0;
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested && IsBroken(failure))
            {
                throw new StoreException($"'{address}' could not be fetched: {failure.Message}", "Check the network, then run the command again: it goes on where it broke off.", failure);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && AtomicFile.Explain(path, failure) is { } explained)
            {
                throw explained;
            }
        }
    }

    private static bool IsBroken(Exception failure) => failure is HttpRequestException or HttpIOException or TimeoutException or OperationCanceledException || (failure is IOException { InnerException: System.Net.Sockets.SocketException });

    private static async Task Continue(HttpClient client, Uri address, string part, DownloadOptions options, Action<double>? progress, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(part))!);
        var have = File.Exists(part) ? new FileInfo(part).Length : 0;
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(TimeSpan.FromSeconds(options.SilenceSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0 && File.Exists(part + ".tag") && EntityTagHeaderValue.TryParse(File.ReadAllText(part + ".tag"), out var tag))
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
        RequireSound(response, address);
        var append = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (!append) have = 0;
        if (response.Headers.ETag is { IsWeak: false } strong) await File.WriteAllTextAsync(part + ".tag", strong.ToString(), cancel).ConfigureAwait(false);
        else File.Delete(part + ".tag");
        var total = response.Content.Headers.ContentLength + have;
        RequireSize(total ?? 0, address, options);
        await Copy(response, part, append, have, total, address, options, progress, silence).ConfigureAwait(false);
    }

    private static async Task Copy(HttpResponseMessage response, string part, bool append, long have, long? total, Uri address, DownloadOptions options, Action<double>? progress, CancellationTokenSource silence)
    {
        using var content = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        using var file = new FileStream(part, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, Buffer);
        var buffer = new byte[Buffer];
        for (int read; (read = await content.ReadAsync(buffer, silence.Token).ConfigureAwait(false)) > 0;)
        {
            silence.CancelAfter(TimeSpan.FromSeconds(options.SilenceSeconds));
            have += read;
            RequireSize(have, address, options);
            await file.WriteAsync(buffer.AsMemory(0, read), silence.Token).ConfigureAwait(false);
            if (total is > 0) progress?.Invoke((double)have / total.Value);
        }
        if (total is { } expected && have != expected) throw new HttpRequestException($"the connection ended after {have} of {expected} bytes");
    }

    private static void RequireSound(HttpResponseMessage response, Uri address)
    {
        if (response.RequestMessage?.RequestUri is { } final && final.Scheme != Uri.UriSchemeHttps) throw new StoreException($"'{address}' leads to '{final}', which is not https.", "Only https addresses are fetched.");
        if ((int)response.StatusCode >= 500) throw new HttpRequestException($"the server answered {(int)response.StatusCode}");
        if (!response.IsSuccessStatusCode) throw new StoreException($"'{address}' was not given: the server answered {(int)response.StatusCode} {response.ReasonPhrase}.", "Open the address in a browser and save the file; some portals refuse automated requests.");
        if (response.Content.Headers.ContentType?.MediaType is "text/html") throw new StoreException($"'{address}' is a page, not a file.", "Open it in a browser and save the file it offers.");
    }

    private static void RequireSize(long bytes, Uri address, DownloadOptions options)
    {
        if (bytes > options.MaxBytes) throw new StoreException($"'{address}' is larger than the {options.MaxBytes:#,0} bytes allowed.", "Raise --max-mb if you expect so much.");
    }

    private static DownloadReport Finish(string path, string part, string? sha256, bool resumed)
    {
        string hash;
        long bytes;
        using (var stream = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
        {
            hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            bytes = stream.Length;
            stream.Flush(flushToDisk: true);
        }
        File.Delete(part + ".tag");
        if (sha256 is not null && !hash.Equals(sha256, StringComparison.OrdinalIgnoreCase))
        {
            File.Delete(part);
            throw new StoreException($"The file fetched has the hash {hash}, not {sha256.ToLowerInvariant()}; it was thrown away.", "The publisher changed the file, or it was tampered with: check with the publisher.");
        }
        File.Move(part, path, overwrite: true);
        return new DownloadReport(path, bytes, hash, resumed);
    }
}
