using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Everything a run needs, opened and checked once: codes matched, places resolved, figures found. Immutable
/// and shared by all members.</summary>
public sealed class ScenarioInputs
{
    private readonly Dictionary<string, int> unitOfDepartment;

    private ScenarioInputs(Scenario scenario, Zones zones, Priors priors, IReadOnlyList<int> units)
    {
        (Scenario, Zones, Priors, Units) = (scenario, zones, priors, units);
        unitOfDepartment = units.Select((z, u) => (zones.DepartmentCodes[z], u)).ToDictionary(p => p.Item1, p => p.u, StringComparer.Ordinal);
        UnitDistances = zones.DistancesKilometres(units);
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Zones of the study.</summary>
    public Zones Zones { get; }

    /// <summary>Priors with the user's replacements.</summary>
    public Priors Priors { get; }

    /// <summary>Zone index of each unit of cultivation (Colombian departments).</summary>
    public IReadOnlyList<int> Units { get; }

    /// <summary>Distances between units, km.</summary>
    public double[] UnitDistances { get; }

    /// <summary>Hectares of coca by year, then unit.</summary>
    public required IReadOnlyDictionary<int, double[]> Coca { get; init; }

    /// <summary>Treated hectares per measure (row), year and unit; empty rows for interdiction.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<int, double[]>> Treated { get; init; }

    /// <summary>People received so far per unit.</summary>
    public required double[] PeopleReceived { get; init; }

    /// <summary>Hectares of coca of zones outside the units (other producing countries), one per zone.</summary>
    public required double[] OtherCoca { get; init; }

    /// <summary>The same for a year: each country's figure of that year or the nearest one.</summary>
    public required Func<int, double[]> OtherCocaIn { get; init; }

    /// <summary>The table "links": arcs of the transit network.</summary>
    public required Layer Links { get; init; }

    /// <summary>Rule of law per zone near the baseline year; NaN where unknown.</summary>
    public required double[] RuleOfLaw { get; init; }

    /// <summary>Homicides per 100,000 per zone near the baseline year; NaN where unknown.</summary>
    public required double[] HomicideRate { get; init; }

    /// <summary>Local capacity of each measure's places, as the power that <see cref="Delivery"/> raises the drawn share to.</summary>
    public required double[] DeliveryPowers { get; init; }

    /// <summary>Things to know about the figures used.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Attraction fitted on the years that may be used.</summary>
    public required Attraction Attraction { get; init; }

    /// <summary>What the cultivation of every member shares.</summary>
    public required CultivationInputs Cultivation { get; init; }

    /// <summary>The same inputs with the priors at the quantiles of a design (<see cref="Priors.AtQuantiles"/>).</summary>
    public ScenarioInputs AtQuantiles(Func<string, uint, double> design)
    {
        var priors = Priors.AtQuantiles(design);
        return new ScenarioInputs(Scenario, Zones, priors, Units)
        {
            Cultivation = new CultivationInputs(Scenario, priors, Cultivation.Shock, Cultivation.Plan, UnitDistances),
            Coca = Coca, Treated = Treated, PeopleReceived = PeopleReceived, OtherCoca = OtherCoca, OtherCocaIn = OtherCocaIn, Links = Links, RuleOfLaw = RuleOfLaw, HomicideRate = HomicideRate,
            Attraction = Attraction, Notes = Notes, DeliveryPowers = DeliveryPowers,
        };
    }

    /// <summary>Opens and checks; throws <see cref="InvalidInputException"/> with every fault.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="study">Reads a layer of the study by name.</param>
    /// <param name="file">Scenario file name for messages.</param>
    public static ScenarioInputs Open(Scenario scenario, Func<string, Layer> study, string file)
    {
        var faults = new List<Fault>();
        var notes = new List<string>();
        var zones = new Zones(study("zones"));
        var priors = Priors.Read(study("priors"), scenario, file, faults);
        var units = Enumerable.Range(0, zones.Count).Where(z => zones.DepartmentCodes[z].Length > 0).ToList();
        var coca = UnitTable(study("coca_department"), zones, units, "coca_ha");
        // Interdiction alone can start from a year before the surveys by department: the nearest year's coca stands in, and it is said.
        var standsIn = !coca.ContainsKey(scenario.BaselineYear) && scenario.Policy.All(m => m.Instrument == Instrument.Interdiction) ? coca.Keys.MinBy(y => Math.Abs(y - scenario.BaselineYear)) : 0;
        if (standsIn != 0) notes.Add($"There are no coca figures by department for {scenario.BaselineYear}: those of {standsIn} stand in.");
        else if (!coca.ContainsKey(scenario.BaselineYear))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH1008", file, "years.baseline", $"The study has no coca figures for {scenario.BaselineYear}.", $"Use a baseline year from {coca.Keys.Min()} to {coca.Keys.Max()}."));
        }
        var spraying = UnitTable(study("spraying_department"), zones, units, "sprayed_ha");
        var manual = UnitTable(study("manual_department"), zones, units, "manual_ha");
        var treated = scenario.Policy.Select(m => Treatment(m, zones, units, spraying, manual, coca.GetValueOrDefault(scenario.BaselineYear) ?? new double[units.Count], file, faults)).ToList();
        foreach (var measure in scenario.Policy)
        {
            foreach (var place in measure.Towards.Concat(measure.From).Where(p => zones.Resolve(p).Count == 0)) faults.Add(NoPlace(file, measure, place));
        }
        if (scenario.IsDelivered && !priors.Has(Delivery.Key)) faults.Add(new Fault(FaultSeverity.Error, "GH1014", file, "implementation", $"The study has no prior '{Delivery.Key}', the share of a policy that is carried out.", "Add its row to the table 'priors' of the study (data/published/priors.csv has one), or leave 'implementation' out."));
        if (faults.Any(f => f.Severity == FaultSeverity.Error)) throw new InvalidInputException(faults);
        bool Usable(int year) => scenario.FitWithout is not { } without || year < without.From || year > without.To;
        var attraction = Attraction.Fit(coca, Usable).Set(scenario.Attraction);
        var shock = NationalShock.Fit(coca.ToDictionary(c => c.Key, c => Sum(c.Value)), Usable);
        if (standsIn != 0) coca[scenario.BaselineYear] = coca[standsIn];
        var (countries, producers) = (study("coca_country"), study("producer_zones"));
        var plan = new BalloonPlan
        {
            BaselineYear = scenario.BaselineYear, ToYear = scenario.ToYear, Start = coca[scenario.BaselineYear], Ever = EverCoca(coca, scenario.BaselineYear), Attraction = attraction,
            Measures = [.. scenario.Policy.Select((m, k) => new BalloonMeasure { Treated = treated[k], Places = Chosen(m, zones, units), IsRandomised = m.IsRandomised, AnnouncedYear = m.AnnouncedYear })],
        };
        var (ruleOfLaw, homicideRate) = (CountryFigure(study("governance"), zones, "rule_of_law", scenario.BaselineYear), CountryFigure(study("homicide"), zones, "rate", scenario.BaselineYear));
        return new ScenarioInputs(scenario, zones, priors, units)
        {
            Cultivation = new CultivationInputs(scenario, priors, shock, plan, zones.DistancesKilometres(units)),
            Coca = coca,
            Treated = treated,
            PeopleReceived = Received(study("displaced_department"), zones, units),
            OtherCoca = OtherProducers(countries, producers, zones, scenario.BaselineYear, notes),
            OtherCocaIn = year => OtherProducers(countries, producers, zones, year, []),
            Links = study("links"),
            RuleOfLaw = ruleOfLaw,
            HomicideRate = homicideRate,
            DeliveryPowers = Delivery.Powers(scenario, zones, Vulnerability.Weights(zones.Countries, ruleOfLaw, homicideRate)),
            Attraction = attraction,
            Notes = notes,
        };
    }

