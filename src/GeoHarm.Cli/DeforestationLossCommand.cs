using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm deforestation loss: hectares lost by zone and year, of any cause.</summary>
internal static class DeforestationLossCommand
{
    public static Command Build()
    {
        var inputs = new DeforestationInputs();
        var cell = new Option<double?>("--cell") { Description = "With a .tif: side of the coarse cells of the density raster, CRS units" };
        var carbon = new Option<string?>("--carbon") { Description = "Biome of the carbon factor: emissions by year too" };
        var seed = new Option<ulong>("--seed") { Description = "With --carbon: seed of the draws", DefaultValueFactory = _ => 1 };
        return CommandLine.Verb(
            "loss", "Hectares of tree cover lost by zone and year, with exact cell fractions on the ellipsoid",
            [
                "geoharm deforestation loss --lossyear lossyear_10N_080W.tif --treecover treecover2000_10N_080W.tif --canopy 30 --zones municipalities.gpkg --id code --out loss.csv loss.gpkg loss.png",
                "geoharm deforestation loss --lossyear a.tif b.tif --cell 0.05 --out density.tif",
            ],
            [.. inputs.All, cell, carbon, seed],
            (parse, terminal, cancel) => Run(inputs, parse, parse.GetValue(cell), parse.GetValue(carbon) is { } biome ? new ForestFactors(parse.GetValue(seed)).Carbon(biome) : null, terminal, cancel));
    }

    private static int Run(DeforestationInputs inputs, ParseResult parse, double? cell, double[]? carbon, Terminal terminal, CancellationToken cancel)
    {
        var files = inputs.Files(parse, ".csv", ".gpkg", ".tif", ".png");
        if (files.Any(f => Is(f, ".tif")) && cell is null) throw Problem.Usage("Give the side of the coarse cells with --cell.");
        var clock = Stopwatch.StartNew();
        var asked = inputs.AskedYears(parse);
        var loss = inputs.Open(parse);
        if (cell is { } side && !(side >= loss.Raster.Grid.CellWidth && side >= loss.Raster.Grid.CellHeight)) throw Problem.Usage($"--cell is not below the raster's own {loss.Raster.Grid.CellWidth.ToString("R", CultureInfo.InvariantCulture)}.");
        if (asked is { } years) DeforestationInputs.RequireYears(loss, years.First, years.Last, terminal, cancel);
        var zones = inputs.ReadZones(parse, loss);
        var read = clock.Elapsed.TotalSeconds;
        var options = new ZonalOptions { Areas = loss.Areas, Threads = Math.Clamp(parse.GetValue(inputs.Threads), 1, 256) };
        var accounts = LossAccounts.Of(loss.Raster, zones, asked, options, new PassProgress("loss", terminal), cancel);
        if (asked is null && loss.Tiles.Count > 1) DeforestationInputs.RequireYears(loss, accounts.FirstYear, accounts.LastYear, terminal, cancel);
        foreach (var fault in accounts.Faults) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        if (!terminal.Strict || terminal.Warnings.Count == 0)
        {
            foreach (var file in files) Write(file, parse.GetValue(inputs.Force), loss, zones, accounts, cell, files, terminal, cancel);
        }
        terminal.Result(
            new
            {
                years = Enumerable.Range(accounts.FirstYear, accounts.Years).Select(y => new { year = y, lossHa = accounts.TotalHa(y - accounts.FirstYear), tonnesCo2e = Tonnes(accounts.TotalHa(y - accounts.FirstYear)) }),
                zones = accounts.Zones.Select(z => new { id = z.Id, forestHa = z.ForestHa, lossHa = z.TotalHa, byYear = z.LossHa.Select((ha, i) => (Year: accounts.FirstYear + i, ha)).ToDictionary(p => p.Year.ToString(CultureInfo.InvariantCulture), p => p.ha) }),
                totalHa = accounts.Zones.Sum(z => z.TotalHa), forestHa = accounts.Zones.Sum(z => z.ForestHa), totalTonnesCo2e = Tonnes(accounts.Zones.Sum(z => z.TotalHa)),
                pixels = accounts.Cells, onEllipsoid = loss.Areas.OnEllipsoid,
                caveats = new[] { "Loss of tree cover of any cause; not deforestation by coca." },
                seconds = new { read, total = clock.Elapsed.TotalSeconds }, peakMemoryMb = DeforestationInputs.PeakMemoryMb(),
                files, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                foreach (var z in accounts.Zones) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{z.Id}  {z.TotalHa:F1} ha of {z.ForestHa:F0} ha"));
                for (var y = 0; y < accounts.Years; y++) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accounts.FirstYear + y}  {accounts.TotalHa(y):F1} ha{(Tonnes(accounts.TotalHa(y)) is { } t ? $"  {t.Value:F0} ({t.Low:F0} to {t.High:F0}) t CO2e" : "")}"));
            });
        return ExitCode.Ok;

        Interval? Tonnes(double hectares) => carbon is null ? null : AssociatedClearing.Times(hectares, carbon);
    }

    private static void Write(string file, bool force, LossRaster loss, ZonePolygons zones, LossAccounts accounts, double? cell, IReadOnlyList<string> files, Terminal terminal, CancellationToken cancel)
    {
        if (Is(file, ".png"))
        {
            PictureFile.Write(Map(PublishedLayer.Open(accounts.ToLayer("loss", zones)), loss, terminal.Language), file, force, terminal, files);
            return;
        }
        if (Is(file, ".csv"))
        {
            PanelInputs.WriteCsv(file, force, "zone,year,loss_ha,forest_ha", accounts.Zones.SelectMany(z => z.LossHa.Select((ha, i) =>
                string.Create(CultureInfo.InvariantCulture, $"{ZonalCommand.Quoted(z.Id)},{accounts.FirstYear + i},{ha:R},{z.ForestHa:R}"))));
            return;
        }
        using var target = new OutputFile(file, force);
        if (Is(file, ".tif"))
        {
            var density = LossDensity.Of(loss.Raster, loss.Areas, cell!.Value, accounts.FirstYear, accounts.LastYear, cancel);
            RasterOutput.WriteCog(target.Path, density.Grid, loss.First.Reference, density.Percent());
        }
        else target.Write(PublishedLayer.Open(accounts.ToLayer("loss", zones)));
        target.Commit();
    }

    private static PictureSpec Map(PublishedLayer layer, LossRaster loss, string language)
    {
        var values = Enumerable.Range(0, layer.Layer.RowCount).Select(layer.Layer["loss_percent"].Number);
        return new PictureSpec
        {
            Name = "loss", Title = layer.Layer.Title, Subtitle = loss.HasCanopy ? "Per cent of the forest of 2000" : "Per cent of the zone (no canopy given: all of it counts as forest)", Language = language,
            Credits = new Credits { Source = string.Join(", ", loss.Tiles.Select(t => t.Name)), IsScenario = false, Caveats = layer.Layer.Caveats },
            Panels = [new MapSpec { Layers = [new Basemap(layer) { OutlineWidth = 0.3f }, new Choropleth(layer, "loss_percent", "%") { Classes = Classification.Of(values, ClassMethod.Jenks, 5), Palette = Palette.All["green"] }] }],
        };
    }

    private static bool Is(string file, string extension) => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
