using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Turns the draws of a scenario into its tables: overlay (one row per zone and year), corridors, shares,
/// recipients, totals, burdens, balance, kappa range, backcast, harm, priors.</summary>
internal static class ScenarioTables
{
    private const int RecipientsShown = 25;
    private const int CorridorsShown = 600;
    private const double LeastCorridorKilometres = 25;

    public static ScenarioResult Build(RouteCase routes, EnsembleDraws draws, HarmMatrix matrix, IReadOnlyList<HarmRow> harms)
    {
        var inputs = routes.Inputs;
        var scenario = inputs.Scenario;
        var units = inputs.Units;
        Total[] all = [.. draws.Outcomes(inputs).Select(o => new Total(o.Key, o.Unit, new OutcomeChange(Interval.OfDraws(o.Before), Interval.OfDraws(o.After), Interval.OfDraws(o.Change))))];
        var (totals, burdens) = (all[..^EnsembleDraws.BurdenKeys.Count], all[^EnsembleDraws.BurdenKeys.Count..]);
        var recipients = Recipients(inputs, draws);
        var backcast = Backcast(inputs, draws, out var skill);
        List<Layer> layers =
        [
            Overlay(inputs, draws), CorridorTable(inputs, draws), Shares(inputs, draws), RecipientTable(recipients), TotalTable("totals", "Totals", totals), TotalTable("burdens", "Burdens", burdens),
            Balance(inputs, draws), KappaRange(inputs, draws), HarmTable(inputs, harms), PriorTable(inputs),
        ];
        if (backcast is not null) layers.Add(backcast);
        return new ScenarioResult
        {
            Scenario = scenario with { Members = draws.Members },
            MonteCarloError = MonteCarloError.Worst(draws, inputs),
            Totals = totals,
            Burdens = burdens,
            Recipients = recipients,
            Harms = harms,
            Ratings = [.. matrix.Severities.Select(s => (s, harms.Count(h => h.Severity == s && h.IncidenceBefore.Length > 0), harms.Count(h => h.Severity == s && h.IncidenceAfter.Length > 0)))],
            Backcast = skill,
            Attraction = inputs.Attraction,
            BalanceGap = BalanceGap(inputs, draws),
            FlowGap = draws.Gaps.LargestAfter(0),
            LoopGap = draws.Gaps.LargestAfter(1),
            LoopRounds = (int)draws.Gaps.LargestAfter(2),
            Layers = layers,
            Caveats = [.. PublicationGate.ModelCaveats, .. scenario.Caveats, .. inputs.Notes, .. routes.Notes,
                "Admin-1 levels of flow: structure not validated.",
                "Ratings of harm are ordinal: they are compared and counted, never summed."],
        };
    }

