using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm deforestation patches: sizes, shapes, growth and clusters of clearings by zone or 5 km cell, never one by one.</summary>
internal static class DeforestationPatchesCommand
{
    private const double LeastCellKm = 5;
    private static readonly string[] Caveats = ["Patches of loss of any cause; a cluster is not evidence of coca.", "Counts by place; no single patch is shown."];

    public static Command Build()
    {
        var inputs = new DeforestationInputs();
        var cell = new Option<double>("--cell-km") { Description = "Without --zones: side of the cells, km, 5 or more", DefaultValueFactory = _ => LeastCellKm };
        var least = new Option<double>("--least-ha") { Description = "Smallest patch that counts towards shape and distance", DefaultValueFactory = _ => 1 };
        var within = new Option<string?>("--within") { Description = "Polygons, such as protected areas, whose share of the hectares is given" };
        var permutations = new Option<int>("--permutations") { Description = "Draws behind the clusters", DefaultValueFactory = _ => 999 };
        return CommandLine.Verb(
            "patches", "Patches of loss by zone or 5 km cell: number, hectares, sizes, shape, growth, distance, clusters",
            ["geoharm deforestation patches --lossyear lossyear.tif --within runap.gpkg --out patches.csv patches.gpkg patches.png", "geoharm deforestation patches --lossyear lossyear.tif --zones municipalities.gpkg --id code --years 2015-2023"],
            [.. inputs.All, cell, least, within, permutations],
            (parse, terminal, cancel) =>
            {
                if (!(parse.GetValue(cell) >= LeastCellKm)) throw Problem.UseNotSupported($"Patches are reported by cells of {LeastCellKm} km or more: smaller ones would point at single clearings.");
                if (!(parse.GetValue(least) >= 0) || parse.GetValue(permutations) < 99) throw Problem.Usage("--least-ha is 0 or more, --permutations 99 or more.");
                return Run(inputs, parse, new Job(parse.GetValue(cell), parse.GetValue(least), parse.GetValue(within), parse.GetValue(permutations)), terminal, cancel);
            });
    }

