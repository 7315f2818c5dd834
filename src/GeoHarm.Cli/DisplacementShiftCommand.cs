using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>Shift metrics of a panel: totals, centre, spread, Moran's I; gain, loss, net, swap; permutation tests.</summary>
internal static class DisplacementShiftCommand
{
    public static Command Build()
    {
        var inputs = new PanelInputs();
        inputs.Out.Description = "CSV file, or GeoPackage with the centre of each year";
        var years = new Option<string?>("--years") { Description = "Years used, 2001-2017 (default: all)" };
        var permutations = new Option<int>("--permutations") { Description = "Permutations of the tests between the first and the last year, 0 for none", DefaultValueFactory = _ => 999 };
        return CommandLine.Verb(
            "shift", "Where hectares were, and how they moved: totals, centres, gain, loss, net, swap",
            ["geoharm displacement shift --panel coca.csv --unit divipola --time year --value coca_ha --zones municipalities.shp --zone-id DPTO+MPIO"],
            [inputs.Panel, inputs.Unit, inputs.Time, inputs.Value, inputs.Zones, inputs.ZoneId, inputs.Crs, inputs.Layer, inputs.Merge, years, permutations, inputs.Seed, inputs.Threads, inputs.Out, inputs.Force],
            (parse, terminal, _) => Run(parse, terminal, inputs, PanelInputs.Years(parse.GetValue(years)), parse.GetValue(permutations)));
    }

    private static int Run(ParseResult parse, Terminal terminal, PanelInputs inputs, (int, int)? years, int permutations)
    {
        if (permutations is not 0 and (< 99 or > 1_000_000)) throw Problem.Usage("--permutations is 0 or runs from 99 to 1000000.");
        using var target = parse.GetValue(inputs.Out) is { } file ? new OutputFile(file, parse.GetValue(inputs.Force)) : null;
        var value = parse.GetValue(inputs.Value)!;
        var all = inputs.ReadPanel(parse, [value], missingIsZero: true, years);
        var zones = inputs.ReadZones(parse, terminal);
        var placed = zones is null ? null : inputs.ReadPanel(parse, [value], missingIsZero: true, (all.FirstYear, all.LastYear), zones.Codes);
        var weights = zones is null ? null : PanelInputs.Weights("queen", zones);
        if (placed is { Unmatched.Count: > 0 }) WarnUnmatched(parse, terminal, inputs, all, placed, value);
        if (weights is not null) PanelInputs.WarnIslands(weights, zones!, parse.GetValue(inputs.Zones)!, terminal);
        var shifts = Enumerable.Range(all.FirstYear, all.YearCount).Select(year => OfYear(all, placed, zones, weights, value, year)).ToArray();
        var changes = Enumerable.Range(all.FirstYear, all.YearCount - 1).Select(y => ShiftMetrics.Change(y, y + 1, all.Year(value, y), all.Year(value, y + 1))).ToList();
        if (all.YearCount > 2) changes.Add(ShiftMetrics.Change(all.FirstYear, all.LastYear, all.Year(value, all.FirstYear), all.Year(value, all.LastYear)));
        ShiftTest? test = null;
        if (placed is { YearCount: > 1 } && permutations > 0)
        {
            var draws = new PermutationOptions { Permutations = permutations, Seed = parse.GetValue(inputs.Seed), Threads = Math.Clamp(parse.GetValue(inputs.Threads), 1, 256) };
            test = ShiftMetrics.Test(placed.Year(value, placed.FirstYear), placed.Year(value, placed.LastYear), zones!.X, zones.Y, weights!, draws);
        }
        var leakage = all.YearCount < 2 ? null : LeakageBetween.Of(all.Units, all.FirstYear, all.LastYear, all.Year(value, all.FirstYear), all.Year(value, all.LastYear));
        var breaks = Breaks(all, value, parse.GetValue(inputs.Seed));
        if (target is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            target.Write(PublishedLayer.Open(Table(shifts, changes, zones)));
            target.Commit();
        }
        terminal.Result(
            new { years = shifts, change = changes, test, leakage = leakage is null ? null : Leakage(leakage, all.Units.Count), breaks, crs = zones?.System, unmatched = placed?.Unmatched, faults = terminal.Warnings.Select(Terminal.FaultForm) },
            writer => Print(writer, shifts, changes, test, leakage, breaks));
        return ExitCode.Ok;
    }

    /// <summary>Totals over all units of the panel; places over those that have a zone.</summary>
    private static YearShift OfYear(UnitPanel all, UnitPanel? placed, ZoneSet? zones, SpatialWeights? weights, string value, int year)
    {
        var everywhere = all.Year(value, year);
        double[] nowhere = new double[everywhere.Length];
        var totals = ShiftMetrics.OfYear(year, everywhere, nowhere, nowhere, null);
        if (placed is null || year < placed.FirstYear || year > placed.LastYear) return totals with { CentreX = double.NaN, CentreY = double.NaN, StandardDistance = double.NaN };
        return ShiftMetrics.OfYear(year, placed.Year(value, year), zones!.X, zones.Y, weights) with { Total = totals.Total, EffectiveNumber = totals.EffectiveNumber };
    }

