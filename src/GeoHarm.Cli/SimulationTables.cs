using GeoHarm.Engine.Routes;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Cli;

/// <summary>Tables of a simulation: by step, country and zone, with intervals across replicates.</summary>
internal sealed class SimulationTables(RouteCase routes, RouteSimulationResult result)
{
    private const int MonthsOfYear = 12;

    private Zones Zones => routes.Inputs.Zones;

    private int Years => (result.Months + MonthsOfYear - 1) / MonthsOfYear;

    /// <summary>Totals of every month.</summary>
    public IEnumerable<object> Totals() => Enumerable.Range(0, result.Months).Select(m => new
    {
        month = m + 1, year = YearOf(m), sent = Form(result.Learning, r => r.Sent[m]), seized = Form(result.Learning, r => r.Seized[m]), delivered = Form(result.Learning, r => r.Delivered[m]),
        withoutLearning = new { seized = Form(result.Fixed, r => r.Seized[m]), delivered = Form(result.Fixed, r => r.Delivered[m]) }, activeZones = result.Learning.Of(r => r.ActiveZones[m]).Value,
    });

    /// <summary>Tonnes a year that come into each country from outside it.</summary>
    public IEnumerable<object> Countries() => result.Countries.Select((country, c) => new
    {
        country, name = Zones.CountryNames[Array.IndexOf(Zones.Countries, country)],
        years = Enumerable.Range(0, Years).Select(y => Year(y, (r, m) => r.GroupInflow(m)[c], (r, m) => r.GroupSeized(m)[c])),
    });

    /// <summary>Tonnes a year that come into each zone.</summary>
    public IEnumerable<object> ZonesByYear() => Enumerable.Range(0, Zones.Count).Select(z => new
    {
        zone = Zones.Ids[z], name = Zones.Names[z], country = Zones.Countries[z],
        years = Enumerable.Range(0, Years).Select(y => Year(y, (r, m) => r.ZoneInflow(m)[z], (r, m) => r.ZoneSeized(m)[z])),
    });

    /// <summary>Layers to write: zones with first and last year, months by country and by zone, series.</summary>
    public IEnumerable<Layer> Layers(SeriesSkill? skill)
    {
        var made = new Provenance("GeoHarm routes simulate", "Apache-2.0; see data/README.md for the inputs");
        yield return ZoneLayer(made);
        yield return Monthly("simulate_country_months", "country", result.Countries.Count, c => result.Countries[c], (r, m, c) => r.GroupInflow(m)[c], (r, m, c) => r.GroupSeized(m)[c], made);
        yield return Monthly("simulate_zone_months", "zone", Zones.Count, z => Zones.Ids[z], (r, m, z) => r.ZoneInflow(m)[z], (r, m, z) => r.ZoneSeized(m)[z], made);
        if (skill is not null) yield return Series(skill, made);
    }

    private int YearOf(int month) => result.FirstYear + month / MonthsOfYear;

    private static object Form(SimulatedEnsemble ensemble, Func<AdaptiveRun, double> figure) => RoutesSimulateCommand.Form(ensemble.Of(figure));

    private object Year(int year, Func<AdaptiveRun, int, double> inflow, Func<AdaptiveRun, int, double> seized) => new
    {
        year = result.FirstYear + year, sentIn = Form(result.Learning, r => SimulatedEnsemble.Annual(r, year, inflow)), seized = Form(result.Learning, r => SimulatedEnsemble.Annual(r, year, seized)),
        withoutLearning = Form(result.Fixed, r => SimulatedEnsemble.Annual(r, year, inflow)),
    };

    private Layer ZoneLayer(Provenance made)
    {
        var all = Enumerable.Range(0, Zones.Count).ToArray();
        Interval[] Of(SimulatedEnsemble ensemble, int year) => [.. all.Select(z => ensemble.Of(r => SimulatedEnsemble.Annual(r, year, (run, m) => run.ZoneInflow(m)[z])))];
        var (first, last, without) = (Of(result.Learning, 0), Of(result.Learning, Years - 1), Of(result.Fixed, Years - 1));
        return new Layer("simulate_zones",
        [
            Column.Text("zone", Zones.Ids), Column.Text("name", Zones.Names), Column.Text("country", Zones.Countries), Column.Text("region", Zones.Regions),
            Column.Real("first_year_t", first.Select(i => i.Value), "t"), Column.Real("first_year_low_t", first.Select(i => i.Low), "t"), Column.Real("first_year_high_t", first.Select(i => i.High), "t"),
            Column.Real("last_year_t", last.Select(i => i.Value), "t"), Column.Real("last_year_low_t", last.Select(i => i.Low), "t"), Column.Real("last_year_high_t", last.Select(i => i.High), "t"),
            Column.Real("last_year_without_learning_t", without.Select(i => i.Value), "t"), Column.Text("mark", all.Select(_ => RouteSettings.Mark)),
        ], [.. all.Select(Zones.Layer.GeometryAt)], Zones.Layer.Crs, provenance: made, title: "Simulated tonnes that come into each zone in the first and the last year");
    }

    private Layer Monthly(string name, string place, int places, Func<int, string> id, Func<AdaptiveRun, int, int, double> inflow, Func<AdaptiveRun, int, int, double> seized, Provenance made)
    {
        var rows = (from m in Enumerable.Range(0, result.Months) from p in Enumerable.Range(0, places) select (Month: m, Place: p)).ToArray();
        var into = rows.Select(r => result.Learning.Of(run => inflow(run, r.Month, r.Place))).ToArray();
        return new Layer(name,
        [
            Column.Integer("month", rows.Select(r => (long?)r.Month + 1)), Column.Integer("year", rows.Select(r => (long?)YearOf(r.Month))), Column.Text(place, rows.Select(r => id(r.Place))),
            Column.Real("sent_in_t", into.Select(i => i.Value), "t"), Column.Real("sent_in_low_t", into.Select(i => i.Low), "t"), Column.Real("sent_in_high_t", into.Select(i => i.High), "t"),
            Column.Real("seized_t", rows.Select(r => result.Learning.Of(run => seized(run, r.Month, r.Place)).Value), "t"),
            Column.Real("without_learning_t", rows.Select(r => result.Fixed.Of(run => inflow(run, r.Month, r.Place)).Value), "t"), Column.Text("mark", rows.Select(_ => RouteSettings.Mark)),
        ], provenance: made, title: $"Simulated tonnes sent into each {place}, month by month of the model");
    }

    private static Layer Series(SeriesSkill skill, Provenance made)
    {
        var rows = (from s in skill.Series from i in Enumerable.Range(0, s.Observed.Years.Count) select (Score: s, Index: i)).ToArray();
        return new Layer("simulate_series",
        [
            Column.Text("name", rows.Select(r => r.Score.Observed.Name)), Column.Text("place", rows.Select(r => r.Score.Observed.Place)), Column.Integer("year", rows.Select(r => (long?)r.Score.Observed.Years[r.Index])),
            Column.Real("observed_t", rows.Select(r => r.Score.Observed.Tonnes[r.Index]), "t"), Column.Real("learning_t", rows.Select(r => r.Score.Learning[r.Index]), "t"),
            Column.Real("without_learning_t", rows.Select(r => r.Score.Fixed[r.Index]), "t"), Column.Real("correlation", rows.Select(r => r.Score.Correlation)), Column.Text("mark", rows.Select(_ => RouteSettings.Mark)),
        ], provenance: made, title: "Observed transit series beside the simulated ones");
    }
}
