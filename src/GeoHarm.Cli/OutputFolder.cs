namespace GeoHarm.Cli;

/// <summary>
/// A folder of results that appears whole or not at all: files go to a hidden sibling, <see cref="Commit"/> renames it.
/// Refuses an existing folder unless forced; a forced one is put aside first and removed after the rename.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string target;
    private readonly bool force;
    private bool committed;

    public OutputFolder(string path, bool force)
    {
        target = System.IO.Path.GetFullPath(path);
        this.force = force;
        if (File.Exists(target)) throw Problem.Store($"'{path}' is a file; give a folder with --out.");
        if (!force && Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw Problem.Usage($"'{path}' exists and is not empty; give another --out, or --force to replace it.");
        }
        var parent = System.IO.Path.GetDirectoryName(target) ?? throw Problem.Usage("The root of the file system is no place for results.");
        Directory.CreateDirectory(parent);
        Path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(target)}.partial-{Environment.ProcessId}");
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where to write until the results are whole.</summary>
    public string Path { get; }

    /// <summary>Makes the results visible under their name.</summary>
    public void Commit()
    {
        string? old = null;
        if (Directory.Exists(target))
        {
            if (!force && Directory.EnumerateFileSystemEntries(target).Any()) throw Problem.Store($"'{target}' appeared while the work ran; nothing was overwritten.");
            old = Path + ".old";
            Directory.Move(target, old);
        }
        Directory.Move(Path, target);
        committed = true;
        if (old is not null) Directory.Delete(old, recursive: true);
    }

    public void Dispose()
    {
        if (!committed && Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