    /// <summary>The layer that joins the models: one row per zone and year.</summary>
    private static Layer Overlay(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var zones = inputs.Zones;
        MeasureDraws[] measures = [draws.Cultivation, draws.Forest, draws.PeopleOut, draws.PeopleIn, draws.Flow, draws.Burden];
        var isUnit = new HashSet<int>(inputs.Units);
        var observed = inputs.Coca[inputs.Scenario.BaselineYear];
        var rows = zones.Count + inputs.Units.Count;
        var zoneOf = inputs.Units.Concat(Enumerable.Range(0, zones.Count)).ToArray();
        int YearOf(int row) => row < inputs.Units.Count ? inputs.Scenario.BaselineYear : inputs.Scenario.ToYear;
        var columns = new List<Column>
        {
            Column.Text("zone", zoneOf.Select(z => zones.Ids[z])), Column.Text("name", zoneOf.Select(z => zones.Names[z])),
            Column.Text("country", zoneOf.Select(z => zones.Countries[z])), Column.Text("country_name", zoneOf.Select(z => zones.CountryNames[z])),
            Column.Text("region", zoneOf.Select(z => zones.Regions[z])), Column.Text("level", zoneOf.Select(z => zones.Levels[z])),
            Column.Integer("year", Enumerable.Range(0, rows).Select(r => (long?)YearOf(r))),
        };
        foreach (var measure in measures)
        {
            var values = new double[9][];
            for (var v = 0; v < 9; v++) values[v] = Enumerable.Repeat(double.NaN, rows).ToArray();
            for (var row = 0; row < rows; row++)
            {
                var zone = zoneOf[row];
                if (row < inputs.Units.Count)
                {
                    // The baseline year is observed: the same before and after, without spread.
                    if (measure == draws.Cultivation) for (var v = 0; v < 9; v++) values[v][row] = v < 6 ? observed[row] : 0;
                    continue;
                }
                if (!Modelled(measure, draws, zone, isUnit, inputs)) continue;
                var (before, after, change) = measure.At(zone);
                ReadOnlySpan<double> nine = [before.Value, before.Low, before.High, after.Value, after.Low, after.High, change.Value, change.Low, change.High];
                for (var v = 0; v < 9; v++) values[v][row] = nine[v];
            }
            string[] sides = ["before", "after", "change"], ends = ["", "_low", "_high"];
            for (var v = 0; v < 9; v++) columns.Add(Column.Real($"{measure.Key}_{sides[v / 3]}{ends[v % 3]}", values[v], measure.Unit));
        }
        return new Layer("overlay", columns, zoneOf.Select(z => zones.Layer.GeometryAt(z)).ToArray(), zones.Layer.Crs, zones.Layer.Sensitivity,
            Computed, $"{inputs.Scenario.Title}: outcomes by zone and year");
    }

    private static bool Modelled(MeasureDraws measure, EnsembleDraws draws, int zone, HashSet<int> units, ScenarioInputs inputs) =>
        measure == draws.Flow || measure == draws.Burden || units.Contains(zone) || (measure == draws.Cultivation && inputs.OtherCoca[zone] > 0);

    private static Layer CorridorTable(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var (zones, corridors) = (inputs.Zones, draws.Corridors);
        var means = Enumerable.Range(0, corridors.Count).Select(c => draws.CorridorFlow.Mean(c)).ToArray();
        var shown = Enumerable.Range(0, corridors.Count).Where(c => corridors[c].Kilometres >= LeastCorridorKilometres)
            .OrderByDescending(c => Math.Max(means[c].Before, means[c].After)).ThenBy(c => c).Take(CorridorsShown).ToArray();
        var outcomes = shown.Select(c => draws.CorridorFlow.At(c)).ToArray();
        string Mix(int corridor)
        {
            var modes = TransitNetwork.Modes.Select((mode, m) => (mode, Tonnes: draws.ModeFlow.Mean(m * corridors.Count + corridor).After)).Where(m => m.Tonnes > 0).OrderByDescending(m => m.Tonnes).ToList();
            var sum = modes.Sum(m => m.Tonnes);
            return string.Join(", ", modes.Select(m => FormattableString.Invariant($"{m.mode} {100 * m.Tonnes / sum:0} %")));
        }
        var columns = new List<Column>
        {
            Column.Text("from_zone", shown.Select(c => zones.Ids[corridors[c].From])), Column.Text("to_zone", shown.Select(c => zones.Ids[corridors[c].To])),
            Column.Text("from_name", shown.Select(c => zones.Names[corridors[c].From])), Column.Text("to_name", shown.Select(c => zones.Names[corridors[c].To])),
            Column.Text("mode_mix", shown.Select(Mix)),
        };
        columns.AddRange(OutcomeColumns("flow_t", "t", outcomes));
        columns.Add(Column.Real("lon1", shown.Select(c => zones.Longitude[corridors[c].From])));
        columns.Add(Column.Real("lat1", shown.Select(c => zones.Latitude[corridors[c].From])));
        columns.Add(Column.Real("lon2", shown.Select(c => zones.Longitude[corridors[c].To])));
        columns.Add(Column.Real("lat2", shown.Select(c => zones.Latitude[corridors[c].To])));
        return new Layer("corridors", columns, provenance: Computed, title: "Tonnes along corridors between zones");
    }

