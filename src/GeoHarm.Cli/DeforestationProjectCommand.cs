using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>geoharm deforestation project: forest felled by displaced cultivation, by destination, protected area and territory.</summary>
internal static class DeforestationProjectCommand
{
    public static Command Build()
    {
        var (panel, settings, scenario) = (new PanelInputs(), new RunSettings(), DisplacementProjectCommand.ScenarioFile());
        var within = DeforestationInputs.Within();
        var biome = DeforestationInputs.Biome();
        return CommandLine.Verb(
            "project", "Forest felled where displaced hectares might reappear, under the assumptions of the scenario",
            ["geoharm deforestation project data/scenarios/putumayo-2000.yaml --within protected=runap.gpkg --out out/forest"],
            [.. DisplacementProjectCommand.Symbols(scenario, panel), within, biome, .. settings.All],
            (parse, terminal, cancel) =>
            {
                var choices = settings.Read(parse);
                using var study = new Study(choices.Study);
                var projected = DisplacementProjectCommand.Open(parse, scenario, panel, choices, study, terminal);
                var carbon = "carbon_" + parse.GetValue(biome);
                if (projected.Inputs.Priors.All.All(p => p.Key != carbon)) throw Problem.Usage($"There is no carbon factor of the biome '{parse.GetValue(biome)}'.");
                var keys = (parse.GetValue(within) ?? []).Select(DeforestationAttributeCommand.Key).ToArray();
                var shares = keys.Select(k => Shares(projected, k.File, terminal, cancel)).ToArray();
                if (choices.DryRun)
                {
                    terminal.Result(new { dryRun = true, units = projected.Codes.Count, members = projected.Inputs.Scenario.Members, files = choices.Out is null ? [] : Files }, writer => writer.WriteLine($"{projected.Codes.Count} units, {projected.Inputs.Scenario.Members} members"));
                    return ExitCode.Ok;
                }
                var result = ForestProjection.Run(projected.Inputs, shares, carbon, new RunOptions(choices.Threads, share => terminal.Progress("members", share)), cancel);
                var document = new Document(projected, [.. keys.Select(k => k.Name)], shares, result);
                if (choices.Out is not null)
                {
                    using var folder = new OutputFolder(choices.Out, choices.Force);
                    document.Write(folder.Path, choices.Audience, terminal);
                    folder.Commit();
                }
                terminal.Result(document.Json(choices.Out is null ? [] : Files, carbon, terminal), document.Prose);
                return ExitCode.Ok;
            });
    }

    private static string[] Files { get; } = ["forest.csv", "forest.gpkg", "forest.png"];

    /// <summary>Share of each unit's area that lies in the polygons; overlaps count once at most.</summary>
    private static double[] Shares(ProjectionCase projected, string file, Terminal terminal, CancellationToken cancel)
    {
        var builder = new ZonePolygonBuilder(CoordinateSystem.Wgs84, true, "units");
        for (var u = 0; u < projected.Codes.Count; u++) builder.Add(projected.Codes[u], projected.Shapes[u]);
        var units = builder.Build();
        var second = GdalZones.Read(file, null, GeoHarm.Gdal.Datasets.SpatialReference.FromEpsg(4326));
        var overlay = IntersectionAreas.Compute(units, second, 1, null, cancel);
        foreach (var fault in units.Faults.Concat(second.Faults).Concat(overlay.Faults)) terminal.Warn(fault with { Severity = FaultSeverity.Warning });
        var whole = IntersectionAreas.Compute(units, units, 1, null, cancel).Pairs.Where(p => p.A == p.B).ToDictionary(p => p.A, p => p.SquareMetres);
        var shares = new double[projected.Codes.Count];
        foreach (var pair in overlay.Pairs) shares[pair.A] += pair.SquareMetres / whole[pair.A];
        return [.. shares.Select(s => Math.Min(1, s))];
    }

    private sealed record Document(ProjectionCase Case, string[] Keys, double[][] Shares, ForestProjectionResult Result)
    {
        private IReadOnlyList<string> Caveats =>
        [
            .. ProjectionTables.Caveats(Case.Inputs.Scenario), .. Case.Notes,
            "Forest felled is hectares reappeared times the share of new plots from forest; within protected areas and territories as if fields fell evenly over the unit.",
        ];

