using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A series of cocaine in transit as published, by year.</summary>
/// <param name="Name">Name of the place.</param>
/// <param name="Place">Zone id, or ISO3 for a country.</param>
/// <param name="Years">Years, rising.</param>
/// <param name="Tonnes">Tonnes in each of them.</param>
public sealed record TransitSeries(string Name, string Place, IReadOnlyList<int> Years, IReadOnlyList<double> Tonnes)
{
    /// <summary>Reads the table "transit_series" (place, level, country, zone, year, kg), in the order of the file.</summary>
    public static IReadOnlyList<TransitSeries> Read(Layer table) =>
    [
        .. Enumerable.Range(0, table.RowCount).GroupBy(r => table["place"].TextAt(r)!).Select(g => new TransitSeries(
            g.Key, (table["level"].TextAt(g.First()) == "country" ? table["country"] : table["zone"]).TextAt(g.First())!,
            [.. g.Select(r => (int)table["year"].Number(r))], [.. g.Select(r => table["kg"].Number(r) / 1000)])),
    ];
}

/// <summary>What of a simulation is compared with the published series.</summary>
public enum SeriesMeasure
{
    /// <summary>Tonnes sent into the place from outside it: what the score is on.</summary>
    SentIn,

    /// <summary>The same as a share of all that is sent: without the course of production. Exploratory.</summary>
    ShareOfSent,

    /// <summary>Tonnes seized on the way into the place. Exploratory.</summary>
    Seized,
}

/// <summary>How a simulated series compares with the published one over the years of both.</summary>
/// <param name="Observed">The published series, cut to those years.</param>
/// <param name="Learning">The simulated measure, both sides learning: mean over replicates.</param>
/// <param name="Fixed">The same without learning.</param>
/// <param name="Correlation">Pearson's correlation with learning.</param>
/// <param name="FixedCorrelation">Without learning.</param>
/// <param name="TrendCorrelation">Of a straight rising line.</param>
/// <param name="Replicates">Correlation of each replicate with learning.</param>
/// <param name="FirstRise">First year with at least half the largest value: observed, with learning, without.</param>
public sealed record SeriesScore(
    TransitSeries Observed, IReadOnlyList<double> Learning, IReadOnlyList<double> Fixed, double Correlation, double FixedCorrelation, double TrendCorrelation,
    IReadOnlyList<double> Replicates, (int Observed, int Learning, int Fixed) FirstRise);

/// <summary>
/// Skill on the published transit series, against two benchmarks computed here: a straight rising line, and the 95th percentile of what
/// random walks reach. Skill is claimed only above both.
/// </summary>
/// <param name="Series">Series by series.</param>
/// <param name="RandomWalk95">95th percentile of the mean correlation of independent Gaussian random walks with the series.</param>
public sealed record SeriesSkill(IReadOnlyList<SeriesScore> Series, double RandomWalk95)
{
    /// <summary>Random walks drawn for the benchmark; the Monte Carlo error of its percentile is below 0.01.</summary>
    public const int Walks = 10_000;

    /// <summary>Mean correlation with learning.</summary>
    public double Mean => Series.Average(s => s.Correlation);

    /// <summary>Mean correlation without learning.</summary>
    public double FixedMean => Series.Average(s => s.FixedCorrelation);

    /// <summary>Mean correlation of a straight rising line.</summary>
    public double Trend => Series.Average(s => s.TrendCorrelation);

    /// <summary>Mean correlation of each replicate.</summary>
    public IReadOnlyList<double> Replicates => [.. Enumerable.Range(0, Series[0].Replicates.Count).Select(r => Series.Average(s => s.Replicates[r]))];

    /// <summary>Mean distance in years of the first rise from the observed one: with learning, without.</summary>
    public (double Learning, double Fixed) RiseError => (Series.Average(s => Math.Abs(s.FirstRise.Learning - s.FirstRise.Observed)), Series.Average(s => Math.Abs(s.FirstRise.Fixed - s.FirstRise.Observed)));

    /// <summary>Whether the mean correlation with learning is above both benchmarks.</summary>
    public bool IsAboveBoth => Mean > Math.Max(Trend, RandomWalk95);

