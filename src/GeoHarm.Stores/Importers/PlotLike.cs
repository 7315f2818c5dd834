using System.Globalization;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Keeps plots out. A layer of cultivation, laboratories, enforcement or of unknown kind that holds points or polygons
/// under 10 ha by the thousand could be used to find a farmer; it is refused, or merged into 5 km cells on the way in.
/// Ports, airports, places and forest loss named as such are exempt, and so are boundaries and networks.
/// </summary>
internal static class PlotLike
{
    /// <summary>Polygons below this look like plots, hectares.</summary>
    public const double PlotHectares = 10;

    /// <summary>So many of them make a layer plot-like: towns and ports of a country stay below.</summary>
    public const int ByTheThousand = 1000;

    /// <summary>Side of the cells that a layer is merged into, metres: the coarsest that publication starts from.</summary>
    public const double CellMetres = 5000;

    private static readonly string[] YearColumns = ["year", "ano", "anio", "vigencia", "date", "fecha"];

    private static readonly string[] ExemptKinds = ["ports", "airports", "places", "forest-loss", "boundaries", "network"];

    /// <summary>Kinds that the user may name with --as.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["cultivation", "laboratory", "enforcement", .. ExemptKinds];

    /// <summary>Whether a layer of this kind must be refused or merged.</summary>
    public static bool Holds(Layer layer, string? kind) => Count(layer, kind) >= ByTheThousand;

    /// <summary>Features of a layer, or of a part of it, that look like plots, counted no further than matters.</summary>
    public static int Count(Layer layer, string? kind)
    {
        if (!layer.HasGeometry || (kind is not null && ExemptKinds.Contains(kind))) return 0;
        var small = 0;
        for (var row = 0; row < layer.RowCount && small < ByTheThousand; row++)
        {
            if (layer.GeometryAt(row) is { } geometry && IsSmall(geometry, layer.Crs!)) small++;
        }
        return small;
    }

    /// <summary>The refusal.</summary>
    public static Fault Refusal(string file, Layer layer) => new(
        FaultSeverity.Error, "GH4060", file, $"layer {layer.Name}", $"The layer holds {ByTheThousand:#,0} or more points or polygons under {PlotHectares:0} ha: it looks like plots, and GeoHarm does not store what could lead to one.",
        "Give --coarsen to merge it into 5 km cells, or --as ports, airports, places or forest-loss if it is that.");

    /// <summary>
    /// The layer merged into 5 km cells of the equal-area grid (EPSG:6933), by year where a column says it: contributors, and
    /// of each numeric column that holds hectares the sum and the two largest, which the publication gate needs to see that
    /// nobody dominates. A feature counts in the cell of its centre. The result stays sensitive.
    /// </summary>
    public static Layer Coarsen(Layer layer)
    {
        var rows = Enumerable.Range(0, layer.RowCount).Where(r => layer.GeometryAt(r) is { IsEmpty: false }).ToArray();
        var centres = rows.Select(r => layer.GeometryAt(r)!.Centroid).ToArray();
        var (x, y) = (centres.Select(c => c.X).ToArray(), centres.Select(c => c.Y).ToArray());
        if (layer.Crs!.Epsg != CoordinateSystem.EqualArea.Epsg)
        {
            using var shift = new CoordinateShift(Reference(layer.Crs), SpatialReference.FromEpsg(CoordinateSystem.EqualArea.Epsg));
            shift.Transform(x, y);
        }
        var dated = layer.Columns.FirstOrDefault(c => YearColumns.Contains(Folded.Of(c.Name)));
        var cells = Enumerable.Range(0, rows.Length).Where(i => double.IsFinite(x[i]) && double.IsFinite(y[i]))
            .GroupBy(i => (Column: (long)Math.Floor(x[i] / CellMetres), Row: (long)Math.Floor(y[i] / CellMetres), Year: dated is null ? null : YearAt(dated, rows[i]))).OrderBy(g => g.Key).ToArray();
        var summed = layer.Columns.Where(c => c.Type is FieldType.Real or FieldType.Integer && IsArea(c)).ToArray();
        double[] Falling(IEnumerable<int> cell, Column column) => [.. cell.Select(i => column.Number(rows[i])).Where(v => v > 0).OrderDescending()];
        var factory = new GeometryFactory();
        return new Layer(
            layer.Name,
            [
                Column.Text("cell", cells.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key.Column}:{c.Key.Row}"))),
                .. dated is null ? Array.Empty<Column>() : [Column.Integer("year", cells.Select(c => c.Key.Year))],
                Column.Integer("contributors", cells.Select(c => (long?)c.Count())),
                .. summed.SelectMany(column => new[]
                {
                    Column.Real(column.Name, cells.Select(c => c.Select(i => column.Number(rows[i])).Where(double.IsFinite).Sum()), column.Unit),
                    Column.Real(column.Name + "_largest", cells.Select(c => Falling(c, column).FirstOrDefault()), column.Unit),
                    Column.Real(column.Name + "_second", cells.Select(c => Falling(c, column).Skip(1).FirstOrDefault()), column.Unit),
                }),
            ],
            cells.Select(c => factory.ToGeometry(new Envelope(c.Key.Column * CellMetres, (c.Key.Column + 1) * CellMetres, c.Key.Row * CellMetres, (c.Key.Row + 1) * CellMetres))).ToArray(),
            CoordinateSystem.EqualArea, Sensitivity.Sensitive, layer.Provenance, layer.Title, [.. layer.Caveats, "Merged into 5 km cells on import; the features themselves were not kept."]);
    }

    private static long? YearAt(Column column, int row)
    {
        if (column.IsNull(row)) return null;
        if (column.Type == FieldType.Date) return column.DateAt(row)!.Value.Year;
        return column.TextAt(row) is { Length: >= 4 } text && long.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null;
    }

    private static bool IsArea(Column column)
    {
        var name = Folded.Of(column.Name);
        return name.Contains("area", StringComparison.Ordinal) || name.Contains("hect", StringComparison.Ordinal) || name.EndsWith("_ha", StringComparison.Ordinal) || name is "ha";
    }

    private static SpatialReference Reference(CoordinateSystem crs) => crs.Epsg > 0 ? SpatialReference.FromEpsg(crs.Epsg) : SpatialReference.FromWkt(crs.Wkt);

    private static bool IsSmall(Geometry geometry, CoordinateSystem crs)
    {
        if (geometry is Point or MultiPoint) return true;
        if (geometry is not (Polygon or MultiPolygon)) return false;
        var envelope = geometry.EnvelopeInternal;
        // Degrees: coordinates that fit on the globe of a system that is not one of the metric ones named. A rough area is
        // enough, since the limit itself is rough.
        var degrees = Math.Abs(envelope.MinX) <= 360 && Math.Abs(envelope.MinY) <= 90 && crs.Epsg is not (6933 or 3857 or 3116 or 9377);
        var metresPerUnit = degrees ? 111_320.0 : 1;
        var squareMetres = geometry.Area * metresPerUnit * metresPerUnit * (degrees ? Math.Cos(envelope.Centre.Y * Math.PI / 180) : 1);
        return squareMetres < PlotHectares * 10_000;
    }
}
