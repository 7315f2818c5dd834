using System.Diagnostics;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Stores.Files;

namespace GeoHarm.Benchmarks.Engine;

/// <summary>
/// The projection's figures of benchmarks/results/displacement.md, in CPU seconds (user and system) on one thread, medians of three runs of a
/// warm process: <c>dotnet run -c Release --project benchmarks/GeoHarm.Benchmarks -- projection-figures</c> in the root of the checkout. Made-up units, none of a real place.
/// </summary>
internal static class ProjectionFigures
{
    public static void Run()
    {
        foreach (var (units, years, treated, members) in new[] { (1122, 20, 250, 1000), (1122, 3, 250, 1000), (33, 20, 10, 1000) })
        {
            var inputs = Inputs(units, years, treated, members);
            ProjectionRun.Run(inputs, new RunOptions(), CancellationToken.None);
            var times = new double[3];
            ProjectionResult? result = null;
            for (var r = 0; r < times.Length; r++)
            {
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                result = ProjectionRun.Run(inputs, new RunOptions(), CancellationToken.None);
                times[r] = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            }
            Array.Sort(times);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{units} units, {years} years, {treated} treated a year, {members} members, kappa infinite + 250 + 75 km: {times[1]:F2} CPU s; balance gap {result!.BalanceGap:E1}"));
        }
    }

    private static CultivationInputs Inputs(int units, int years, int treated, int members)
    {
        var random = new CounterRandom(7, 0, 0);
        double[] x = new double[units], y = new double[units], distances = new double[units * units];
        for (var u = 0; u < units; u++) (x[u], y[u]) = (1200 * random.NextUniform(), 1200 * random.NextUniform());
        for (var i = 0; i < units; i++)
        {
            for (var j = 0; j < units; j++) distances[i * units + j] = Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]));
        }
        var coca = Enumerable.Range(2001, 3).ToDictionary(t => t, _ => Enumerable.Range(0, units).Select(u => u % 5 == 0 ? 2000 * random.NextUniform() : 0.0).ToArray());
        var observed = Enumerable.Range(2004, years).ToDictionary(t => t, t => Enumerable.Range(0, units).Select(u => (u + t) % units < treated ? 100 * random.NextUniform() : 0.0).ToArray());
        var panel = new ProjectionUnits
        {
            Codes = [.. Enumerable.Range(0, units).Select(u => $"{u}")], Names = [.. Enumerable.Range(0, units).Select(u => $"{u}")], Coca = coca, DistancesKilometres = distances,
            Observed = new Dictionary<Instrument, IReadOnlyDictionary<int, double[]>> { [Instrument.AerialSpraying] = observed, [Instrument.ManualEradication] = observed },
            PlacesOf = _ => [.. Enumerable.Range(0, units)],
        };
        PolicyMeasure Measure(Instrument instrument) => new(instrument, ["*"], 2004, 2003 + years, new TreatedHectares(true, new Dictionary<int, double>()), false, 0, [], [], 0);
        var scenario = new Scenario(
            "benchmark", "benchmark", "", 2003, 2003 + years, null, [Measure(Instrument.AerialSpraying), Measure(Instrument.ManualEradication)], 1, members, double.PositiveInfinity, new Dictionary<string, PriorOverride>(), []);
        var priors = CsvLayer.Read("data/study/priors.csv", "priors", new Dictionary<string, FieldType> { ["central"] = FieldType.Real, ["low"] = FieldType.Real, ["high"] = FieldType.Real });
        return panel.Open(scenario, priors, "benchmark");
    }
}