    /// <summary>Unit of a department code; -1 when there is none.</summary>
    public int UnitOf(string departmentCode) => unitOfDepartment.GetValueOrDefault(departmentCode, -1);

    /// <summary>Whether coca was seen in each unit up to a year.</summary>
    public static bool[] EverCoca(IReadOnlyDictionary<int, double[]> coca, int upTo)
    {
        var ever = new bool[coca.Values.First().Length];
        foreach (var (year, values) in coca)
        {
            for (var u = 0; year <= upTo && u < ever.Length; u++) ever[u] |= values[u] > 0;
        }
        return ever;
    }

    /// <summary>Sum in unit order.</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static SortedDictionary<int, double[]> UnitTable(Layer table, Zones zones, List<int> units, string value)
    {
        var unitOf = units.Select((z, u) => (zones.DepartmentCodes[z], u)).ToDictionary(p => p.Item1, p => p.u, StringComparer.Ordinal);
        var years = new SortedDictionary<int, double[]>();
        for (var row = 0; row < table.RowCount; row++)
        {
            var year = (int)table["year"].Number(row);
            if (!years.TryGetValue(year, out var values)) years[year] = values = new double[units.Count];
            if (unitOf.TryGetValue(table["dane"].TextAt(row) ?? "", out var unit)) values[unit] += table[value].Number(row);
        }
        return years;
    }