        private IEnumerable<ForestDestination> Destinations => Result.Destinations.Where(d => d.Felled.High > 0).OrderByDescending(d => d.Felled.Value).ThenBy(d => d.Unit);

        public object Json(IReadOnlyList<string> files, string carbon, Terminal terminal) => new
        {
            scenario = Case.Inputs.Scenario.Name, toYear = Case.Inputs.Scenario.ToYear, members = Case.Inputs.Scenario.Members, seed = Case.Inputs.Scenario.Seed,
            felledHa = Result.Felled, felledByKappa = CultivationInputs.Kappas.Select((k, i) => new { kappaKm = ProjectionTables.KappaWord(k), felledHa = Result.FelledByKappa[i] }),
            associatedHa = Result.Associated, tonnesCo2e = Result.Tonnes,
            within = Keys.Select((k, i) => new { name = k, felledHa = Result.Within[i] }),
            destinations = Destinations.Select(d => new
            {
                id = Case.Codes[d.Unit], name = Case.Names[d.Unit], felledHa = d.Felled, felledByKappa = d.FelledByKappa,
                within = Keys.Select((k, i) => new { name = k, share = Shares[i][d.Unit], felledHa = Times(d.Felled, Shares[i][d.Unit]) }),
            }),
            assumptions = Case.Inputs.Drawn.Concat(new[] { "forest_share", "associated_clearing", carbon }.Select(k => Case.Inputs.Priors[k])),
            files, caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
        };

        public void Prose(TextWriter writer)
        {
            string F(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Value:F0} ({i.Low:F0} to {i.High:F0})");
            writer.WriteLine($"forest felled by displaced cultivation: {F(Result.Felled)} ha; with associated clearing {F(Result.Associated)} ha; {F(Result.Tonnes)} t CO2e");
            for (var k = 0; k < Keys.Length; k++) writer.WriteLine($"  in {Keys[k]}: {F(Result.Within[k])} ha");
            foreach (var d in Destinations.Take(15)) writer.WriteLine($"  {Case.Names[d.Unit],-24} {F(d.Felled)} ha");
            foreach (var caveat in Caveats) writer.WriteLine(caveat);
        }

        public void Write(string folder, Audience audience, Terminal terminal)
        {
            var all = Result.Destinations;
            var columns = new List<Column>
            {
                Column.Text("zone", all.Select(d => Case.Codes[d.Unit])), Column.Text("name", all.Select(d => Case.Names[d.Unit])), Column.Real("felled_ha", all.Select(d => d.Felled.Value), "ha"),
                Column.Real("felled_ha_low", all.Select(d => d.Felled.Low), "ha"), Column.Real("felled_ha_high", all.Select(d => d.Felled.High), "ha"),
            };
            for (var i = 0; i < Keys.Length; i++)
            {
                var key = i;
                columns.Add(Column.Real($"within_{Keys[i]}_ha", all.Select(d => d.Felled.Value * Shares[key][d.Unit]), "ha"));
            }
            var layer = PublicationGate.Release(new Layer("forest", columns, [.. all.Select(d => Case.Shapes[d.Unit])], CoordinateSystem.Wgs84, title: "Forest felled by displaced cultivation"), audience, Caveats);
            CsvLayer.Write(Path.Combine(folder, Files[0]), layer);
            GeoPackageFile.Write(Path.Combine(folder, Files[1]), [layer]);
            var values = all.Select(d => d.Felled.Value);
            File.WriteAllBytes(Path.Combine(folder, Files[2]), Picture.Draw(
                new PictureSpec
                {
                    Name = "forest", Title = layer.Layer.Title, Subtitle = string.Create(CultureInfo.InvariantCulture, $"Hectares to {Case.Inputs.Scenario.ToYear}, what if"), Language = terminal.Language,
                    Credits = new Credits { Source = "GeoHarm on the figures and priors of the run", Caveats = [.. layer.Layer.Caveats.Except(PublicationGate.ModelCaveats)] },
                    Panels = [new MapSpec { Layers = [new Basemap(layer) { OutlineWidth = 0.3f }, new Choropleth(layer, "felled_ha", "ha") { Classes = Classification.Of(values, ClassMethod.Jenks, 5), Palette = Palette.All["green"] }] }],
                },
                PictureFormat.Png).Bytes);
        }

        private static Interval Times(Interval interval, double factor) => new(interval.Value * factor, interval.Low * factor, interval.High * factor);
    }
}
