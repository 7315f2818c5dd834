using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>One measure of eradication over units and years.</summary>
public sealed class BalloonMeasure
{
    /// <summary>Treated hectares by year, then unit; years left out treat nothing.</summary>
    public required IReadOnlyDictionary<int, double[]> Treated { get; init; }

    /// <summary>Units where the measure acts, for announcements and lotteries.</summary>
    public required IReadOnlyList<int> Places { get; init; }

    /// <summary>Whether each year's hectares are dealt out among the places by lot, anew in every member (randomised enforcement):
    /// units are drawn with probability proportional to their hectares, without return, and each is treated up to what stands
    /// there until the hectares are spent; what is left over when all are treated goes to the last one drawn.</summary>
    public bool IsRandomised { get; init; }

    /// <summary>Year in which the measure is announced and planting in expectation of it takes place; null for none.</summary>
    public int? AnnouncedYear { get; init; }
}

/// <summary>What a projection starts from and what is done, shared by all members and threads.</summary>
public sealed class BalloonPlan
{
    /// <summary>Year of the start.</summary>
    public required int BaselineYear { get; init; }

    /// <summary>Year projected to, after the baseline.</summary>
    public required int ToYear { get; init; }

    /// <summary>Hectares per unit in the baseline year.</summary>
    public required double[] Start { get; init; }

    /// <summary>Whether coca was seen in each unit up to the baseline year.</summary>
    public required bool[] Ever { get; init; }

    /// <summary>Attraction of units to what reappears.</summary>
    public required Attraction Attraction { get; init; }

    /// <summary>Measures, at most a few.</summary>
    public required IReadOnlyList<BalloonMeasure> Measures { get; init; }

    /// <summary>Units that any measure may treat.</summary>
    public IEnumerable<int> Origins => Measures.SelectMany(m => m.IsRandomised ? m.Places : m.Treated.Values.SelectMany(t => Enumerable.Range(0, t.Length).Where(u => t[u] > 0))).Distinct();
}

/// <summary>Runs a plan year by year for one member at a time; a workspace of one thread, reused from member to member.</summary>
public sealed class BalloonYears
{
    private readonly BalloonPlan plan;
    private readonly BalloonProjection projection;
    private readonly double[] stock, treated;
    private readonly bool[] announced;

    /// <summary>A workspace for a plan.</summary>
    public BalloonYears(BalloonPlan plan)
    {
        var (units, measures) = (plan.Start.Length, plan.Measures.Count);
        (this.plan, projection) = (plan, new BalloonProjection(plan.Attraction, plan.Ever));
        (stock, treated, announced) = (new double[units], new double[units * measures], new bool[units * measures]);
        Balance = new BalloonBalance(units);
    }

    /// <summary>Accounts of the last run.</summary>
    public BalloonBalance Balance { get; }

    /// <summary>Hectares per unit at the end of the last run, without autonomous growth.</summary>
    public ReadOnlySpan<double> Stock => stock;

    /// <summary>Projects from the baseline to the last year.</summary>
    /// <param name="kinds">What each measure does in this member, in the order of the plan.</param>
    /// <param name="leakage">lambda of this member.</param>
    /// <param name="kernel">Length scale of reappearance.</param>
    /// <param name="seed">Seed of the lotteries.</param>
    /// <param name="member">Member; the same member draws the same lots under every kernel.</param>
    public void Run(ReadOnlySpan<EradicationDraw> kinds, double leakage, ReappearanceKernel kernel, ulong seed, uint member)
    {
        plan.Start.CopyTo(stock, 0);
        Balance.Clear();
        for (var year = plan.BaselineYear + 1; year <= plan.ToYear; year++)
        {
            var any = Treatment(year, kinds, seed, member);
            projection.Step(stock, treated, any ? announced : [], kinds, leakage, kernel, Balance);
        }
    }

    /// <summary>Fills what is treated and announced in a year; says whether anything is announced.</summary>
    private bool Treatment(int year, ReadOnlySpan<EradicationDraw> kinds, ulong seed, uint member)
    {
        const uint lottery = 0x6C6F7400; // stream of the lots: "lot", then the measure
        var units = stock.Length;
        var any = false;
        Array.Clear(treated);
        Array.Clear(announced);
        for (var k = 0; k < plan.Measures.Count; k++)
        {
            var measure = plan.Measures[k];
            if (measure.AnnouncedYear == year)
            {
                foreach (var u in measure.Places) announced[k * units + u] = true;
                any |= measure.Places.Count > 0;
            }
            if (!measure.Treated.TryGetValue(year, out var hectares)) continue;
            var dealt = treated.AsSpan(k * units, units);
            if (measure.IsRandomised) Lots(measure.Places, hectares, kinds[k].Delivered, dealt, new CounterRandom(seed ^ ((ulong)year << 32), member, lottery + (uint)k));
            else for (var u = 0; u < units; u++) dealt[u] = hectares[u] * kinds[k].Delivered;
        }
        return any;
    }

    /// <summary>Deals a year's hectares out among places by lot, weighted by what stands there. Draws go by places in their order, so
    /// the lots depend on stock, seed, member and measure alone.</summary>
    private void Lots(IReadOnlyList<int> places, double[] hectares, double delivered, Span<double> dealt, CounterRandom random)
    {
        double left = 0, standing = 0;
        foreach (var value in hectares) left += value * delivered;
        var free = places.Where(u => stock[u] > 0).ToList();
        foreach (var u in free) standing += stock[u];
        while (left > 0 && free.Count > 0)
        {
            var lot = random.NextUniform() * standing;
            var drawn = free.Count - 1;
            for (var p = 0; p < free.Count - 1; p++)
            {
                lot -= stock[free[p]];
                if (lot >= 0) continue;
                drawn = p;
                break;
            }
            var unit = free[drawn];
            free.RemoveAt(drawn);
            standing -= stock[unit];
            dealt[unit] = free.Count == 0 ? left : Math.Min(left, stock[unit]);
            left -= dealt[unit];
        }
    }
}
