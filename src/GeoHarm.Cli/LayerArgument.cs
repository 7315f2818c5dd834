using System.Globalization;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>A layer as a user names it: FILE.gpkg for its only or first map layer, FILE.gpkg:LAYER for another.</summary>
internal static class LayerArgument
{
    /// <summary>Reads a layer and passes it through the publication gate: an open one as it is, a sensitive one coarsened or
    /// refused, whole only for its steward.</summary>
    public static PublishedLayer Read(string argument, Audience audience = Audience.Public, string? asOf = null)
    {
        var (file, name) = Split(argument);
        if (!File.Exists(file)) throw Problem.Store($"There is no file '{file}'.");
        using var store = GeoPackageStore.OpenReadOnly(file);
        var layers = store.Layers();
        name ??= layers.FirstOrDefault(l => l.HasGeometry)?.Name ?? throw Problem.Store($"'{file}' has no map layer.");
        if (layers.All(l => l.Name != name)) throw Problem.Usage($"'{file}' has no layer '{name}'; it has {string.Join(", ", layers.Select(l => l.Name))}.");
        return PublicationGate.Release(InDegrees(FileSensitivity.Of(store.Read(name))), audience, [], DateOnly.ParseExact(asOf ?? RunSettings.Today, "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    // Maps and tiles are drawn from longitudes and latitudes.
    private static Layer InDegrees(Layer layer)
    {
        if (!layer.HasGeometry || ProjectedDatum.Find(layer.Crs!) is not { IsProjected: true }) return layer;
        var shift = new Reprojection(layer.Crs!, CoordinateSystem.Wgs84);
        return new Layer(layer.Name, layer.Columns, [.. Enumerable.Range(0, layer.RowCount).Select(r => layer.GeometryAt(r) is { } shape ? shift.Transform(shape) : null)],
            CoordinateSystem.Wgs84, layer.Sensitivity, layer.Provenance, layer.Title, layer.Caveats);
    }

    /// <summary>Refuses a polygon file that leads to people, unless its steward reads it: what is computed by its shapes would
    /// carry them out.</summary>
    public static void RefuseFine(string path, string? layer, Audience audience)
    {
        if (audience == Audience.Steward || !FileSensitivity.IsSensitive(path, layer)) return;
        throw Problem.UseNotSupported($"'{path}' holds sensitive shapes finer than municipalities or 5 km cells: import it with --coarsen, or read it as its steward (--audience steward).");
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
