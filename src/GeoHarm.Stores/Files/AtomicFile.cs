namespace GeoHarm.Stores.Files;

/// <summary>
/// Writes a file whole or not at all: to a temporary name in the same folder (a rename across file systems would be
/// a copy), flushed to the disk, then renamed over the target. Whatever fails, the temporary file is removed and the
/// old file is as it was.
/// </summary>
public static class AtomicFile
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int DiskFullLinux = 28; // ENOSPC, as .NET hands it through in HResult on Unix.
    private const int QuotaLinux = 122; // EDQUOT.

    /// <summary>Writes through a stream. Throws <see cref="StoreException"/> when the folder cannot be written or the disk is full.</summary>
    public static void Write(string path, Action<Stream> content) => Replace(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        content(stream);
    });

    /// <summary>Lets <paramref name="content"/> make the file under a temporary name, then puts it in place.</summary>
    public static void Replace(string path, Action<string> content)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new StoreException($"'{path}' is a folder, not a file.", "Give a file name.");
        if (Directory.Exists(full)) throw new StoreException($"'{path}' is a folder, not a file.", "Give a file name.");
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            content(temporary);
            using (var written = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                written.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception failure)
        {
            Remove(temporary);
            if (Explain(path, failure) is { } explained) throw explained;
            throw;
        }
    }

    /// <summary>The store failure that an exception of the file system stands for; null when it is none.</summary>
    public static StoreException? Explain(string path, Exception failure) => failure switch
    {
        StoreException => null,
        UnauthorizedAccessException => new StoreException($"'{path}' cannot be written: permission denied.", "Choose a folder you may write to, or change the permission.", failure),
        DirectoryNotFoundException or FileNotFoundException => new StoreException($"'{path}' was not found.", "Check the spelling of the path.", failure),
        PathTooLongException => new StoreException($"'{path}' is too long a name for this file system.", "Choose a shorter name.", failure),
        IOException io when (io.HResult & 0xFFFF) is DiskFullLinux or QuotaLinux || io.HResult == DiskFullWindows =>
            new StoreException($"The disk is full: '{path}' was not written; what was there before is unchanged.", "Free some space, or write to another disk.", failure),
        IOException io => new StoreException($"'{path}' cannot be written: {io.Message}", "Check that the folder exists, that the disk is mounted for writing, and that no other program holds the file.", failure),
        _ => null,
    };

    private static void Remove(string temporary)
    {
        foreach (var name in new[] { temporary, temporary + "-journal", temporary + "-wal", temporary + "-shm" })
        {
            try
            {
                File.Delete(name);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The first failure is the one to report; a leftover begins with a dot and ends in .tmp.
            }
        }
    }
}