    private static Layer Shares(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var places = Enumerable.Range(0, draws.Corridors.Regions.Count).ToArray();
        var columns = new List<Column>
        {
            Column.Text("kind", places.Select(p => draws.Corridors.Regions[p].Kind)), Column.Text("place", places.Select(p => draws.Corridors.Regions[p].Name)),
        };
        columns.AddRange(OutcomeColumns("share", "share of all tonnes", places.Select(draws.RegionShare.At).ToArray()));
        return new Layer("shares", columns, provenance: Computed, title: "Share of all tonnes that enter a region or country or start there");
    }

    private static List<Recipient> Recipients(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var zones = inputs.Zones;
        IEnumerable<Recipient> Of(MeasureDraws measure, IEnumerable<int> places) => places
            .Select(z => (Zone: z, measure.At(z).Change)).OrderByDescending(z => z.Change.Value).ThenBy(z => zones.Ids[z.Zone], StringComparer.Ordinal).Take(RecipientsShown)
            .Select(z => new Recipient(zones.Ids[z.Zone], zones.Names[z.Zone], zones.Countries[z.Zone], measure.Key, measure.Unit, z.Change, inputs.RuleOfLaw[z.Zone], inputs.HomicideRate[z.Zone]));
        return
        [
            .. Of(draws.Cultivation, inputs.Units), .. Of(draws.Flow, Enumerable.Range(0, zones.Count)),
            .. Of(draws.Forest, inputs.Units), .. Of(draws.PeopleIn, inputs.Units),
        ];
    }

    private static Layer RecipientTable(List<Recipient> recipients) => new("recipients",
    [
        Column.Text("zone", recipients.Select(r => r.Zone)), Column.Text("name", recipients.Select(r => r.Name)), Column.Text("country", recipients.Select(r => r.Country)),
        Column.Text("measure", recipients.Select(r => r.Measure)), Column.Text("unit", recipients.Select(r => r.Unit)),
        Column.Real("change", recipients.Select(r => r.Change.Value)), Column.Real("change_low", recipients.Select(r => r.Change.Low)), Column.Real("change_high", recipients.Select(r => r.Change.High)),
        Column.Real("rule_of_law", recipients.Select(r => r.RuleOfLaw)), Column.Real("homicide_rate", recipients.Select(r => r.HomicideRate), "per 100,000"),
        Column.Text("note", recipients.Select(r => r.Measure is "cultivation_ha" or "forest_loss_ha"
            ? "where leakage x the removed hectares would appear if they followed attraction; not identified by the data"
            : r.Measure == "flow_t" ? "structure not validated" : "association, not causation")),
    ], provenance: Computed, title: "Who receives what was pushed");

    private static Layer TotalTable(string name, string title, Total[] totals)
    {
        var columns = new List<Column> { Column.Text("measure", totals.Select(t => t.Key)), Column.Text("unit", totals.Select(t => t.Unit)) };
        columns.AddRange(OutcomeColumns("", "", totals.Select(t => t.Outcome).ToArray()));
        return new Layer(name, columns, provenance: Computed, title: title);
    }

    private static Layer Balance(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var (zones, units) = (inputs.Zones, inputs.Units);
        var columns = new List<Column> { Column.Text("zone", units.Select(z => zones.Ids[z])), Column.Text("name", units.Select(z => zones.Names[z])) };
        for (var p = 0; p < EnsembleDraws.BalanceParts.Count; p++)
        {
            var part = Enumerable.Range(0, units.Count).Select(u => draws.Balance.At(p * units.Count + u).After).ToArray();
            var name = EnsembleDraws.BalanceParts[p];
            columns.Add(Column.Real(name + "_ha", part.Select(v => v.Value), "ha"));
            columns.Add(Column.Real(name + "_ha_low", part.Select(v => v.Low), "ha"));
            columns.Add(Column.Real(name + "_ha_high", part.Select(v => v.High), "ha"));
        }
        columns.Add(Column.Real("ended_ha", Enumerable.Range(0, units.Count).Select(u => draws.Balance.At(units.Count + u).After.Value - draws.Balance.At(2 * units.Count + u).After.Value), "ha"));
        return new Layer("balance", columns, provenance: Computed, title: "Balance of hectares: start - removed + replanted + reappeared + announced + growth + induced = after (induced: what seizures do to prices and planting); ended = removed - replanted leaves the unit");
    }

