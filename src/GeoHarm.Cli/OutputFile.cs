using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>A result file that appears whole or not at all: written beside its place under a hidden name, renamed by
/// <see cref="Commit"/>. Refuses an existing file unless forced.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string target;
    private readonly bool force;
    private bool committed;

    public OutputFile(string path, bool force)
    {
        target = System.IO.Path.GetFullPath(path);
        this.force = force;
        if (Directory.Exists(target)) throw Problem.Store($"'{path}' is a folder; give a file with --out.");
        if (!force && File.Exists(target)) throw Problem.Usage($"'{path}' exists; give another --out, or --force to replace it.");
        var parent = System.IO.Path.GetDirectoryName(target) ?? throw Problem.Usage("The root of the file system is no place for results.");
        Directory.CreateDirectory(parent);
        Path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileNameWithoutExtension(target)}.partial-{Environment.ProcessId}{System.IO.Path.GetExtension(target)}");
    }

    /// <summary>Whether the name asks for a GeoPackage.</summary>
    public bool IsGeoPackage => target.EndsWith(".gpkg", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where to write until the result is whole.</summary>
    public string Path { get; }

    /// <summary>Writes layers under the temporary name: all of them into a GeoPackage, the first as CSV into any other file.</summary>
    public void Write(params PublishedLayer[] layers)
    {
        if (IsGeoPackage) GeoPackageFile.Write(Path, layers);
        else CsvLayer.Write(Path, layers[0]);
    }

    /// <summary>Makes the result visible under its name.</summary>
    public void Commit()
    {
        File.Move(Path, target, force);
        committed = true;
    }

    public void Dispose()
    {
        if (!committed) File.Delete(Path);
    }
}