    /// <summary>Scores a simulation; null where no series has three years or more in it.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="result">The simulation.</param>
    /// <param name="published">Published series.</param>
    /// <param name="measure">What is compared; the score is on <see cref="SeriesMeasure.SentIn"/>.</param>
    public static SeriesSkill? Of(RouteCase routes, RouteSimulationResult result, IReadOnlyList<TransitSeries> published, SeriesMeasure measure = SeriesMeasure.SentIn)
    {
        const int FewestYears = 3;
        var last = result.FirstYear + result.Months / 12 - 1;
        var scores = new List<SeriesScore>();
        foreach (var series in published)
        {
            var kept = Enumerable.Range(0, series.Years.Count).Where(i => series.Years[i] >= result.FirstYear && series.Years[i] <= last).ToList();
            if (kept.Count < FewestYears || routes.Inputs.Zones.Resolve(series.Place).Count == 0) continue;
            scores.Add(Score(routes, result, measure, series with { Years = [.. kept.Select(i => series.Years[i])], Tonnes = [.. kept.Select(i => series.Tonnes[i])] }));
        }
        return scores.Count == 0 ? null : new SeriesSkill(scores, RandomWalk([.. scores.Select(s => s.Observed)], routes.Inputs.Scenario.Seed));
    }

    /// <summary>95th percentile, over <see cref="Walks"/> draws, of the mean correlation of one Gaussian random walk for each series with it.</summary>
    public static double RandomWalk(IReadOnlyList<TransitSeries> published, ulong seed)
    {
        var means = new double[Walks];
        for (var draw = 0; draw < Walks; draw++)
        {
            var random = new CounterRandom(seed, (uint)draw, CounterRandom.StreamOf("series.walk"));
            foreach (var series in published)
            {
                var walk = new double[series.Years.Count];
                var at = 0.0;
                for (var i = 0; i < walk.Length; i++) walk[i] = at += random.NextNormal();
                means[draw] += Correlation(walk, series.Tonnes) / published.Count;
            }
        }
        Array.Sort(means);
        return Spatial.Quantities.Interval.Quantile(means, 0.95);
    }

    /// <summary>Pearson's correlation; 0 where one side does not vary.</summary>
    public static double Correlation(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Count; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }

    /// <summary>First year in which a series has at least half its largest value.</summary>
    public static int FirstRise(IReadOnlyList<int> years, IReadOnlyList<double> values)
    {
        var half = values.Max() / 2;
        return years[Enumerable.Range(0, values.Count).First(i => values[i] >= half)];
    }

    private static SeriesScore Score(RouteCase routes, RouteSimulationResult result, SeriesMeasure measure, TransitSeries observed)
    {
        var country = routes.Inputs.Zones.IndexOf(observed.Place) < 0 ? result.Countries.ToList().IndexOf(observed.Place) : -1;
        var zone = routes.Inputs.Zones.IndexOf(observed.Place);
        var years = observed.Years;
        var (learning, without) = (result.Learning.Runs.Select(Annual).ToList(), result.Fixed.Runs.Select(Annual).ToList());
        var (mean, fixedMean) = (Mean(learning), Mean(without));
        return new SeriesScore(
            observed, mean, fixedMean, Correlation(mean, observed.Tonnes), Correlation(fixedMean, observed.Tonnes), Correlation([.. years.Select(y => (double)y)], observed.Tonnes),
            [.. learning.Select(l => Correlation(l, observed.Tonnes))], (FirstRise(years, observed.Tonnes), FirstRise(years, mean), FirstRise(years, fixedMean)));

        double[] Annual(AdaptiveRun run) => [.. years.Select(y => Figure(run, y - result.FirstYear))];

        double Figure(AdaptiveRun run, int year)
        {
            var tonnes = SimulatedEnsemble.Annual(run, year, (r, month) => (measure, country) switch
            {
                (SeriesMeasure.Seized, >= 0) => r.GroupSeized(month)[country],
                (SeriesMeasure.Seized, _) => r.ZoneSeized(month)[zone],
                (_, >= 0) => r.GroupInflow(month)[country],
                _ => r.ZoneInflow(month)[zone],
            });
            return measure == SeriesMeasure.ShareOfSent ? tonnes / SimulatedEnsemble.Annual(run, year, (r, month) => r.Sent[month]) : tonnes;
        }

        double[] Mean(List<double[]> runs) => [.. Enumerable.Range(0, years.Count).Select(i => runs.Average(r => r[i]))];
    }
}