    private static int Run(DeforestationInputs inputs, ParseResult parse, Job job, Terminal terminal, CancellationToken cancel)
    {
        var files = inputs.Files(parse, ".csv", ".gpkg", ".png");
        var clock = Stopwatch.StartNew();
        var loss = inputs.Open(parse);
        var asked = inputs.AskedYears(parse);
        if (asked is { } given) DeforestationInputs.RequireYears(loss, given.First, given.Last, terminal, cancel);
        var years = asked ?? (LossTiles.Epoch + 1, LossTiles.LastYear);
        var (geographic, unit) = (loss.First.Reference.IsGeographic, loss.First.Reference.MetresPerUnit);
        var places = parse.GetValue(inputs.Zones) is null ? PatchPlaces.Cells(loss.Raster.Grid, geographic, unit, job.CellKm) : PatchPlaces.Zones(inputs.ReadZones(parse, loss));
        var small = Enumerable.Range(0, places.Ids.Count).Count(p => places.Shapes[p].IsEmpty);
        if (small > 0) terminal.Warn(new Fault(FaultSeverity.Warning, "GH5730", parse.GetValue(inputs.Zones)!, $"{small} zones", "They cannot be used and hold no patch.", "Mend the geometry (QGIS: Vector geometry > Fix geometries)."));
        var second = job.Within is null ? null : new PointsInPolygons(GdalZones.Read(job.Within, null, loss.First.Reference));
        var report = PatchReport.Of(
            loss.Raster, loss.Areas, new CellMetres(loss.Raster.Grid, geographic, unit), new PatchReportOptions(years.First, years.Last, job.LeastHa), places.Of,
            second is null ? null : (x, y) => second.Find(x, y) >= 0, cancel);
        var clusters = Clusters(places, report, job);
        var last = Math.Max(0, report.YearPatches.Select((n, i) => n > 0 ? i : -1).Max());
        var layer = ToLayer(places, report, clusters);
        if (!terminal.Strict || terminal.Warnings.Count == 0)
        {
            foreach (var file in files) Write(file, parse.GetValue(inputs.Force), layer, loss, files, terminal);
        }
        terminal.Result(
            new
            {
                patches = report.YearPatches.Sum(), hectares = report.YearHectares.Sum(),
                years = Enumerable.Range(0, asked is null ? last + 1 : report.YearPatches.Count).Select(y => new { year = years.First + y, patches = report.YearPatches[y], hectares = report.YearHectares[y] }),
                sizeLimitsHa = PatchReport.SizeLimitsHa,
                places = report.Places.Select(p => new
                {
                    id = places.Ids[p.Place], p.Patches, p.Hectares, p.LargestHa, p.SizeClasses, p.MeanCompactness, p.GrownShare, p.NearestKm, p.WithinShare, cluster = clusters[p.Place],
                }),
                caveats = Caveats, seconds = clock.Elapsed.TotalSeconds, peakMemoryMb = DeforestationInputs.PeakMemoryMb(), files, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.YearPatches.Sum()} patches, {report.YearHectares.Sum():F0} ha, in {report.Places.Count} places"));
                foreach (var p in report.Places.OrderByDescending(p => p.Hectares).Take(20)) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{places.Ids[p.Place]}  {p.Patches} patches  {p.Hectares:F0} ha  largest {p.LargestHa:F1} ha  compactness {p.MeanCompactness:F2}  grown {100 * p.GrownShare:F0} %  {clusters[p.Place]}"));
                foreach (var caveat in Caveats) writer.WriteLine(caveat);
            });
        return ExitCode.Ok;
    }

    /// <summary>Hot and cold places by Gi* of the hectares in patches, false discoveries controlled.</summary>
    private static string[] Clusters(PatchPlaces places, PatchReport report, Job job)
    {
        var hectares = new double[places.Ids.Count];
        foreach (var p in report.Places) hectares[p.Place] = p.Hectares;
        if (hectares.Distinct().Count() < 2) return [.. hectares.Select(_ => "none")];
        var result = GetisOrd.Test(hectares, places.Weights(), new LocalOptions { Draws = new PermutationOptions { Permutations = job.Permutations } });
        return [.. result.Clusters.Select(c => c switch { SpatialCluster.HighHigh => "hot", SpatialCluster.LowLow => "cold", _ => "none" })];
    }

    private static PublishedLayer ToLayer(PatchPlaces places, PatchReport report, string[] clusters)
    {
        var found = report.Places;
        var columns = new List<Column>
        {
            Column.Text("place", found.Select(p => places.Ids[p.Place])), Column.Integer("patches", found.Select(p => (long?)p.Patches)), Column.Real("patch_ha", found.Select(p => p.Hectares), "ha"),
            Column.Real("largest_ha", found.Select(p => p.LargestHa), "ha"), Column.Real("compactness", found.Select(p => p.MeanCompactness)), Column.Real("grown_share", found.Select(p => p.GrownShare)),
            Column.Real("nearest_km", found.Select(p => p.NearestKm), "km"), Column.Real("within_share", found.Select(p => p.WithinShare)), Column.Text("cluster", found.Select(p => clusters[p.Place])),
        };
        for (var s = 0; s <= PatchReport.SizeLimitsHa.Count; s++)
        {
            var size = s;
            var name = s == PatchReport.SizeLimitsHa.Count ? $"above_{PatchReport.SizeLimitsHa[^1]}_ha" : $"below_{PatchReport.SizeLimitsHa[s]}_ha";
            columns.Add(Column.Integer(name, found.Select(p => (long?)p.SizeClasses[size])));
        }
        return PublishedLayer.Open(new Layer("patches", columns, [.. found.Select(p => places.Shapes[p.Place])], places.Crs, title: "Patches of tree cover loss", caveats: Caveats));
    }

    private static void Write(string file, bool force, PublishedLayer layer, LossRaster loss, IReadOnlyList<string> files, Terminal terminal)
    {
        if (file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            var values = Enumerable.Range(0, layer.Layer.RowCount).Select(layer.Layer["patch_ha"].Number);
            PictureFile.Write(
                new PictureSpec
                {
                    Name = "patches", Title = layer.Layer.Title, Subtitle = "Hectares by place, all years", Language = terminal.Language,
                    Credits = new Credits { Source = string.Join(", ", loss.Tiles.Select(t => t.Name)), IsScenario = false, Caveats = Caveats },
                    Panels = [new MapSpec { Layers = [new Choropleth(layer, "patch_ha", "ha") { Classes = Classification.Of(values, ClassMethod.Quantile, 6), Palette = Palette.All["green"] }] }],
                },
                file, force, terminal, files);
            return;
        }
        using var target = new OutputFile(file, force);
        target.Write(layer);
        target.Commit();
    }

    private sealed record Job(double CellKm, double LeastHa, string? Within, int Permutations);
}
