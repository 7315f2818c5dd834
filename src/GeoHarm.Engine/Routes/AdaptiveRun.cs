namespace GeoHarm.Engine.Routes;

/// <summary>What one replicate gave, month by month: tonnes by zone and by group of zones, never finer.</summary>
public sealed class AdaptiveRun
{
    internal readonly double[] inZone, takenZone, inGroup, takenGroup; // month by month
    internal readonly double[] sentTonnes, seizedTonnes, deliveredTonnes, strandedTonnes, imbalance;
    internal readonly int[] knownZones;

    internal AdaptiveRun(int months, int zones, int groups)
    {
        (Months, ZoneCount, GroupCount) = (months, zones, groups);
        (inZone, takenZone) = (new double[months * zones], new double[months * zones]);
        (inGroup, takenGroup) = (new double[months * groups], new double[months * groups]);
        (sentTonnes, seizedTonnes, deliveredTonnes, strandedTonnes, imbalance) = (new double[months], new double[months], new double[months], new double[months], new double[months]);
        knownZones = new int[months];
    }

    /// <summary>Months simulated.</summary>
    public int Months { get; }

    /// <summary>Zones.</summary>
    public int ZoneCount { get; }

    /// <summary>Groups of zones (countries).</summary>
    public int GroupCount { get; }

    /// <summary>Expected seizures a month of enforcement that moves, at the start: its capacity in events, which stays as it is.</summary>
    public double Capacity { get; internal set; }

    /// <summary>Whether the equilibrium of the first year, where both sides start, was reached.</summary>
    public bool Converged { get; internal set; }

    /// <summary>Tonnes sent from the producing zones, by month.</summary>
    public ReadOnlySpan<double> Sent => sentTonnes;

    /// <summary>Tonnes seized, by month.</summary>
    public ReadOnlySpan<double> Seized => seizedTonnes;

    /// <summary>Tonnes delivered to the markets, by month.</summary>
    public ReadOnlySpan<double> Delivered => deliveredTonnes;

    /// <summary>Tonnes that a policy leaves without any way, by month: in no flow.</summary>
    public ReadOnlySpan<double> Stranded => strandedTonnes;

    /// <summary>Largest imbalance of any node as a share of what is sent, by month.</summary>
    public ReadOnlySpan<double> BalanceError => imbalance;

    /// <summary>Zones that traffickers know, by month.</summary>
    public ReadOnlySpan<int> ActiveZones => knownZones;

    /// <summary>Tonnes sent into each zone in a month.</summary>
    public ReadOnlySpan<double> ZoneInflow(int month) => inZone.AsSpan(month * ZoneCount, ZoneCount);

    /// <summary>Of them, seized on the way.</summary>
    public ReadOnlySpan<double> ZoneSeized(int month) => takenZone.AsSpan(month * ZoneCount, ZoneCount);

    /// <summary>Tonnes sent into each group from outside it in a month.</summary>
    public ReadOnlySpan<double> GroupInflow(int month) => inGroup.AsSpan(month * GroupCount, GroupCount);

    /// <summary>Tonnes seized on all that comes into zones of each group in a month.</summary>
    public ReadOnlySpan<double> GroupSeized(int month) => takenGroup.AsSpan(month * GroupCount, GroupCount);
}
