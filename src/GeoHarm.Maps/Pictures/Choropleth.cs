using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Zones shaded by a number. With a diverging palette it is a map of change: classes symmetric about zero, blue with
/// level lines for less, orange for more, and dark diagonals where the interval holds both signs. Zones without a value
/// are grey and hatched.
/// </summary>
/// <param name="Source">Zones.</param>
/// <param name="Column">Number that is shaded.</param>
/// <param name="Title">Legend title with the unit.</param>
public sealed record Choropleth(PublishedLayer Source, string Column, string Title) : MapLayer(Source)
{
    /// <summary>Classes; null to compute them from the rows drawn.</summary>
    public Classes? Classes { get; init; }

    /// <summary>How classes are computed; natural breaks by default, since hectares and tonnes are skewed.</summary>
    public ClassMethod Method { get; init; } = ClassMethod.Jenks;

    /// <summary>Number of classes; default 5, the most that shades of one colour separate in print.</summary>
    public int ClassCount { get; init; } = 5;

    /// <summary>Colours.</summary>
    public Palette Palette { get; init; } = Palette.Green;

    /// <summary>Column with the low end of the interval; with <see cref="HighColumn"/>, marks uncertain signs.</summary>
    public string? LowColumn { get; init; }

    /// <summary>Column with the high end of the interval.</summary>
    public string? HighColumn { get; init; }

    /// <summary>Text column that groups zones (such as country): a zone without a value is marked so only where another
    /// of its group has one, and is left to the basemap elsewhere. Null marks all.</summary>
    public string? NoValueGroup { get; init; }

    /// <summary>Legend words for zones without a value; null for the catalogue's.</summary>
    public string? NoValueWords { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => LowColumn is null || HighColumn is null ? [Column] : [Column, LowColumn, HighColumn];

    /// <summary>The classes in force: the given ones, or those computed from the rows.</summary>
    public Classes ClassesInForce()
    {
        if (Classes is not null) return Classes;
        var column = Source.Layer[Column];
        var values = Rows().Select(column.Number);
        return Palette.IsDiverging ? Classification.Signed(values) : Classification.Of(values, Method, ClassCount);
    }

    /// <summary>Rows drawn: those selected, without the empty ones of empty groups.</summary>
    internal IReadOnlyList<int> RowsInForce()
    {
        var rows = Rows();
        if (NoValueGroup is null) return rows;
        var (group, column) = (Source.Layer[NoValueGroup], Source.Layer[Column]);
        var known = rows.Where(r => !double.IsNaN(column.Number(r))).Select(group.TextAt).ToHashSet(StringComparer.Ordinal);
        return rows.Where(r => known.Contains(group.TextAt(r))).ToArray();
    }

    internal override void Draw(MapScene scene)
    {
        var classes = ClassesInForce();
        var colours = Palette.Colours(classes.Count);
        var column = Source.Layer[Column];
        var (drawn, pointlike, shapeless) = (0, 0, 0);
        var rows = RowsInForce();
        foreach (var row in rows)
        {
            if (scene.PathAt(Source.Layer, row) is not { } path)
            {
                pointlike += Source.Layer.GeometryAt(row) is NetTopologySuite.Geometries.IPuntal ? 1 : 0;
                shapeless += Source.Layer.GeometryAt(row) is null or { IsEmpty: true } ? 1 : 0;
                continue;
            }
            var value = column.Number(row);
            var place = classes.Of(value);
            Zone(scene, path, place == -2 ? scene.Style.NoValue : place == -1 ? ZeroColour : colours[place], PatternOf(classes, place));
            if (IsUncertain(row, classes)) PatternFill.Draw(scene.Ink.Canvas, path, Pattern.Uncertain);
            drawn++;
        }
        foreach (var row in rows)
        {
            if (scene.PathAt(Source.Layer, row) is { } path) Outline(scene, path);
        }
        if (pointlike > 0) scene.Ink.Note($"GH6005 {pointlike} rows of '{Source.Layer.Name}' are points: draw them as symbols");
        if (shapeless > 0) scene.Ink.Note($"GH6013 {shapeless} rows of '{Source.Layer.Name}' have no shape and are not drawn");
        if (drawn == 0) scene.Ink.Note($"GH6006 no zone of '{Source.Layer.Name}' lies in the map");
    }

    internal override IEnumerable<LegendBlock> Legend(MapScene scene)
    {
        var (classes, words) = (ClassesInForce(), scene.Words);
        var colours = Palette.Colours(classes.Count);
        var swatches = new List<Swatch>();
        var column = Source.Layer[Column];
        var values = RowsInForce().Select(column.Number).ToArray();
        if (classes.ZeroApart) swatches.Add(new Swatch(ZeroColour, Pattern.None, words.Number(0)));
        for (var k = 0; k < classes.Count; k++) swatches.Add(new Swatch(colours[k], PatternOf(classes, k), RangeWords(classes, k, values, words)));
        if (Palette.IsDiverging) swatches.Reverse();
        if (LowColumn is not null && Rows().Any(r => IsUncertain(r, classes)))
            swatches.Add(new Swatch(scene.Style.Paper, Pattern.None, words["map.uncertainSign"], Pattern.Uncertain));
        if (values.Any(double.IsNaN)) swatches.Add(new Swatch(scene.Style.NoValue, Pattern.NoValue, NoValueWords ?? words["map.noValue"]));
        yield return new SwatchLegend(Title, swatches);
    }

    private const string ZeroColour = "#FFFFFF";

    // Where the value counts as "about the same", the interval must reach beyond that on both sides to be worth a word.
    private bool IsUncertain(int row, Classes classes)
    {
        if (LowColumn is null || HighColumn is null) return false;
        var middle = classes.Breaks.Count / 2;
        var about = classes.Breaks.Count % 2 == 0 && classes.Breaks.Count > 0 && classes.Of(Source.Layer[Column].Number(row)) == middle ? classes.Breaks[middle] : 0;
        return Source.Layer[LowColumn].Number(row) < -about && Source.Layer[HighColumn].Number(row) > about;
    }

    private Pattern PatternOf(Classes classes, int place) => place == -2 ? Pattern.NoValue
        : Palette.IsDiverging && place >= 0 && place < classes.Breaks.Count && classes.Breaks[place] < 0 ? Pattern.Horizontal
        : Pattern.None;

    private string RangeWords(Classes classes, int k, double[] values, Wording words)
    {
        var breaks = classes.Breaks;
        var signed = Palette.IsDiverging;
        if (breaks.Count == 0) return RangeOfAll(values, words, signed);
        if (signed && breaks.Count % 2 == 0 && k == breaks.Count / 2) return words.Format("map.aboutSame", words.Number(breaks[k]));
        if (k == 0) return signed ? words.Format("map.orLess", words.Number(breaks[0], true)) : words.Format("map.upTo", words.Number(breaks[0]));
        if (k == breaks.Count) return words.Format("map.over", words.Number(breaks[^1], signed));
        return $"{words.Number(breaks[k - 1], signed)} {words["map.to"]} {words.Number(breaks[k], signed)}";
    }

    private static string RangeOfAll(double[] values, Wording words, bool signed)
    {
        var finite = values.Where(v => double.IsFinite(v) && v != 0).ToArray();
        if (finite.Length == 0) return words["map.noChange"];
        var (low, high) = (finite.Min(), finite.Max());
        return low == high ? words.Number(low, signed) : $"{words.Number(low, signed)} {words["map.to"]} {words.Number(high, signed)}";
    }
}