    private static Layer KappaRange(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var (zones, units) = (inputs.Zones, inputs.Units);
        var rows = (from k in Enumerable.Range(0, CultivationInputs.Kappas.Count) from u in Enumerable.Range(0, units.Count) select (k, u)).ToArray();
        var values = rows.Select(r => draws.Reappeared.At(r.k * units.Count + r.u).After).ToArray();
        return new Layer("kappa_range",
        [
            Column.Text("kappa_km", rows.Select(r => double.IsPositiveInfinity(CultivationInputs.Kappas[r.k]) ? "infinite" : FormattableString.Invariant($"{CultivationInputs.Kappas[r.k]}"))),
            Column.Text("zone", rows.Select(r => zones.Ids[units[r.u]])), Column.Text("name", rows.Select(r => zones.Names[units[r.u]])),
            Column.Real("reappeared_ha", values.Select(v => v.Value), "ha"), Column.Real("reappeared_ha_low", values.Select(v => v.Low), "ha"), Column.Real("reappeared_ha_high", values.Select(v => v.High), "ha"),
        ], provenance: Computed, title: "Hectares reappearing under each length scale: what-ifs side by side");
    }

    private static Layer? Backcast(ScenarioInputs inputs, EnsembleDraws draws, out BackcastSkill? skill)
    {
        skill = null;
        var scenario = inputs.Scenario;
        if (!inputs.Coca.TryGetValue(scenario.ToYear, out var observed)) return null;
        var (units, zones) = (inputs.Units, inputs.Zones);
        var start = inputs.Coca[scenario.BaselineYear];
        var projected = units.Select(z => draws.Cultivation.At(z).After).ToArray();
        double model = 0, persistence = 0, inside = 0;
        for (var u = 0; u < units.Count; u++)
        {
            model += Math.Abs(projected[u].Value - observed[u]);
            persistence += Math.Abs(start[u] - observed[u]);
            if (observed[u] >= projected[u].Low && observed[u] <= projected[u].High) inside++;
        }
        var outOfSample = scenario.FitWithout is { } without && without.From <= scenario.BaselineYear + 1 && without.To >= scenario.ToYear;
        skill = new BackcastSkill(scenario.ToYear, outOfSample, model / units.Count, persistence / units.Count, inside / units.Count, ScenarioInputs.Sum(observed), draws.Cultivation.Total(units).After);
        return new Layer("backcast",
        [
            Column.Text("zone", units.Select(z => zones.Ids[z])), Column.Text("name", units.Select(z => zones.Names[z])),
            Column.Real("start_ha", start, "ha"), Column.Real("observed_ha", observed, "ha"),
            Column.Real("projected_ha", projected.Select(p => p.Value), "ha"), Column.Real("projected_ha_low", projected.Select(p => p.Low), "ha"), Column.Real("projected_ha_high", projected.Select(p => p.High), "ha"),
            Column.Real("persistence_ha", start, "ha"),
            Column.Text("sample", units.Select(_ => outOfSample ? "out of sample" : "in sample")),
        ], provenance: Computed, title: $"Projected and observed hectares, {scenario.ToYear}");
    }