    private static SortedDictionary<int, double[]> Treatment(
        PolicyMeasure measure, Zones zones, List<int> units, SortedDictionary<int, double[]> spraying, SortedDictionary<int, double[]> manual, double[] start, string file, List<Fault> faults)
    {
        foreach (var place in measure.Places)
        {
            var found = zones.Resolve(place);
            if (found.Count == 0) faults.Add(NoPlace(file, measure, place));
            if (measure.Instrument != Instrument.Interdiction && found.Count > 0 && !found.Any(units.Contains))
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH1010", file, $"line {measure.Line}", $"The study has no cultivation figures by unit for '{place}'.", "Name Colombian departments, such as COL.PU or dane:86.", measure.Line));
            }
        }
        var observed = measure.Instrument switch { Instrument.AerialSpraying => spraying, Instrument.ManualEradication => manual, _ => null };
        return CultivationInputs.Treatment(measure, Chosen(measure, zones, units), observed, start, file, faults);
    }

    private static List<int> Chosen(PolicyMeasure measure, Zones zones, List<int> units) =>
        measure.Instrument == Instrument.Interdiction ? [] : [.. measure.Places.SelectMany(zones.Resolve).Select(z => units.IndexOf(z)).Where(u => u >= 0).Distinct()];

    private static Fault NoPlace(string file, PolicyMeasure measure, string place) => new(
        FaultSeverity.Error, "GH1009", file, $"line {measure.Line}", $"There is no place '{place}'.", "Use a zone id, an ISO3 country, a region name or dane:NN; data/study/zones.csv lists them.", measure.Line);

    private static double[] Received(Layer table, Zones zones, List<int> units)
    {
        var received = new double[units.Count];
        for (var row = 0; row < table.RowCount; row++)
        {
            var unit = units.FindIndex(z => zones.DepartmentCodes[z] == table["dane"].TextAt(row));
            if (unit >= 0) received[unit] = table["received"].Number(row);
        }
        return received;
    }

    /// <summary>Coca of the other producing countries in the baseline year or the nearest one, shared out over the zones
    /// that surveys name as growing regions.</summary>
    private static double[] OtherProducers(Layer table, Layer producers, Zones zones, int baseline, List<string> notes)
    {
        var hectares = new double[zones.Count];
        var figures = Enumerable.Range(0, table.RowCount).Select(r => (Country: table["country"].TextAt(r)!, Year: (int)table["year"].Number(r), Ha: table["coca_ha"].Number(r))).ToList();
        foreach (var country in Enumerable.Range(0, producers.RowCount).GroupBy(r => producers["country"].TextAt(r)!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var known = figures.Where(f => f.Country == country.Key).OrderBy(f => Math.Abs(f.Year - baseline)).ThenBy(f => f.Year).ToList();
            if (known.Count == 0) continue;
            foreach (var row in country)
            {
                var zone = zones.IndexOf(producers["zone"].TextAt(row)!);
                if (zone >= 0) hectares[zone] += known[0].Ha * producers["share"].Number(row);
            }
            notes.Add($"{country.Key}: the national coca of {known[0].Year} is shared equally over {country.Count()} growing regions; there are no figures by region.");
        }
        return hectares;
    }

    /// <summary>A country's figure in the year nearest the baseline, given to each of its zones.</summary>
    private static double[] CountryFigure(Layer table, Zones zones, string column, int baseline)
    {
        var byCountry = Enumerable.Range(0, table.RowCount).Where(r => !table[column].IsNull(r))
            .Select(r => (Country: table["country"].TextAt(r)!, Year: (int)table["year"].Number(r), Value: table[column].Number(r)))
            .GroupBy(r => r.Country).ToDictionary(g => g.Key, g => g.OrderBy(r => Math.Abs(r.Year - baseline)).ThenBy(r => r.Year).First().Value, StringComparer.Ordinal);
        return [.. zones.Countries.Select(c => byCountry.GetValueOrDefault(c, double.NaN))];
    }
}
