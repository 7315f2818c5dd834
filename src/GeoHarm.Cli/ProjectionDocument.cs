using System.Globalization;
using System.Text;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Cli;

/// <summary>Rolling-origin skill of the forecast at the projection's horizon; null parts where the panel is too short.</summary>
/// <param name="Horizon">Years ahead.</param>
/// <param name="Hurdle">Persistence as the point with the hurdle-binned distribution.</param>
/// <param name="Persistence">Persistence with its own residuals.</param>
/// <param name="Trend">Persistence scaled to the national trend.</param>
internal sealed record ProjectionSkill(int Horizon, BacktestResult Hurdle, BacktestResult Persistence, BacktestResult Trend)
{
    private const int LeastYears = 5; // of training before the first origin, as in 'displacement backtest'

    public static ProjectionSkill? Of(ProjectionCase projected)
    {
        var (history, horizon) = (projected.History, projected.Inputs.Scenario.ToYear - projected.Inputs.Scenario.BaselineYear);
        var (from, to) = (history.FirstYear + Math.Max(LeastYears, horizon), history.LastYear - horizon);
        if (from > to) return null;
        BacktestResult Of(ForecastModel model) => Backtest.Run(history, model, horizon, from, to);
        return new ProjectionSkill(horizon, Of(ForecastModel.HurdleBinned), Of(ForecastModel.Persistence), Of(ForecastModel.NationalTrend));
    }

    public object Json() => new
    {
        horizon = Horizon, origins = Hurdle.Origins, mae = Hurdle.Mean.Mae, rmse = Hurdle.Mean.Rmse, persistenceMae = Persistence.Mean.Mae, trendMae = Trend.Mean.Mae, fom = Trend.Mean.FigureOfMerit,
        coverage50 = Hurdle.Mean.Coverage50, coverage90 = Hurdle.Mean.Coverage90, crps = Hurdle.Mean.Crps, crpsLog = Hurdle.Mean.CrpsLog, persistenceCrpsLog = Persistence.Mean.CrpsLog,
        of = "the forecast: persistence as the point with the hurdle-binned distribution; no model here beats persistence on hectares, whose Figure of Merit is 0 by construction: fom is the national trend's",
    };
}

/// <summary>A projection as JSON, as prose, and as a folder of tables, GeoPackage and maps.</summary>
internal sealed record ProjectionDocument(ProjectionCase Case, ProjectionResult Result, IReadOnlyList<ProjectionForecast> Forecasts, ProjectionSkill? Skill, IReadOnlyList<Fault> Warnings)
{
    /// <summary>Files that <see cref="Write"/> leaves.</summary>
    public static IReadOnlyList<string> Files { get; } = ["project.json", "results.gpkg", "tables/{units,balance,kappa_range,assumptions,forecast,cells}.csv", "maps/*.{png,csv,metadata.json}"];

    /// <summary>Hectares by cell, where a raster was given.</summary>
    public ProjectionCells? Cells { get; init; }

    private IReadOnlyList<string> Written { get; init; } = [];

    private Scenario Scenario => Case.Inputs.Scenario;

    private IReadOnlyList<string> Caveats => [.. ProjectionTables.Caveats(Scenario), .. Case.Notes];