    private static Layer HarmTable(ScenarioInputs inputs, IReadOnlyList<HarmRow> harms)
    {
        // Places where something was observed after such a policy: their rows are shown whether a rating moves or not.
        var observed = inputs.Scenario.Observed.SelectMany(o => inputs.Zones.Resolve(o.Place).Select(z => (Zone: inputs.Zones.Ids[z], Said: o.Rises ? "rises" : "falls"))).GroupBy(o => o.Zone).ToDictionary(g => g.Key, g => g.First().Said, StringComparer.Ordinal);
        Column Of(string name, Func<HarmRow, string?> text) => Column.Text(name, harms.Select(text));
        return new Layer("harm",
        [
            Of("zone", h => h.Zone), Of("name", h => h.Name), Of("activity", h => h.Activity), Of("harm", h => h.Harm), Of("kind", h => h.Kind), Of("bearer", h => h.Bearer), Of("threat", h => h.Threat), Of("severity", h => h.Severity),
            Of("incidence_before", h => h.IncidenceBefore), Of("incidence_after", h => h.IncidenceAfter), Of("priority_before", h => h.PriorityBefore), Of("priority_after", h => h.PriorityAfter),
            Of("change", h => h.Change), Of("cause", h => h.Cause), Of("proximity", h => h.Proximity), Of("quantified", h => h.Quantified ? "yes" : "no"),
            Of("measure", h => h.Measure), Column.Real("outcome_before", harms.Select(h => h.OutcomeBefore)), Column.Real("outcome_after", harms.Select(h => h.OutcomeAfter)), Of("trend", h => h.Trend), Of("observed", h => observed.GetValueOrDefault(h.Zone)),
            Of("reason", h => h.Reason), Of("source", h => h.Source),
        ], provenance: Computed, title: "Harms by zone, before and after, with their cause");
    }

    private static Layer PriorTable(ScenarioInputs inputs)
    {
        var priors = inputs.Priors.All.ToArray();
        return new Layer("priors",
        [
            Column.Text("key", priors.Select(p => p.Key)), Column.Real("central", priors.Select(p => p.Central)), Column.Real("low", priors.Select(p => p.Low)), Column.Real("high", priors.Select(p => p.High)),
            Column.Text("unit", priors.Select(p => p.Unit)), Column.Text("status", priors.Select(p => p.Status)), Column.Text("source", priors.Select(p => p.Source)),
        ], provenance: Computed, title: "Assumptions: every prior, its interval and its source");
    }

    /// <summary>Largest |after - (start - removed + replanted + reappeared + announced + growth + induced)| over members and units, relative to the national start.</summary>
    private static double BalanceGap(ScenarioInputs inputs, EnsembleDraws draws)
    {
        var units = inputs.Units.Count;
        var scale = Math.Max(1, ScenarioInputs.Sum(inputs.Coca[inputs.Scenario.BaselineYear]));
        var gap = 0.0;
        for (var m = 0; m < draws.Members; m++)
        {
            var parts = draws.Balance.After(m);
            for (var u = 0; u < units; u++)
            {
                var expected = parts[u] - parts[units + u] + parts[2 * units + u] + parts[3 * units + u] + parts[4 * units + u] + parts[6 * units + u] + parts[7 * units + u];
                gap = Math.Max(gap, Math.Abs(expected - parts[5 * units + u]) / scale);
            }
        }
        return gap;
    }

    private static IEnumerable<Column> OutcomeColumns(string stem, string unit, OutcomeChange[] outcomes)
    {
        var prefix = stem.Length == 0 ? "" : stem + "_";
        foreach (var (side, pick) in new (string, Func<OutcomeChange, Interval>)[] { ("before", o => o.Before), ("after", o => o.After), ("change", o => o.Change) })
        {
            yield return Column.Real($"{prefix}{side}", outcomes.Select(o => pick(o).Value), unit);
            yield return Column.Real($"{prefix}{side}_low", outcomes.Select(o => pick(o).Low), unit);
            yield return Column.Real($"{prefix}{side}_high", outcomes.Select(o => pick(o).High), unit);
        }
    }

    private static Provenance Computed { get; } = new("GeoHarm scenario run", "Apache-2.0; see data/README.md for the inputs");
}
