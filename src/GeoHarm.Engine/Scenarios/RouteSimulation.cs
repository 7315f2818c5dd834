using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>How many replicates of how many months, and whether they draw the priors.</summary>
public sealed record RouteSimulationOptions
{
    /// <summary>Replicates, 1 or above; default 30, as NarcoLogic.</summary>
    public int Replicates { get; init; } = 30;

    /// <summary>Months, 1 or above; null for 12 for each year of the scenario, baseline and last one included.</summary>
    public int? Months { get; init; }

    /// <summary>Whether all replicates take the central priors and differ by chance alone; default false: each draws every prior.</summary>
    public bool Central { get; init; }

    /// <summary>Threads; results do not depend on it.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Replicates of one kind, side by side: means and 5th to 95th percentiles across them.</summary>
/// <param name="runs">In the order of the replicates.</param>
public sealed class SimulatedEnsemble(AdaptiveRun[] runs)
{
    /// <summary>The replicates.</summary>
    public IReadOnlyList<AdaptiveRun> Runs => runs;

    /// <summary>Largest imbalance of any node in any month of any replicate, as a share of what is sent.</summary>
    public double MaxBalanceError => runs.Max(r => Largest(r.BalanceError));

    /// <summary>A figure of every replicate, with its interval.</summary>
    public Interval Of(Func<AdaptiveRun, double> figure) => Interval.OfDraws([.. runs.Select(figure)]);

    /// <summary>A year's sum over its months in the simulation.</summary>
    /// <param name="run">Replicate.</param>
    /// <param name="year">Year, 0 for the first.</param>
    /// <param name="figure">Figure of a month.</param>
    public static double Annual(AdaptiveRun run, int year, Func<AdaptiveRun, int, double> figure)
    {
        var sum = 0.0;
        for (var month = 12 * year; month < Math.Min(run.Months, 12 * year + 12); month++) sum += figure(run, month);
        return sum;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, value);
        return largest;
    }
}

/// <summary>What a simulation gives.</summary>
/// <param name="FirstYear">Year of the first twelve months.</param>
/// <param name="Months">Months simulated.</param>
/// <param name="Countries">ISO3 of the groups of the runs, in order.</param>
/// <param name="Learning">Both sides learn.</param>
/// <param name="Fixed">Neither learns, on the same draws and the same chance.</param>
public sealed record RouteSimulationResult(int FirstYear, int Months, IReadOnlyList<string> Countries, SimulatedEnsemble Learning, SimulatedEnsemble Fixed)
{
    /// <summary>Whether every replicate started from an equilibrium.</summary>
    public bool Converged => Learning.Runs.Concat(Fixed.Runs).All(r => r.Converged);
}

/// <summary>
/// The adaptive simulation of a scenario: months from January of its baseline year, coca of each year with figures (the nearest one
/// elsewhere), measures in the years they are in force, each replicate with its own draw of every prior and its own chance.
/// Beside it the same without learning. Hectares are those observed, so seizures do not act back on planting here.
/// </summary>
public static class RouteSimulation
{
    /// <summary>Runs both.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between replicates.</param>
    public static RouteSimulationResult Run(RouteCase routes, RouteSimulationOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var scenario = routes.Inputs.Scenario;
        var months = options.Months ?? 12 * (scenario.ToYear - scenario.BaselineYear + 1);
        var kinds = new Func<AdaptiveOptions, AdaptiveOptions>[] { o => o, o => o with { TraffickersLearn = false, EnforcementMoves = false } };
        var runs = Run(routes, options, months, kinds, [null, null], progress, cancel);
        return new RouteSimulationResult(scenario.BaselineYear, months, Countries(routes), new SimulatedEnsemble(runs[0]), new SimulatedEnsemble(runs[1]));
    }

    /// <summary>Runs several kinds of simulation on the same draws and the same chance; by kind, then replicate.</summary>
    internal static AdaptiveRun[][] Run(
        RouteCase routes, RouteSimulationOptions options, int months, IReadOnlyList<Func<AdaptiveOptions, AdaptiveOptions>> kinds, IReadOnlyList<IHardening?> hardenings, Action<double>? progress, CancellationToken cancel)
    {
        var scenario = routes.Inputs.Scenario;
        var countries = Countries(routes);
        int[] groups = [.. routes.Inputs.Zones.Countries.Select(c => countries.BinarySearch(c, StringComparer.Ordinal))];
        var years = Enumerable.Range(scenario.BaselineYear, (months + 11) / 12).Select(y => (Number: Math.Min(y, scenario.ToYear), Hectares: routes.HectaresIn(y))).ToList();
        var runs = kinds.Select(_ => new AdaptiveRun[options.Replicates]).ToArray();
        AdaptiveCase Case(RouteDraw draw, int member) => new(draw.Costs, draw.MarketShares, draw.RelativeValueByZone, [.. years.Select(y => new AdaptiveYear([.. y.Hectares.Select(ha => ha * draw.Yield / 1000)], routes.PolicyOfYear(y.Number, member)))]);
        var central = options.Central && !scenario.IsDelivered ? Case(routes.Central, 0) : null; // one case for all: its equilibria are found once for each thread
        Ensemble.Run(options.Replicates, options.Threads, () => new AdaptiveSimulation(routes.Network, scenario.Structure, routes.TopologyOf(scenario.Structure)), (member, own) =>
        {
            double Prior(string key) => options.Central ? routes.Inputs.Priors.Central(key) : routes.Inputs.Priors.Draw(key, scenario.Seed, (uint)member);
            var what = central ?? Case(options.Central ? routes.Central : routes.Draw(member), member);
            for (var kind = 0; kind < kinds.Count; kind++) runs[kind][member] = own.Run(what, kinds[kind](Learning(Prior)), scenario.Seed, member, months, groups, countries.Count, hardenings[kind]);
        }, progress, cancel);
        return runs;
    }

    /// <summary>How both sides learn, from a draw of the priors by key.</summary>
    public static AdaptiveOptions Learning(Func<string, double> draw) => new()
    {
        Alpha = draw("learning.alpha"),
        Beta = draw("learning.beta"),
        Salience = draw("salience"),
        RouteLearning = draw("route_learning"),
        LossTolerance = draw("loss_tolerance"),
        Expansion = draw("route_expansion"),
        EnforcementLearning = draw("interdiction_learning"),
        Standing = draw("interdiction_standing"),
        ShipmentTonnes = draw("shipment_tonnes"),
        KnownShare = draw("known_share"),
    };

    private static List<string> Countries(RouteCase routes) => [.. routes.Inputs.Zones.Countries.Distinct().Order(StringComparer.Ordinal)];
}
