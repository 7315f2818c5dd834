using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Zones coloured by two changes at once, three by three: less, about the same, more of each. Colour runs across, and
/// line patterns run up (level lines for less, upright lines for more), so that the grid also reads in grey.
/// </summary>
/// <param name="Source">Zones.</param>
/// <param name="Across">Signed number that runs across.</param>
/// <param name="Up">Signed number that runs up.</param>
/// <param name="Title">Legend title.</param>
public sealed record Bivariate(PublishedLayer Source, string Across, string Up, string Title) : MapLayer(Source)
{
    /// <summary>Words for the first number, with the unit.</summary>
    public required string AcrossTitle { get; init; }

    /// <summary>Words for the second number, with the unit.</summary>
    public required string UpTitle { get; init; }

    /// <summary>Changes of the first number up to this size are "about the same", in its unit.</summary>
    public required double AcrossThreshold { get; init; }

    /// <summary>Changes of the second number up to this size are "about the same", in its unit.</summary>
    public required double UpThreshold { get; init; }

    /// <summary>Text column that groups zones, as in <see cref="Choropleth.NoValueGroup"/>.</summary>
    public string? NoValueGroup { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Across, Up];

    /// <summary>Column (first number) and row (second) of a zone in the grid, 0 less, 1 about the same, 2 more; null
    /// where either has no value.</summary>
    public (int Column, int Row)? CellOf(int row)
    {
        var (x, y) = (Source.Layer[Across].Number(row), Source.Layer[Up].Number(row));
        return double.IsNaN(x) || double.IsNaN(y) ? null : (Step(x, AcrossThreshold), Step(y, UpThreshold));

        static int Step(double value, double threshold) => value < -threshold ? 0 : value > threshold ? 2 : 1;
    }

    /// <summary>The line pattern of a row of the grid.</summary>
    internal static Pattern PatternOf(int row) => row switch { 0 => Pattern.Horizontal, 2 => Pattern.Vertical, _ => Pattern.None };

    private IReadOnlyList<int> RowsInForce()
    {
        var rows = Rows();
        if (NoValueGroup is null) return rows;
        var group = Source.Layer[NoValueGroup];
        var known = rows.Where(r => CellOf(r) is not null).Select(group.TextAt).ToHashSet(StringComparer.Ordinal);
        return rows.Where(r => known.Contains(group.TextAt(r))).ToArray();
    }

    internal override void Draw(MapScene scene)
    {
        var rows = RowsInForce();
        foreach (var row in rows)
        {
            if (scene.PathAt(Source.Layer, row) is not { } path) continue;
            if (CellOf(row) is { } cell) Zone(scene, path, BivariatePalette.At(cell.Column, cell.Row), PatternOf(cell.Row));
            else Zone(scene, path, scene.Style.NoValue, Pattern.NoValue);
        }
        foreach (var row in rows)
        {
            if (scene.PathAt(Source.Layer, row) is { } path) Outline(scene, path);
        }
    }

    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var words = scene.Words;
        yield return new GridLegend(Title, AcrossTitle, UpTitle, ["\u2212 " + words["map.less"], "= " + words["map.same"], "+ " + words["map.more"]]);
        var swatches = new List<Swatch>();
        if (RowsInForce().Any(r => CellOf(r) is null)) swatches.Add(new Swatch(scene.Style.NoValue, Pattern.NoValue, words["map.noValue"]));
        if (swatches.Count > 0) yield return new SwatchLegend("", swatches);
    }
}
