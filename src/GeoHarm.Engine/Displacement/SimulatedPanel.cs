using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>What is known of a simulated panel.</summary>
public sealed record SimulationOptions
{
    /// <summary>lambda: hectares that reappear elsewhere per hectare lost, 0 to 1. Growth makes up the rest, so that gains equal losses
    /// and lambda is the displaced share of gains too. Default 0.3 (findings A3).</summary>
    public double Leakage { get; init; } = 0.3;

    /// <summary>kappa, km; default 75 (findings A3).</summary>
    public double KappaKilometres { get; init; } = 75;

    /// <summary>Share of the variance of log growth that whole regions have in common, 0 to below 1; default 0. 0.4 is close to the
    /// correlogram of Colombian municipalities (findings A3).</summary>
    public double RegionalShare { get; init; }

    /// <summary>Range of the regional shocks: their correlation is exp(-d / range), km; default 100 (findings A3).</summary>
    public double RangeKilometres { get; init; } = 100;

    /// <summary>Standard deviation of log growth; default 1.2.</summary>
    public double Spread { get; init; } = 1.2;

    /// <summary>Independent draws a year to which the scatter of gain shares about their expectation amounts, above 0; default 25: measured on
    /// Colombian municipalities 24 (findings A3).</summary>
    public double EffectiveDraws { get; init; } = 25;

    /// <summary>Power of attraction; default 0.7 (findings A4).</summary>
    public double Power { get; init; } = 0.7;

    /// <summary>Floor of attraction; default 0.05 (findings A4).</summary>
    public double Floor { get; init; } = 0.05;

    /// <summary>Seed; default 7.</summary>
    public ulong Seed { get; init; } = 7;
}

/// <summary>
/// Panels in which leakage and distance are known, to try estimators on. Every year a unit draws a log shock, part its own and part its region's (a
/// Gaussian field with exponential correlation, by Cholesky's method). Units with a negative shock lose y (1 - e^u). As many hectares are gained by
/// the others: expected shares are (1 - lambda) attraction + lambda landing, P(j|i) proportional to a_j exp(-d_ij / kappa), each among the units that did
/// not lose, times e^(regional shock); the shares themselves are Dirichlet about them. Cost: units cubed once when regions share shocks, then
/// years x units squared.
/// </summary>
public static class SimulatedPanel
{
    /// <summary>The variable of the panel.</summary>
    public const string Variable = "hectares";

    /// <summary>Simulates from a first map.</summary>
    /// <param name="start">Hectares of the first year.</param>
    /// <param name="distancesKilometres">Distances between units, units x units, km.</param>
    /// <param name="years">Years, the first among them; 2 or more.</param>
    /// <param name="options">What is known.</param>
    public static UnitPanel Run(ReadOnlySpan<double> start, double[] distancesKilometres, int years, SimulationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(years, 2);
        var n = start.Length;
        var field = options.RegionalShare > 0 ? Factor(Array.ConvertAll(distancesKilometres, d => PortableMath.Exp(-d / options.RangeKilometres)), n) : null;
        var attraction = new Attraction(options.Power, options.Floor, 0, 0);
        var kernels = new DistanceKernels(distancesKilometres, n);
        double[] now = start.ToArray(), weights = new double[n], values = new double[n * years];
        var ever = new bool[n];
        for (var t = 0; t < years; t++)
        {
            for (var i = 0; i < n; i++) { values[i * years + t] = now[i]; ever[i] |= now[i] > 0; }
            attraction.Weights(now, ever, weights);
            var (shocks, regional) = Shocks(field, n, options, (uint)t);
            var lost = new double[n];
            var open = new bool[n];
            var total = 0.0;
            for (var i = 0; i < n; i++)
            {
                open[i] = !(shocks[i] < 0 && now[i] > 0);
                if (!open[i]) total += lost[i] = now[i] * (1 - PortableMath.Exp(shocks[i]));
            }
            var margins = new GainMargins(new double[n], lost, (double[])weights.Clone(), open);
            var landing = new MarginEstimate([margins], kernels).Landing(options.KappaKilometres)[0];
            var growth = Shares(weights, open);
            var expected = new double[n];
            for (var i = 0; i < n; i++) expected[i] = (options.Leakage * landing[i] + (1 - options.Leakage) * growth[i]) * PortableMath.Exp(regional[i]);
            var gains = Scattered(Shares(expected, open), options.EffectiveDraws, new CounterRandom(options.Seed, (uint)t, 6));
            for (var i = 0; i < n; i++) now[i] += total * gains[i] - lost[i];
        }
        return UnitPanel.FromArrays(Enumerable.Range(0, n).Select(i => $"u{i}").ToArray(), 2001, years, new Dictionary<string, double[]> { [Variable] = values });
    }

    private static double[] Shares(double[] values, bool[] open)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++) sum += open[i] ? values[i] : 0;
        return values.Select((v, i) => open[i] ? v / sum : 0).ToArray();
    }

    /// <summary>Dirichlet shares with the given expectation: gamma variates of shape draws x share, over their sum.</summary>
    private static double[] Scattered(double[] expected, double draws, CounterRandom random)
    {
        var result = new double[expected.Length];
        var sum = 0.0;
        for (var i = 0; i < result.Length; i++) sum += result[i] = expected[i] > 0 ? Gamma(draws * expected[i], ref random) : 0;
        for (var i = 0; i < result.Length; i++) result[i] /= sum;
        return result;
    }

    /// <summary>Marsaglia, Tsang 2000, doi 10.1145/358407.358414; shapes below 1 by their section 6.</summary>
    private static double Gamma(double shape, ref CounterRandom random)
    {
        if (shape < 1)
        {
            var power = PortableMath.Log(1 - random.NextUniform()) / shape;
            return Gamma(shape + 1, ref random) * PortableMath.Exp(power);
        }
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (PortableMath.Log(1 - random.NextUniform()) < 0.5 * x * x + d - d * v + d * PortableMath.Log(v)) return d * v;
        }
    }

    private static (double[] All, double[] Regional) Shocks(double[]? field, int n, SimulationOptions options, uint year)
    {
        var random = new CounterRandom(options.Seed, year, 5);
        double own = options.Spread * Math.Sqrt(1 - options.RegionalShare), shared = options.Spread * Math.Sqrt(options.RegionalShare);
        double[] shocks = new double[n], regional = new double[n], draws = new double[n];
        for (var i = 0; i < n; i++) shocks[i] = own * random.NextNormal();
        if (field is null) return (shocks, regional);
        for (var i = 0; i < n; i++) draws[i] = random.NextNormal();
        for (var i = 0; i < n; i++) shocks[i] += regional[i] = shared * FixedLanes.Dot(field.AsSpan(i * n, i + 1), draws);
        return (shocks, regional);
    }

    /// <summary>Lower Cholesky factor, row-major, with 1e-6 on the diagonal for units at the same point.</summary>
    private static double[] Factor(double[] a, int n)
    {
        for (var i = 0; i < n; i++)
        {
            var row = a.AsSpan(i * n, n);
            for (var j = 0; j <= i; j++)
            {
                var other = a.AsSpan(j * n, n);
                var sum = row[j] + (i == j ? 1e-6 : 0) - FixedLanes.Dot(row[..j], other[..j]);
                row[j] = i == j ? Math.Sqrt(Math.Max(1e-12, sum)) : sum / other[j];
            }
        }
        return a;
    }
}
