using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Files;

/// <summary>
/// A folder as a store: each layer written is a GeoPackage of its own, put in place by a rename; other files of the
/// folder (CSV, Shapefile, GeoJSON, FlatGeobuf, KML) are seen as layers that can be read. Where two have one name, the GeoPackage counts.
/// </summary>
public sealed class FolderStore : ILayerStore
{
    private static readonly string[] Readable = [".csv", ".shp", ".geojson", ".fgb", ".kml", ".parquet"];
    private readonly string folder;

    private FolderStore(string folder) => this.folder = folder;

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
    public IReadOnlyList<LayerInfo> Layers()
    {
        var layers = new List<LayerInfo>();
        foreach (var (name, path) in FilesByName())
        {
            if (IsPackage(path))
            {
                using var store = GeoPackageStore.OpenReadOnly(path);
                layers.AddRange(store.Layers().Where(l => l.Name == name));
            }
            else
            {
                var layer = DataFile.Read(path);
                layers.Add(new LayerInfo(name, layer.Title, layer.RowCount, layer.HasGeometry, layer.Sensitivity, layer.Provenance));
            }
        }
        return layers;
    }

    /// <inheritdoc/>
    public Layer Read(string name, LayerQuery? query = null)
    {
        var files = FilesByName();
        if (!files.TryGetValue(name, out var path)) throw new KeyNotFoundException($"'{folder}' has no layer '{name}'; it has {(files.Count == 0 ? "none" : string.Join(", ", files.Keys))}.");
        if (!IsPackage(path)) return LayerSelection.Of(DataFile.Read(path), query ?? new LayerQuery());
        using var store = GeoPackageStore.OpenReadOnly(path);
        return store.Read(name, query);
    }

    /// <inheritdoc/>
    public void Write(Layer layer)
    {
        // A name that is no table name could be a path out of the folder.
        LayerTable.RefuseNames(layer);
        GeoPackageFile.WriteOwn(Path.Combine(folder, layer.Name + ".gpkg"), [layer]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Files are open only while they are read or written.
    }

    private static bool IsPackage(string path) => path.EndsWith(".gpkg", StringComparison.OrdinalIgnoreCase);

    private SortedDictionary<string, string> FilesByName()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path).StartsWith('.')) continue;
            var name = Path.GetFileNameWithoutExtension(path);
            if (IsPackage(path)) files[name] = path;
            else if (Readable.Contains(Path.GetExtension(path).ToLowerInvariant())) files.TryAdd(name, path);
        }
        return files;
    }
}
