using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>Charts of an analysis as pictures with title, credits, and an alternative text made from the numbers.</summary>
public static class ChartPictures
{
    /// <summary>Tornado: which assumption moves an outcome of a scenario most.</summary>
    /// <param name="swings">Table: input, at_low, at_high.</param>
    /// <param name="central">Outcome with every assumption at its median.</param>
    /// <param name="outcome">Key of the outcome, such as cocaHa.</param>
    /// <param name="isChange">Whether the outcome is the change against the baseline.</param>
    /// <param name="context">Scenario, credits, language.</param>
    public static PictureSpec Tornado(PublishedLayer swings, double central, string outcome, bool isChange, PictureContext context)
    {
        var words = Wording.In(context.Language);
        var layer = swings.Layer;
        var noun = isChange ? words.Format("map.changeOf", words["measure." + outcome]) : words["measure." + outcome];
        var unit = words["unit." + outcome];
        double Width(int row) => Math.Abs(layer["at_high"].Number(row) - layer["at_low"].Number(row));
        var order = Enumerable.Range(0, layer.RowCount).Where(r => Width(r) > 0).OrderByDescending(Width).ThenBy(r => r).ToArray();
        var widest = order.Take(3).Select(r => $"{layer["input"].TextAt(r)} ({words.Number(layer["at_low"].Number(r))} {words["map.to"]} {words.Number(layer["at_high"].Number(r))} {unit})").ToArray();
        return new PictureSpec
        {
            Name = "tornado", Language = context.Language, Credits = context.Credits, Size = new PictureSize(842, 190 + 26 * Math.Clamp(order.Length, 4, 15)),
            Title = order.Length == 0 ? words.Format("tornado.none", noun) : words.Format("tornado.title", noun, layer["input"].TextAt(order[0])!),
            Subtitle = words.Format("tornado.subtitle", context.Scenario, order.Length),
            AltText = words.Format("tornado.alt", noun, words.Number(central), unit, widest.Length == 0 ? words["report.none"] : string.Join("; ", widest)),
            Panels = [new TornadoChart(swings, "input", "at_low", "at_high", central) { Rows = order, Unit = $"{noun}, {unit}" }],
        };
    }

    /// <summary>Specification curve: every variant of an estimate, and how far they agree.</summary>
    /// <param name="variants">Table: value, low, high, and text columns with the choices.</param>
    /// <param name="coefficient">Name of the coefficient, as in the table of estimates.</param>
    /// <param name="choices">Text columns with the choices.</param>
    /// <param name="context">Scenario (here: the outcome that was estimated), credits, language.</param>
    public static PictureSpec Specifications(PublishedLayer variants, string coefficient, IReadOnlyList<string> choices, PictureContext context)
    {
        var words = Wording.In(context.Language);
        var layer = variants.Layer;
        var values = Enumerable.Range(0, layer.RowCount).Select(layer["value"].Number).Where(double.IsFinite).Order().ToArray();
        var negative = values.Count(v => v < 0);
        return new PictureSpec
        {
            Name = "curve", Language = context.Language, Credits = context.Credits, Size = new PictureSize(1000, 560),
            Title = words.Format("curve.title", coefficient, words.Percent(values.Length == 0 ? 0 : Math.Max(negative, values.Length - negative) / (double)values.Length), values.Length),
            Subtitle = words.Format("curve.subtitle", context.Scenario),
            AltText = values.Length == 0 ? words["chart.empty"] : words.Format("curve.alt", values.Length, coefficient, words.Number(values[0], true), words.Number(values[^1], true), words.Number(values[values.Length / 2], true), negative),
            Panels = [new SpecificationCurve(variants, "value", "low", "high", choices) { Unit = words["curve.unit"] }],
        };
    }
}
