using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Maps.Reports;

/// <summary>A zone's change with its interval.</summary>
internal readonly record struct ZoneChange(int Row, string Name, double Value, double Low, double High);

/// <summary>Reads one year of an overlay: rows, totals, largest changes, and the window that shows a measure well.</summary>
internal sealed class OverlayReader
{
    public OverlayReader(PublishedLayer overlay, long? year)
    {
        Source = overlay;
        var column = overlay.Layer["year"];
        Year = year ?? Enumerable.Range(0, overlay.Layer.RowCount).Select(r => column.IntegerAt(r) ?? 0).DefaultIfEmpty(0).Max();
        Where = new LayerQuery(Equal: new Dictionary<string, string> { ["year"] = Year.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        Rows = Enumerable.Range(0, overlay.Layer.RowCount).Where(r => column.IntegerAt(r) == Year).ToArray();
    }

    public PublishedLayer Source { get; }

    public long Year { get; }

    public LayerQuery Where { get; }

    public IReadOnlyList<int> Rows { get; }

    /// <summary>Whether any zone of the year has the measure.</summary>
    public bool Has(string measure) => Source.Layer.Has(measure + "_change") && RowsWith(measure).Any();

    /// <summary>Rows of the year with a value of the measure.</summary>
    public IEnumerable<int> RowsWith(string measure) => Rows.Where(r => !double.IsNaN(Source.Layer[measure + "_after"].Number(r)));

    /// <summary>Changes of a measure, largest first.</summary>
    public IReadOnlyList<ZoneChange> Changes(string measure)
    {
        var layer = Source.Layer;
        var (value, low, high) = (layer[measure + "_change"], layer[measure + "_change_low"], layer[measure + "_change_high"]);
        return RowsWith(measure).Where(r => !double.IsNaN(value.Number(r)))
            .Select(r => new ZoneChange(r, NameOf(r), value.Number(r), low.Number(r), high.Number(r)))
            .OrderByDescending(c => c.Value).ThenBy(c => c.Row).ToArray();
    }

    /// <summary>Sum of a column over the year.</summary>
    public double Sum(string column) => Rows.Select(r => Source.Layer[column].Number(r)).Where(v => !double.IsNaN(v)).Sum();

    /// <summary>Values of columns over the year.</summary>
    public IEnumerable<double> Values(params string[] columns) => columns.SelectMany(c => Rows.Select(r => Source.Layer[c].Number(r)));

    /// <summary>
    /// The window that shows the zones of a measure, and insets for zones that lie far off: parts of zones are taken
    /// from the largest down to 99 % of the area; smaller ones join when they lie near; zones left out get an inset
    /// when they have a thousandth of the largest value.
    /// </summary>
    public (MapExtent Extent, IReadOnlyList<Inset> Insets) Window(string measure)
    {
        const double Share = 0.99;
        const double Near = 0.05;
        var parts = Concerned(measure).SelectMany(r => PartsOf(r)).OrderByDescending(p => p.Box.Area).ToArray();
        if (parts.Length == 0) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6008", Source.Layer.Name, measure, "No zone has a value.", "Draw another measure.")]);
        var main = new Envelope();
        var (sum, total) = (0.0, parts.Sum(p => p.Box.Area));
        foreach (var (_, box) in parts)
        {
            if (sum < Share * total || main.IsNull) main.ExpandToInclude(box);
            else if (Grown(main, Near).Contains(box)) main.ExpandToInclude(box);
            sum += box.Area;
        }
        var seen = parts.Where(p => main.Contains(p.Box)).Select(p => p.Row).ToHashSet();
        var (before, after) = (Source.Layer[measure + "_before"], Source.Layer[measure + "_after"]);
        var worth = Math.Max(1e-9, RowsWith(measure).Select(r => after.Number(r)).DefaultIfEmpty(0).Max() / 1000);
        var insets = parts.Where(p => !seen.Contains(p.Row) && Math.Max(before.Number(p.Row), after.Number(p.Row)) >= worth).GroupBy(p => p.Row).Take(3)
            .Select(g => (Box: MapExtent.Around(g.Select(p => p.Box)), Name: NameOf(g.Key)))
            .Where(i => i.Box is not null).Select(i => new Inset(i.Box!.Grown(0.15), i.Name)).ToArray();
        return (MapExtent.Around([main])!.Grown(0.03), insets);
    }

    // The countries where the policy changes something; all that have the measure when it changes nothing.
    private IEnumerable<int> Concerned(string measure)
    {
        if (!Source.Layer.Has("country")) return RowsWith(measure);
        var (country, change) = (Source.Layer["country"], Source.Layer[measure + "_change"]);
        var least = RowsWith(measure).Select(r => Math.Abs(change.Number(r))).Where(double.IsFinite).DefaultIfEmpty(0).Max() / 1000;
        var moved = RowsWith(measure).Where(r => Math.Abs(change.Number(r)) > least).Select(r => country.TextAt(r)).ToHashSet(StringComparer.Ordinal);
        return moved.Count == 0 ? RowsWith(measure) : RowsWith(measure).Where(r => moved.Contains(country.TextAt(r)));
    }

    private IEnumerable<(int Row, Envelope Box)> PartsOf(int row)
    {
        if (Source.Layer.GeometryAt(row) is not { } geometry) yield break;
        for (var n = 0; n < geometry.NumGeometries; n++) yield return (row, geometry.GetGeometryN(n).EnvelopeInternal);
    }

    private static Envelope Grown(Envelope box, double share)
    {
        var copy = box.Copy();
        copy.ExpandBy(box.Width * share, box.Height * share);
        return copy;
    }

    private string NameOf(int row) => Source.Layer["name"].TextAt(row) ?? Source.Layer["zone"].TextAt(row) ?? "";
}
