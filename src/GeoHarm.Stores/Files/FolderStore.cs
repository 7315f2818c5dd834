using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Files;

/// <summary>
/// A folder as a store: each layer written is a file of its own, put in place by a rename: a GeoPackage, or GeoParquet where the
/// folder's name ends in .parquet. Other files of the folder (CSV, Shapefile, GeoJSON, FlatGeobuf, KML) are seen as layers that
/// can be read. Where several files have one name, the GeoPackage counts, then the GeoParquet.
/// </summary>
public sealed class FolderStore : ILayerStore
{
    private const string Package = ".gpkg";
    private const string Parquet = ".parquet";

    /// <summary>Extensions of layers, those that count first standing first.</summary>
    private static readonly string[] Readable = [Package, Parquet, ".csv", ".shp", ".geojson", ".fgb", ".kml"];
    private readonly string folder;
    private readonly string written;

    private FolderStore(string folder) =>
        (this.folder, written) = (folder, Path.TrimEndingDirectorySeparator(folder).EndsWith(Parquet, StringComparison.OrdinalIgnoreCase) ? Parquet : Package);

    /// <summary>Opens a folder, making it where it is absent. Throws <see cref="StoreException"/>.</summary>
    public static FolderStore Open(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderStore(folder);
        }
        catch (Exception failure) when (AtomicFile.Explain(folder, failure) is { } explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerInfo> Layers() => [.. FilesByName().SelectMany(f => Said(f.Key, f.Value))];

    /// <inheritdoc/>
    public Layer Read(string name, LayerQuery? query = null)
    {
        var path = PathOf(name);
        if (!IsPackage(path)) return IsParquet(path) ? GeoParquetFile.Parts(path, query ?? new LayerQuery(), int.MaxValue).First() : LayerSelection.Of(DataFile.Read(path), query ?? new LayerQuery());
        using var store = GeoPackageStore.OpenReadOnly(path);
        return store.Read(name, query);
    }

    /// <inheritdoc/>
    public IEnumerable<Layer> Parts(string name, LayerQuery? query = null, int rows = ILayerStore.RowsOfPart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var path = PathOf(name);
        if (IsPackage(path)) return OfPackage(path, name, query, rows);
        if (IsParquet(path)) return GeoParquetFile.Parts(path, query ?? new LayerQuery(), rows);
        // What a column of text holds is known at its end only, so these files are held whole.
        return LayerSelection.Of(DataFile.Read(path), query ?? new LayerQuery()).Cut(rows);
    }

    /// <inheritdoc/>
    public void Write(Layer layer) => WriteParts([layer]);

    /// <inheritdoc/>
    public void WriteParts(IEnumerable<Layer> parts)
    {
        using var all = new LayerParts(parts);
        // A name that is no table name could be a path out of the folder.
        LayerTable.RefuseNames(all.First);
        var name = all.First.Name;
        var before = FilesByName().TryGetValue(name, out var old) && (IsPackage(old) || IsParquet(old)) ? Said(name, old).Sum(l => l.Version) : 0;
        var path = Path.Combine(folder, name + written);
        if (written == Parquet) GeoParquetFile.WriteOwn(path, all, before);
        else GeoPackageFile.WriteOwn(path, [all.All()], before);
        // A file of the other form would hide the one just written, or be hidden by it.
        if (old is not null && old != path && (IsPackage(old) || IsParquet(old))) File.Delete(old);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Files are open only while they are read or written.
    }

    private static bool IsPackage(string path) => path.EndsWith(Package, StringComparison.OrdinalIgnoreCase);

    private static bool IsParquet(string path) => path.EndsWith(Parquet, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Layer> OfPackage(string path, string name, LayerQuery? query, int rows)
    {
        using var store = GeoPackageStore.OpenReadOnly(path);
        foreach (var part in store.Parts(name, query, rows)) yield return part;
    }

    private static IEnumerable<LayerInfo> Said(string name, string path)
    {
        if (IsParquet(path)) return [GeoParquetFile.Said(path)];
        if (IsPackage(path))
        {
            using var store = GeoPackageStore.OpenReadOnly(path);
            return [.. store.Layers().Where(l => l.Name == name)];
        }
        var layer = DataFile.Read(path);
        return [new LayerInfo(name, layer.Title, layer.RowCount, layer.HasGeometry, layer.Sensitivity, layer.Provenance)];
    }

    private string PathOf(string name)
    {
        var files = FilesByName();
        return files.TryGetValue(name, out var path) ? path : throw new KeyNotFoundException($"'{folder}' has no layer '{name}'; it has {(files.Count == 0 ? "none" : string.Join(", ", files.Keys))}.");
    }

    private SortedDictionary<string, string> FilesByName()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var known = Directory.EnumerateFiles(folder).Where(p => !Path.GetFileName(p).StartsWith('.')).Select(p => (Path: p, Rank: Array.IndexOf(Readable, Path.GetExtension(p).ToLowerInvariant())));
        foreach (var (path, _) in known.Where(k => k.Rank >= 0).OrderBy(k => k.Rank).ThenBy(k => k.Path, StringComparer.Ordinal)) files.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        return files;
    }
}