    private static void WarnUnmatched(ParseResult parse, Terminal terminal, PanelInputs inputs, UnitPanel all, UnitPanel placed, string value)
    {
        var index = all.Units.Select((code, i) => (code, i)).ToDictionary(u => u.code, u => u.i);
        var worst = Enumerable.Range(all.FirstYear, all.YearCount).Max(y => placed.Unmatched.Sum(c => index.TryGetValue(c, out var i) ? all.Year(value, y)[i] : 0));
        terminal.Warn(new Fault(
            FaultSeverity.Warning, "GH5515", parse.GetValue(inputs.Panel)!, $"{placed.Unmatched.Count} units",
            string.Create(CultureInfo.InvariantCulture, $"They have no zone and count in totals but not in centres: {string.Join(", ", placed.Unmatched.Take(20))}; at most {worst:F0} in one year."),
            "Add them to a unit that has a zone with --merge CODE=CODE."));
    }

    /// <summary>A row a year with the change since the year before; a point at the centre where zones are given.</summary>
    private static Layer Table(YearShift[] shifts, List<ShiftChange> changes, ZoneSet? zones)
    {
        var before = changes.Where(c => c.To == c.From + 1).ToDictionary(c => c.To);
        Column Of(string name, Func<YearShift, double> value) => Column.Real(name, shifts.Select(value));
        Column Change(string name, Func<ShiftChange, double> value) => Column.Real(name, shifts.Select(s => before.GetValueOrDefault(s.Year) is { } c ? value(c) : double.NaN));
        return new Layer(
            "shift",
            [
                Column.Integer("year", shifts.Select(s => (long?)s.Year)), Of("total", s => s.Total), Of("centre_x", s => s.CentreX), Of("centre_y", s => s.CentreY),
                Of("standard_distance", s => s.StandardDistance), Of("moran", s => s.Moran), Of("effective_number", s => s.EffectiveNumber),
                Change("gain", c => c.Gain), Change("loss", c => c.Loss), Change("net", c => c.Net), Change("swap", c => c.Swap),
            ],
            zones is null ? null : shifts.Select(s => double.IsFinite(s.CentreX) ? new Point(s.CentreX, s.CentreY) : null).ToArray(), zones?.Plane);
    }

    private static void Print(TextWriter writer, YearShift[] shifts, List<ShiftChange> changes, ShiftTest? test, LeakageBetween? leakage, IReadOnlyList<UnitBreak> breaks)
    {
        foreach (var s in shifts) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Year}  total {s.Total:F0}  centre {s.CentreX / 1000:F1} {s.CentreY / 1000:F1} km  spread {s.StandardDistance / 1000:F1} km  Moran {s.Moran:F4}  effective units {s.EffectiveNumber:F1}"));
        foreach (var c in changes) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.From}-{c.To}  gain {c.Gain:F0}  loss {c.Loss:F0}  net {c.Net:F0}  swap {c.Swap:F0}"));
        if (test is not null) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"centre moved {test.CentreShift / 1000:F1} km (p {test.CentreShiftP:F3}); changes alike among neighbours: I {test.ChangeMoran:F3} (p {test.ChangeMoranP:F3}); loss beside gains {test.GainNearLoss:F2} of the mean (p {test.GainNearLossP:F3})"));
        if (leakage is { Loss: > 0 } l) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{l.From}-{l.To}  gained elsewhere {l.Gain:F0} for {l.Loss:F0} lost: leakage {100 * l.Share:F1} %; arithmetic of totals, not a cause"));
        foreach (var b in breaks) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{b.Unit}: trend breaks in {b.Year} (sup F {b.F:F1}, p {b.P:F3})"));
    }

    /// <summary>A break of the total or of a unit, for JSON.</summary>
    private sealed record UnitBreak(string Unit, int Year, double F, double P);

    /// <summary>Breaks of the total, and of each unit where they are few enough to be countries or departments.</summary>
    private static List<UnitBreak> Breaks(UnitPanel all, string value, ulong seed)
    {
        const int few = 60;
        var series = new List<(string Unit, double[] Values)> { ("total", [.. Enumerable.Range(all.FirstYear, all.YearCount).Select(y => all.Year(value, y).Sum())]) };
        if (all.Units.Count <= few) series.AddRange(all.Units.Select((unit, u) => (unit, all.Values(value).Slice(u * all.YearCount, all.YearCount).ToArray())));
        // The logarithm of a trend: a series that touches zero has none.
        return [.. series.Where(s => s.Values.All(v => v > 0)).SelectMany(s => StructuralBreaks.Find(all.FirstYear, Array.ConvertAll(s.Values, Math.Log), new BreakOptions { Seed = seed }).Select(b => new UnitBreak(s.Unit, b.Year, b.F, b.P)))];
    }

    private static object Leakage(LeakageBetween leakage, int units)
    {
        const int few = 60; // a thousand names help nobody
        return new { from = leakage.From, to = leakage.To, gain = leakage.Gain, loss = leakage.Loss, share = leakage.Share, gainers = leakage.Gainers.Take(few), losers = leakage.Losers.Take(few), units, note = "arithmetic of totals, not a cause" };
    }
}
