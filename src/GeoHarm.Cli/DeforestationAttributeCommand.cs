using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Engine.Publication;
using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm deforestation attribute: three rules for coca's share of loss, side by side, never one number.</summary>
internal static class DeforestationAttributeCommand
{
    private static readonly string[] Caveats =
    [
        "Loss near coca is association, not causation; published shares run from 13 % of loss to 4 ha felled per hectare of coca.",
        "Three rules side by side: none of them is the answer alone.",
    ];

    public static Command Build()
    {
        var inputs = new DeforestationInputs();
        var coca = new Option<string>("--coca") { Description = "Polygons with hectares of coca by year (columns such as coca_2016)", Required = true };
        var yearColumn = new Option<string?>("--coca-year") { Description = "Column of years, where each row is a polygon and year" };
        var areaColumn = new Option<string?>("--coca-area") { Description = "With --coca-year: column of hectares" };
        var distance = new Option<string>("--distance") { Description = "Distances of the proximate rule, km, rising", DefaultValueFactory = _ => "1,2,5" };
        var windows = new Option<string>("--windows") { Description = "Years of coca that count for a loss, FROM:TO relative to its year; the first is the main one, the others give the interval", DefaultValueFactory = _ => "0:1,0:0,-1:1,-2:2" };
        var second = DeforestationInputs.Within();
        var biome = DeforestationInputs.Biome();
        var audience = new Option<Audience>("--audience") { Description = "public: places of 25 km2 and 10 records or more, rounded to 10 ha; analyst: not rounded; steward: all" };
        var asOf = new Option<DateOnly>("--as-of") { Description = "Date against which the age of coca years is measured (default: today)", DefaultValueFactory = _ => DateOnly.FromDateTime(DateTime.Today) };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draws of priors", DefaultValueFactory = _ => 1 };
        return CommandLine.Verb(
            "attribute", "How much loss is coca's by the direct, proximate and associated rules, side by side",
            ["geoharm deforestation attribute --lossyear lossyear.tif --treecover treecover2000.tif --coca grid.gpkg --zones municipalities.gpkg --id code --distance 1,5 --within protected=runap.gpkg:name --out rules.csv rules.png"],
            [.. inputs.All, coca, yearColumn, areaColumn, distance, windows, second, biome, audience, asOf, seed],
            (parse, terminal, cancel) =>
            {
                var job = new Job(
                    parse.GetValue(coca)!, parse.GetValue(yearColumn), parse.GetValue(areaColumn), Distances(parse.GetValue(distance)!), Windows(parse.GetValue(windows)!),
                    [.. (parse.GetValue(second) ?? []).Select(Key)], parse.GetValue(biome)!, parse.GetValue(audience), parse.GetValue(asOf));
                return Run(inputs, parse, job, new ForestFactors(parse.GetValue(seed)), terminal, cancel);
            });
    }