    public object Json() => new
    {
        scenario = Scenario.Name, title = Scenario.Title, baselineYear = Scenario.BaselineYear, toYear = Scenario.ToYear, seed = Scenario.Seed, members = Scenario.Members,
        statement = ProjectionTables.NotIdentified,
        kappaKm = ProjectionTables.KappaWord(Scenario.KappaKilometres),
        attraction = new { power = Case.Inputs.Plan.Attraction.Power, floor = Case.Inputs.Plan.Attraction.Floor, logLikelihood = Case.Inputs.Plan.Attraction.LogLikelihood, years = Case.Inputs.Plan.Attraction.Years, fitted = Scenario.Attraction is null },
        assumptions = Case.Inputs.Drawn.Select(p => new { key = p.Key, central = p.Central, low = p.Low, high = p.High, unit = p.Unit, status = p.Status, source = p.Source }),
        balance = new { parts = Result.Balance.ToDictionary(b => b.Part, b => Plain(b.Hectares)), relativeGap = Result.BalanceGap },
        check = Result.NetPerTreated is not { } net ? null : new
        {
            treatedHa = Result.TreatedHectares, netPerTreatedHa = Plain(net),
            note = "published net effects of spraying run from -0.11 to -0.022 ha per ha; they check the whole response and are never used as kill share",
        },
        units = Result.Units.Select(u => new
        {
            id = Case.Codes[u.Unit], name = Case.Names[u.Unit], start = u.Start, before = Plain(u.Before), after = Plain(u.After), change = Plain(u.Change), removed = Plain(u.Removed), replanted = Plain(u.Replanted),
            reappeared = Plain(u.Reappeared), announced = Plain(u.Announced), growth = Plain(u.Growth),
            reappearedByKappa = CultivationInputs.Kappas.Select((k, i) => new { kappaKm = ProjectionTables.KappaWord(k), reappeared = Plain(u.ReappearedByKappa[i]) }),
        }),
        recipientsNote = "where lambda of the removed hectares would appear if they followed attraction; not identified by the data",
        skill = Skill?.Json(),
        backcast = Backcast(),
        forecast = Forecasts.Select(f => new
        {
            origin = Scenario.BaselineYear, horizon = f.Horizon, year = Scenario.BaselineYear + f.Horizon,
            units = Case.Codes.Select((code, u) => new
            {
                id = code, point = f.Map.Point[u], low = Q(f, u, 0.05), high = Q(f, u, 0.95), low50 = Q(f, u, 0.25), high50 = Q(f, u, 0.75), present = ProjectionTables.Present(f.Map.Quantiles[u]),
            }),
        }),
        cells = Cells is null ? null : new { units = Cells.Units, hectares = Cells.Hectares, hectaresWithoutCells = Cells.Elsewhere, cells = Cells.Cells.RowCount, note = "cells leave only coarsened by the publication gate" },
        files = Written, caveats = Caveats, faults = Warnings.Select(Terminal.FaultForm),
    };

