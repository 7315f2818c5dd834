using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>A layer as a user names it: FILE.gpkg for its only or first map layer, FILE.gpkg:LAYER for another.</summary>
internal static class LayerArgument
{
    /// <summary>Reads an open layer; a sensitive one is refused, since it leaves only through the publication gate.</summary>
    public static PublishedLayer Read(string argument)
    {
        var (file, name) = Split(argument);
        if (!File.Exists(file)) throw Problem.Store($"There is no file '{file}'.");
        using var store = GeoPackageStore.OpenReadOnly(file);
        var layers = store.Layers();
        name ??= layers.FirstOrDefault(l => l.HasGeometry)?.Name ?? throw Problem.Store($"'{file}' has no map layer.");
        if (layers.All(l => l.Name != name)) throw Problem.Usage($"'{file}' has no layer '{name}'; it has {string.Join(", ", layers.Select(l => l.Name))}.");
        var layer = store.Read(name);
        if (layer.Sensitivity != Sensitivity.Open) throw Problem.UseNotSupported($"Layer '{name}' is sensitive: it leaves only through 'geoharm run', which coarsens and suppresses.");
        return PublishedLayer.Open(layer);
    }

    /// <summary>A condition COLUMN=VALUE as a query.</summary>
    public static LayerQuery? Where(string? condition)
    {
        if (condition is null) return null;
        var at = condition.IndexOf('=', StringComparison.Ordinal);
        if (at < 1) throw Problem.Usage($"'{condition}' is not of the form COLUMN=VALUE.");
        return new LayerQuery(Equal: new Dictionary<string, string> { [condition[..at]] = condition[(at + 1)..] });
    }

    private static (string File, string? Name) Split(string argument)
    {
        var at = argument.LastIndexOf(".gpkg:", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? (argument, null) : (argument[..(at + 5)], argument[(at + 6)..]);
    }
}
