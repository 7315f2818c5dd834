using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A projection's units: an analyst's panel on zones, or the departments of a study.</summary>
public sealed class ProjectionUnits
{
    /// <summary>Codes, in one order everywhere.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Names; codes where there are none.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Hectares of coca by year, then unit.</summary>
    public required IReadOnlyDictionary<int, double[]> Coca { get; init; }

    /// <summary>Distances between centres, km, units x units.</summary>
    public required double[] DistancesKilometres { get; init; }

    /// <summary>Observed hectares of an instrument by year, then unit.</summary>
    public required IReadOnlyDictionary<Instrument, IReadOnlyDictionary<int, double[]>> Observed { get; init; }

    /// <summary>Units meant by a place of a scenario; empty when there are none.</summary>
    public required Func<string, IReadOnlyList<int>> PlacesOf { get; init; }

    /// <summary>Joins a scenario and these units. Throws <see cref="InvalidInputException"/> with every fault: GH1007 prior, GH1008
    /// baseline year, GH1009 place, GH1011 observed hectares, GH5521 negative hectares, GH5522 fewer than two years to fit on.</summary>
    /// <param name="scenario">The scenario; its interdiction has no part here.</param>
    /// <param name="priors">The layer "priors".</param>
    /// <param name="file">Scenario file for messages.</param>
    public CultivationInputs Open(Scenario scenario, Layer priors, string file)
    {
        var faults = new List<Fault>();
        var drawn = Priors.Read(priors, scenario, file, faults);
        var start = Coca.GetValueOrDefault(scenario.BaselineYear);
        if (start is null) faults.Add(new Fault(FaultSeverity.Error, "GH1008", file, "years.baseline", $"The study has no coca figures for {scenario.BaselineYear}.", $"Use a baseline year from {Coca.Keys.Min()} to {Coca.Keys.Max()}."));
        Negatives(faults);
        var measures = scenario.Policy.Select(m => Measure(m, start ?? new double[Codes.Count], file, faults)).ToArray();
        bool Usable(int year) => scenario.FitWithout is not { } without || year < without.From || year > without.To;
        if (!Coca.Keys.Any(y => Coca.ContainsKey(y - 1) && Usable(y)))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH5522", file, "years", "No two years in a row are left to fit attraction and growth on.", "Give a panel with more years, or leave fewer out with fit_without."));
        }
        if (faults.Any(f => f.Severity == FaultSeverity.Error)) throw new InvalidInputException(faults);
        var plan = new BalloonPlan
        {
            BaselineYear = scenario.BaselineYear, ToYear = scenario.ToYear, Start = start!, Ever = ScenarioInputs.EverCoca(Coca, scenario.BaselineYear), Measures = measures,
            Attraction = Attraction.Fit(Coca, Usable).Set(scenario.Attraction),
        };
        return new CultivationInputs(scenario, drawn, NationalShock.Fit(Coca.ToDictionary(c => c.Key, c => ScenarioInputs.Sum(c.Value)), Usable), plan, DistancesKilometres);
    }

    private BalloonMeasure Measure(PolicyMeasure measure, double[] start, string file, List<Fault> faults)
    {
        var places = new List<int>();
        foreach (var place in measure.Instrument == Instrument.Interdiction ? [] : measure.Places)
        {
            var found = PlacesOf(place);
            if (found.Count == 0)
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH1009", file, $"line {measure.Line}", $"There is no place '{place}'.", "Use the code of a unit, the first digits of several followed by *, dane:NN, or a zone of the study.", measure.Line));
            }
            places.AddRange(found);
        }
        int[] chosen = [.. places.Distinct().Order()];
        return new BalloonMeasure
        {
            Treated = CultivationInputs.Treatment(measure, chosen, Observed.GetValueOrDefault(measure.Instrument), start, file, faults),
            Places = chosen, IsRandomised = measure.IsRandomised, AnnouncedYear = measure.AnnouncedYear,
        };
    }

    private void Negatives(List<Fault> faults)
    {
        const int most = 100;
        foreach (var (year, values) in Coca.Concat(Observed.Values.SelectMany(o => o)).OrderBy(c => c.Key))
        {
            for (var u = 0; u < values.Length && faults.Count < most; u++)
            {
                if (values[u] < 0) faults.Add(new Fault(FaultSeverity.Error, "GH5521", "panel", $"unit {Codes[u]}, {year}", FormattableString.Invariant($"{values[u]} hectares are below zero."), "Correct the cell: hectares of coca and of treatment are 0 or more."));
            }
        }
    }
}
