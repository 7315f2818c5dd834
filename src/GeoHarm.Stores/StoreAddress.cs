using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.PostGis;

namespace GeoHarm.Stores;

/// <summary>Opens a store by its address: a .gpkg file, postgis://user@host/database, or a folder, whose layers are GeoParquet where
/// its name ends in .parquet. Nothing else in the program knows which of them it is.</summary>
public static class StoreAddress
{
    /// <summary>Opens a store for reading and writing, making it where it is absent; or, read-only, as it lies. Throws
    /// <see cref="StoreException"/>.</summary>
    public static ILayerStore Open(string address, bool readOnly = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (address.StartsWith("postgis://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)) return PostGisStore.Open(address);
        if (address.Contains("://", StringComparison.Ordinal)) throw new StoreException($"'{address}' is an address of no store that is known.", "Give a .gpkg file, postgis://user@host/database, or a folder.");
        if (Directory.Exists(address)) return FolderStore.Open(address);
        if ((address.EndsWith('/') || (address.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) && !File.Exists(address))) && !readOnly) return FolderStore.Open(address);
        if (address.EndsWith(".gpkg", StringComparison.OrdinalIgnoreCase)) return readOnly ? GeoPackageStore.OpenReadOnly(address) : GeoPackageStore.Open(address);
        throw new StoreException(File.Exists(address) ? $"'{address}' is no store." : $"'{address}' was not found.", "Give a .gpkg file, or a folder (a new one ends in /, or in .parquet for GeoParquet).");
    }
}
