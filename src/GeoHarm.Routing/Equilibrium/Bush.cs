namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// One origin's acyclic flows. Nodes stand in topological order ("positions", the origin at 0); those that some node with two
/// ways in depends on come first, so that a pass scans only positions 0 to Active - 1. Arcs into a position lie together.
/// </summary>
internal sealed class Bush(int origin, int firstTrip, int lastTrip)
{
    /// <summary>Rank of the origin.</summary>
    public readonly int Origin = origin;

    /// <summary>Entries FirstTrip to LastTrip - 1 of the solver's trips are this origin's.</summary>
    public readonly int FirstTrip = firstTrip, LastTrip = lastTrip;

    /// <summary>The origin's zone.</summary>
    public required int Zone { get; init; }

    /// <summary>Positions, and those that a pass scans.</summary>
    public int Count = 1, Active = 1;

    /// <summary>Number of nodes with two or more arcs in.</summary>
    public int MergeCount;

    /// <summary>Rank at a position.</summary>
    public int[] Node = [origin];

    /// <summary>First arc into a position; Count + 1 entries.</summary>
    public int[] Start = [0, 0];

    /// <summary>Position of an arc's tail, its slot, its flow.</summary>
    public int[] TailPosition = [], Slot = [];

    /// <summary>Flow of each arc from this origin.</summary>
    public double[] Flow = [];

    /// <summary>Positions with two or more arcs in, ascending.</summary>
    public int[] Merges = [];

    /// <summary>Position of each trip's destination; -1 when it is not in the bush.</summary>
    public int[] TripPosition = Missing(lastTrip - firstTrip);

    /// <summary>Excess cost found in the last pass.</summary>
    public double Excess;

    /// <summary>Least excess over shortest paths seen in this solve, and rounds since it was halved while a shortest path was missing.</summary>
    public double LeastOver = double.PositiveInfinity;

    /// <summary>See <see cref="LeastOver"/>.</summary>
    public int RoundsStuck;

    /// <summary>Drops all flow and arcs.</summary>
    public void Empty()
    {
        Count = Active = 1;
        MergeCount = 0;
        Start = [0, 0];
        Node = [Origin];
        Array.Fill(TripPosition, -1);
        Forget();
    }

    /// <summary>Starts to watch progress anew.</summary>
    public void Forget() => (LeastOver, RoundsStuck) = (double.PositiveInfinity, 0);

    private static int[] Missing(int count)
    {
        var positions = new int[count];
        Array.Fill(positions, -1);
        return positions;
    }

    /// <summary>A copy that shares nothing.</summary>
    public Bush Copy() => new(Origin, FirstTrip, LastTrip)
    {
        Zone = Zone,
        Count = Count, Active = Active, MergeCount = MergeCount, Excess = Excess,
        Node = Node.AsSpan(0, Count).ToArray(), Start = Start.AsSpan(0, Count + 1).ToArray(),
        TailPosition = TailPosition.AsSpan(0, Start[Count]).ToArray(), Slot = Slot.AsSpan(0, Start[Count]).ToArray(),
        Flow = Flow.AsSpan(0, Start[Count]).ToArray(), Merges = Merges.AsSpan(0, MergeCount).ToArray(),
        TripPosition = (int[])TripPosition.Clone(),
    };
}