    private static int Run(DeforestationInputs inputs, ParseResult parse, Job job, ForestFactors factors, Terminal terminal, CancellationToken cancel)
    {
        var files = inputs.Files(parse, ".csv", ".gpkg", ".png");
        var carbon = factors.Carbon(job.Biome);
        var clock = Stopwatch.StartNew();
        var loss = inputs.Open(parse);
        var record = ReadCoca(job, loss, terminal, out var polygons);
        var years = inputs.AskedYears(parse) ?? (Math.Max(LossTiles.Epoch + 1, record.Years[0] - job.Windows.Max(w => w.To)), record.Years[^1] - job.Windows.Min(w => w.From));
        if ((years.Last - years.First + 1) * (job.Kilometres.Length + 2) > AttributedLoss.MostCodes) throw Problem.Usage($"{years.Last - years.First + 1} years and {job.Kilometres.Length} distances are more than one pass can tell apart; give fewer with --years or --distance.");
        if (inputs.AskedYears(parse) is { } asked) DeforestationInputs.RequireYears(loss, asked.First, asked.Last, terminal, cancel);
        var zones = inputs.ReadZones(parse, loss);
        var cells = new CultivationCells(loss.Raster.Grid, polygons, record.Bits());
        var options = new ZonalOptions { Areas = loss.Areas, Threads = Math.Clamp(parse.GetValue(inputs.Threads), 1, 256) };
        var passes = job.Windows.Select(w => Pass(w, zones)).ToArray();
        var main = passes[0];
        foreach (var fault in main.Faults) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        var seconds = job.Keys.Select(k => (k.Name, Accounts: Second(k))).ToArray();
        var places = Places(zones, polygons, record, main, years, loss.First.Reference.MetresPerUnit, cancel);
        var shown = CultivationDisclosure.Shown(places.Sums, [.. main.Zones.Select(z => z.AreaHa)], job.Audience, DisclosureRules.Default);
        var total = places.Sums.Aggregate(default(CellSum), (a, b) => a + b);
        if (job.Audience != Audience.Steward && !total.IsEmpty && !(total.IsSafe(DisclosureRules.Default) && CultivationDisclosure.IsLarge(main.Zones.Sum(z => z.AreaHa), DisclosureRules.Default)))
        {
            if (files.Length > 0) throw Problem.UseNotSupported("The whole area rests on too few records of coca, or is smaller than a cell of 5 km: its figures may not be written for others. Take a larger area, or write them as their steward (--audience steward).");
            terminal.Warn(new Fault(FaultSeverity.Warning, "GH5726", Path.GetFileName(job.Coca), "", $"the totals rest on {total.Contributors} records or a place below 25 km2: they are for you alone", "take a larger area before you show them to others"));
        }
        var rules = Rules(passes, job, places.GainedHa, record.Years.Count > 1 && (job.YearColumn is null || job.AreaColumn is not null), factors, carbon);
        var table = new AttributionTable(job.Kilometres, job.Windows, job.Audience, main, passes, places.Sums, shown, seconds);
        if (!terminal.Strict || terminal.Warnings.Count == 0)
        {
            foreach (var file in files) Write(file, parse.GetValue(inputs.Force), table, zones, files, terminal);
        }
        terminal.Result(
            new
            {
                rules, allLossHa = main.Total(main.Classes - 1), firstYear = years.First, lastYear = years.Last,
                years = Enumerable.Range(0, main.Years).Select(y => new { year = years.First + y, direct = main.Total(0, y), proximate = job.Kilometres.Select((km, k) => new { distanceKm = km, areaHa = main.Total(k + 1, y) }), allLossHa = main.Total(main.Classes - 1, y) }),
                sensitivity = table.Sensitivity(), zones = table.ZoneRows(), within = table.SecondRows(),
                heldBack = shown.Count(s => !s), cocaYears = record.Years, carbonFactor = factors["carbon_" + job.Biome], associated = new[] { factors["forest_share"], factors["associated_clearing"] },
                caveats = Caveats, seconds = clock.Elapsed.TotalSeconds, peakMemoryMb = DeforestationInputs.PeakMemoryMb(), files, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                foreach (var rule in rules) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rule.Rule}{(rule.DistanceKm is { } km ? $" {km} km" : "")}  {rule.AreaHa.Value:F0} ha ({rule.AreaHa.Low:F0} to {rule.AreaHa.High:F0}), {100 * rule.Share:F1} % of {main.Total(main.Classes - 1):F0} ha lost"));
                foreach (var caveat in Caveats) writer.WriteLine(caveat);
            });
        return ExitCode.Ok;

        AttributionAccounts Pass(YearWindow window, ZonePolygons places) => AttributionAccounts.Of(
            new AttributedLoss(loss.Raster, cells, new CellMetres(loss.Raster.Grid, loss.First.Reference.IsGeographic, loss.First.Reference.MetresPerUnit), [.. job.Kilometres.Select(km => km * 1000)], window, years.First, years.Last),
            places, years.First, years.Last, options, new PassProgress("attribute", terminal), cancel);

