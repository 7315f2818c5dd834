using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Settings of the experiment on hardening.</summary>
public sealed record RouteHardeningOptions
{
    /// <summary>Zones hardened at a time by "few" and "randomised", 1 or above; default 5.</summary>
    public int Few { get; init; } = 5;

    /// <summary>Transit zones with most inflow that enforcement could be in, at least <see cref="Few"/>; default 50.</summary>
    public int Among { get; init; } = 50;

    /// <summary>Share of what comes into a hardened zone that is stopped on top, above 0 and below 1; default 0.5.</summary>
    public double Control { get; init; } = 0.5;

    /// <summary>Months before hardening begins; default 12.</summary>
    public int Before { get; init; } = 12;

    /// <summary>Months after it begins that do not count: traffickers have had these to learn; default 12.</summary>
    public int Settling { get; init; } = 12;
}

/// <summary>One way to spend enforcement, and what it does.</summary>
/// <param name="Name">Name.</param>
/// <param name="Zones">Zones hardened at a time.</param>
/// <param name="ZonesEver">Zones hardened at some time.</param>
/// <param name="Effort">Hazard added, summed over zones: what it costs.</param>
/// <param name="DeliveredShare">Share of what is sent that is delivered.</param>
/// <param name="LessDelivered">Share by which less is delivered than with no hardening, on the same draws and chance.</param>
/// <param name="SeizedShare">Share of what is sent that is seized.</param>
public sealed record HardeningArm(string Name, int Zones, int ZonesEver, double Effort, Interval DeliveredShare, Interval LessDelivered, Interval SeizedShare);

/// <summary>
/// Does it help to harden a few ways, or many by lot? After SOAR (Crawford, Reuter, Isaacson and Murphy 1988, RAND N-2680-USDP; Caulkins, Crawford
/// and Reuter 1993, Mathematical and Computer Modelling 17(2), 37-52): raising interdiction on a few routes had little effect, a very large share of all
/// routes was needed; allocating it at random raised its effect substantially, because smugglers adapt only where they can form an estimate. Here
/// the ways are zones: traffickers learn, other enforcement stays where it is, all zones are known from the start. The arm "few-by-lot" (zones drawn once for each
/// replicate, so that only predictability sets it apart from "randomised") was added after the first run and is exploratory.
/// </summary>
public static class RouteHardening
{
    /// <summary>What SOAR found, in one sentence.</summary>
    public const string PublishedFinding = "SOAR (RAND N-2680-USDP, 1988): raising interdiction on a few routes has little effect, a very large share of all routes is needed; allocated at random the same resources can do substantially more.";

    /// <summary>Runs every arm on the same draws and the same chance.</summary>
    /// <param name="routes">The case.</param>
    /// <param name="simulation">Replicates and threads; months must exceed those that do not count.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between replicates.</param>
    public static IReadOnlyList<HardeningArm> Run(RouteCase routes, RouteSimulationOptions simulation, RouteHardeningOptions options, Action<double>? progress, CancellationToken cancel)
    {
        var months = simulation.Months ?? throw new ArgumentException("Name the months.", nameof(simulation));
        var counted = options.Before + options.Settling;
        if (months <= counted) throw new ArgumentException($"More than {counted} months are needed.", nameof(simulation));
        var pool = Pool(routes, options.Among);
        var hazard = -PortableMath.Log(1 - options.Control);
        int[] Every(int step) => [.. pool.Where((_, i) => i % step == 0)];
        var few = pool.Take(options.Few).ToArray();
        (string Name, int At, int Ever, double Hazard, IHardening? Hardening)[] arms =
        [
            ("none", 0, 0, 0, null),
            ("few", few.Length, few.Length, hazard, new Steady(few, hazard, options.Before)),
            ("few-by-lot", few.Length, pool.Length, hazard, new ByLot(pool, few.Length, hazard, options.Before, routes.Inputs.Scenario.Seed, once: true)),
            ("randomised", few.Length, pool.Length, hazard, new ByLot(pool, few.Length, hazard, options.Before, routes.Inputs.Scenario.Seed, once: false)),
            ("spread", pool.Length, pool.Length, hazard * few.Length / pool.Length, new Steady(pool, hazard * few.Length / pool.Length, options.Before)),
            ("half", Every(2).Length, Every(2).Length, hazard, new Steady(Every(2), hazard, options.Before)),
            ("all", pool.Length, pool.Length, hazard, new Steady(pool, hazard, options.Before)),
        ];
        var learning = new Func<AdaptiveOptions, AdaptiveOptions>(o => o with { EnforcementMoves = false, KnownShare = 1 });
        var runs = RouteSimulation.Run(routes, simulation, months, [.. arms.Select(_ => learning)], [.. arms.Select(a => a.Hardening)], progress, cancel);
        double Delivered(AdaptiveRun run) => Sum(run.Delivered[counted..]) / Sum(run.Sent[counted..]);
        return
        [
            .. arms.Select((arm, i) => new HardeningArm(
                arm.Name, arm.At, arm.Ever, arm.At * arm.Hazard, Interval.OfDraws([.. runs[i].Select(Delivered)]), Interval.OfDraws([.. runs[i].Select((run, r) => 1 - Delivered(run) / Delivered(runs[0][r]))]),
                Interval.OfDraws([.. runs[i].Select(run => Sum(run.Seized[counted..]) / Sum(run.Sent[counted..]))]))),
        ];
    }

    // Transit zones (neither producing nor consuming) with most inflow at the central priors.
    private static int[] Pool(RouteCase routes, int among)
    {
        var inflow = routes.BaselineModel(routes.Inputs.Scenario.Structure, routes.Central).Solve(routes.NoPolicy).ZoneInflow.ToArray();
        return [.. Enumerable.Range(0, inflow.Length).Where(z => routes.BaselineHectares[z] == 0 && routes.Inputs.Zones.Consumers[z].Length == 0).OrderByDescending(z => inflow[z]).ThenBy(z => z).Take(among)];
    }

    private static double Sum(ReadOnlySpan<double> values) => ScenarioInputs.Sum(values);

    private sealed class Steady(int[] zones, double hazard, int from) : IHardening
    {
        public void Fill(int member, int month, Span<double> hazardByZone)
        {
            if (month < from) return;
            foreach (var zone in zones) hazardByZone[zone] = hazard;
        }
    }

    // Drawn once for a replicate, or anew each month.
    private sealed class ByLot(int[] zones, int number, double hazard, int from, ulong seed, bool once) : IHardening
    {
        public void Fill(int member, int month, Span<double> hazardByZone)
        {
            if (month < from) return;
            var random = new CounterRandom(seed, (uint)member, CounterRandom.StreamOf("hardening.lot") + (uint)(once ? from : month));
            for (var left = number; left > 0;)
            {
                var zone = zones[random.NextBelow(zones.Length)];
                if (hazardByZone[zone] > 0) continue;
                hazardByZone[zone] = hazard;
                left--;
            }
        }
    }
}