    public void Prose(TextWriter writer)
    {
        string F(Interval i) => string.Create(CultureInfo.InvariantCulture, $"{i.Value:F0} ({i.Low:F0} to {i.High:F0})");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Scenario.Title}: what if, {Scenario.BaselineYear} to {Scenario.ToYear}, {Scenario.Members} members, kappa {ProjectionTables.KappaWord(Scenario.KappaKilometres)}"));
        writer.WriteLine(ProjectionTables.NotIdentified);
        foreach (var (part, hectares) in Result.Balance) writer.WriteLine($"  {part,-11} {F(hectares)} ha");
        if (Result.NetPerTreated is { } net) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  net per treated hectare {net.Value:F3} ({net.Low:F3} to {net.High:F3}) of {Result.TreatedHectares:F0} ha; published net effects of spraying: -0.11 to -0.022"));
        foreach (var p in Case.Inputs.Drawn) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  assumed {p.Key}: {p.Central} ({p.Low} to {p.High}) {p.Unit}, {p.Status}"));
        writer.WriteLine("Where it would appear, ha under kappa infinite / 250 / 75 km:");
        foreach (var u in Result.Units.Where(u => u.Reappeared.Value > 0).OrderByDescending(u => u.Reappeared.Value).ThenBy(u => u.Unit).Take(10))
        {
            writer.WriteLine($"  {Case.Names[u.Unit],-24} {F(u.Reappeared)}; {string.Join(" / ", u.ReappearedByKappa.Select(k => k.Value.ToString("F0", CultureInfo.InvariantCulture)))}");
        }
        if (Skill is { } s) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Forecast {s.Horizon} year(s) ahead on past years: MAE {s.Hurdle.Mean.Mae:F1} ha, persistence {s.Persistence.Mean.Mae:F1}; intervals of 50 and 90 % held {s.Hurdle.Mean.Coverage50:P0} and {s.Hurdle.Mean.Coverage90:P0}; no model here beats persistence on hectares."));
        foreach (var caveat in Caveats.Where(c => c != ProjectionTables.NotIdentified)) writer.WriteLine(caveat);
    }

    /// <summary>Writes tables, GeoPackage, maps and project.json; every layer passes the gate.</summary>
    public ProjectionDocument Write(string folder, RunChoices choices, Terminal terminal, Study study, CancellationToken cancel)
    {
        var layers = ProjectionTables.Build(Case.Inputs, Result, Case.Codes, Case.Names, Case.Shapes, Forecasts).Select(l => PublicationGate.Release(l, choices.Audience, Caveats)).ToArray();
        if (Cells is not null) layers = [.. layers, PublicationGate.Release(Cells.Cells, choices.Audience, Caveats, DateOnly.ParseExact(choices.AsOf, "yyyy-MM-dd", CultureInfo.InvariantCulture))];
        GeoPackageFile.Write(Path.Combine(folder, "results.gpkg"), layers);
        Directory.CreateDirectory(Path.Combine(folder, "tables"));
        foreach (var layer in layers) CsvLayer.Write(Path.Combine(folder, "tables", layer.Layer.Name + ".csv"), layer);
        cancel.ThrowIfCancellationRequested();
        var credits = new Credits
        {
            Source = "GeoHarm on the panel and priors of the run", Licence = "as the panel", Date = Scenario.ToYear.ToString(CultureInfo.InvariantCulture), Caveats = [.. Caveats.Except(PublicationGate.ModelCaveats)],
        };
        var pictures = ProjectionPictures.All(layers[0], PublishedLayer.Open(study.Read("land")), layers[2], new PictureContext(Scenario.Name, credits, terminal.Language) { Year = Scenario.ToYear });
        Directory.CreateDirectory(Path.Combine(folder, "maps"));
        foreach (var picture in pictures)
        {
            cancel.ThrowIfCancellationRequested();
            File.WriteAllBytes(Path.Combine(folder, "maps", picture.Name + ".png"), Picture.Draw(picture, PictureFormat.Png).Bytes);
            foreach (var data in PictureData.Files(picture)) File.WriteAllText(Path.Combine(folder, "maps", data.Name), data.Text, new UTF8Encoding(false));
        }
        var written = this with { Written = [.. RunFolder.Listed(folder).Select(f => f.Name).Append("project.json").Order(StringComparer.Ordinal)] };
        File.WriteAllText(Path.Combine(folder, "project.json"), Terminal.ToJson(written.Json()) + "\n", new UTF8Encoding(false));
        return written;
    }

    /// <summary>The what-if beside what was observed in its last year, where that is known.</summary>
    private object? Backcast()
    {
        if (Scenario.ToYear > Case.History.LastYear || Scenario.ToYear < Case.History.FirstYear) return null;
        var observed = Case.History.Year(Scenario.ToYear);
        double model = 0, persistence = 0, inside = 0, active = 0;
        for (var u = 0; u < observed.Length; u++)
        {
            var unit = Result.Units[u];
            model += Math.Abs(unit.After.Value - observed[u]);
            persistence += Math.Abs(unit.Start - observed[u]);
            if (unit.Start <= 0 && observed[u] <= 0) continue; // coverage is counted where there was coca in either year
            active++;
            if (observed[u] >= unit.After.Low && observed[u] <= unit.After.High) inside++;
        }
        var n = observed.Length;
        return new { year = Scenario.ToYear, mae = model / n, persistenceMae = persistence / n, beatsPersistence = model < persistence, coverage90 = active > 0 ? inside / active : double.NaN, observedTotalHa = Case.History.Total(Scenario.ToYear) };
    }

    private static double Q(ProjectionForecast f, int u, double p) => ProjectionTables.ForecastQuantile(f.Map.Quantiles[u], p);

    private static object Plain(Interval i) => new { value = i.Value, low = i.Low, high = i.High };
}