        AttributionAccounts Second((string Name, string File, string? Field) key)
        {
            var within = GdalZones.Read(key.File, key.Field, loss.First.Reference);
            var overlay = IntersectionAreas.Compute(zones, within, loss.First.Reference.MetresPerUnit, null, cancel);
            foreach (var fault in within.Faults.Concat(overlay.Faults)) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
            var pairs = IntersectionLayer.Of("within", zones, within, overlay, cancellation: cancel);
            var ids = Column.Text("id", Enumerable.Range(0, pairs.RowCount).Select(r => pairs["a"].TextAt(r) + AttributionTable.Separator + pairs["b"].TextAt(r)));
            return Pass(job.Windows[0], ZonePolygons.Of(pairs.WithColumns([ids]), "id", loss.First.Reference.IsGeographic));
        }
    }

    private static CultivationRecord ReadCoca(Job job, LossRaster loss, Terminal terminal, out ZonePolygons polygons)
    {
        var warnings = new List<Fault>();
        var layer = VectorFile.Read(job.Coca, null, warnings);
        foreach (var warning in warnings) terminal.Warn(warning);
        polygons = GdalZones.Read(job.Coca, null, loss.First.Reference);
        foreach (var fault in polygons.Faults) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        if (polygons.Count != layer.RowCount) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5724", Path.GetFileName(job.Coca), "", $"{layer.RowCount} rows but {polygons.Count} polygons", "give one layer of polygons with one row each")]);
        var record = CultivationRecord.Of(layer, Path.GetFileName(job.Coca), job.YearColumn, job.AreaColumn);
        if (job.Audience == Audience.Steward) return record;
        var old = record.Where(y => DisclosureRules.Default.IsOldEnough(y, job.AsOf));
        if (old.Years.Count == 0) throw Problem.UseNotSupported($"No year of the coca layer has been closed for {DisclosureRules.Default.LeastAgeMonths} months on {job.AsOf:yyyy-MM-dd}; read it as its steward (--audience steward).");
        if (old.Years.Count < record.Years.Count) terminal.Warn(new Fault(FaultSeverity.Warning, "GH5725", Path.GetFileName(job.Coca), "", $"{string.Join(", ", record.Years.Except(old.Years))} are too young to be shown and left out", "wait until the year has been closed for 12 months, or read them as their steward (--audience steward)"));
        return old;
    }

    /// <summary>What each zone holds of the coca record: a polygon counts where any of it lies, its hectares by its share of area.</summary>
    private static (CellSum[] Sums, double GainedHa) Places(ZonePolygons zones, ZonePolygons polygons, CultivationRecord record, AttributionAccounts main, (int First, int Last) years, double metresPerUnit, CancellationToken cancel)
    {
        var pairs = IntersectionAreas.Compute(polygons, zones, metresPerUnit, null, cancel).Pairs;
        var whole = new double[polygons.Count];
        foreach (var pair in pairs) whole[pair.A] += pair.SquareMetres;
        var at = main.Zones.Select((z, i) => (z.Zone, i)).ToDictionary(p => p.Zone, p => p.i);
        var (sums, gained) = (new CellSum[at.Count], 0.0);
        foreach (var pair in pairs)
        {
            if (!at.TryGetValue(pair.B, out var zone)) continue;
            var share = pair.SquareMetres / whole[pair.A];
            var centre = ZoneGeometry.Of(polygons, pair.A).Centroid;
            sums[zone] += CellSum.Record(Enumerable.Range(0, record.Years.Count).Max(y => record.Hectares(pair.A, y)) * share, CellKeyRounding.KeyOf(centre.X, centre.Y));
            gained += record.Gained(pair.A, years.First, years.Last) * share;
        }
        return (sums, gained);
    }

    private static List<RuleArea> Rules(AttributionAccounts[] passes, Job job, double gainedHa, bool hasAreas, ForestFactors factors, double[] carbon)
    {
        var all = passes[0].Total(passes[0].Classes - 1);
        var rules = new List<RuleArea>();
        for (var k = 0; k <= job.Kilometres.Length; k++)
        {
            var nearness = k;
            var values = passes.Select(p => p.Total(nearness)).ToArray();
            rules.Add(Of(k == 0 ? "direct" : "proximate", k == 0 ? null : job.Kilometres[k - 1], new Interval(values[0], values.Min(), values.Max())));
        }
        if (hasAreas) rules.Add(Of("associated", null, AssociatedClearing.Times(gainedHa, factors.Draws("forest_share"), factors.Draws("associated_clearing"))));
        return rules;

        RuleArea Of(string rule, double? km, Interval area)
        {
            var tonnes = AssociatedClearing.Times(area.Value, carbon);
            return new RuleArea(rule, km, area, all > 0 ? area.Value / all : double.NaN, tonnes);
        }
    }

    private static void Write(string file, bool force, AttributionTable table, ZonePolygons zones, IReadOnlyList<string> files, Terminal terminal)
    {
        if (file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            PanelInputs.WriteCsv(file, force, AttributionTable.CsvHeader, table.CsvRows());
            return;
        }
        if (file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            var curve = PublishedLayer.Open(table.Curve(Caveats));
            PictureFile.Write(
                new PictureSpec
                {
                    Name = "attribution", Title = "Loss within a distance of coca", Subtitle = "Hectares by distance in km, 0 in the coca cell; band: windows of years", Language = terminal.Language,
                    Credits = new Credits { IsScenario = false, Caveats = Caveats },
                    Panels = [new FanChart(curve, "distance_km", "area_ha") { Bands = [new FanBand("low_ha", "high_ha", "windows")], Unit = "ha" }],
                },
                file, force, terminal, files);
            return;
        }
        using var target = new OutputFile(file, force);
        target.Write(PublishedLayer.Open(table.ToLayer(zones, Caveats)));
        target.Commit();
    }

    private static double[] Distances(string text)
    {
        var distances = PanelInputs.List(text).Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var km) && km > 0 && km <= 50 ? km : throw Problem.Usage($"'{t}' is no distance from 0 to 50 km.")).ToArray();
        return distances.Length > 0 && distances.Zip(distances.Skip(1)).All(p => p.First < p.Second) ? distances : throw Problem.Usage("--distance takes rising distances, such as 1,2,5.");
    }

    private static YearWindow[] Windows(string text)
    {
        var windows = PanelInputs.List(text).Select(t =>
        {
            var parts = t.Split(':');
            return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var from) && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var to) && from <= to
                ? new YearWindow(from, to) : throw Problem.Usage($"'{t}' is no window of years; write 0:1 or -1:1.");
        }).ToArray();
        return windows.Length > 0 ? windows : throw Problem.Usage("--windows takes at least one window, such as 0:1.");
    }

    /// <summary>A second key as the command line gives it: NAME=FILE or NAME=FILE:FIELD.</summary>
    public static (string Name, string File, string? Field) Key(string text)
    {
        var (equals, colon) = (text.IndexOf('=', StringComparison.Ordinal), text.LastIndexOf(':'));
        if (equals <= 0) throw Problem.Usage($"'{text}' is no second key; write protected=FILE:FIELD.");
        return colon > equals && !File.Exists(text[(equals + 1)..]) ? (text[..equals], text[(equals + 1)..colon], text[(colon + 1)..]) : (text[..equals], text[(equals + 1)..], null);
    }

    internal sealed record RuleArea(string Rule, double? DistanceKm, Interval AreaHa, double Share, Interval TonnesCo2e);

    private sealed record Job(string Coca, string? YearColumn, string? AreaColumn, double[] Kilometres, YearWindow[] Windows, (string Name, string File, string? Field)[] Keys, string Biome, Audience Audience, DateOnly AsOf);
}
