namespace GeoHarm.Routing.Graphs;

/// <summary>
/// A road network as a TNTP "net" text gives it (format: github.com/bstabler/TransportationNetworks). One entry of each
/// array per link, in the order of the text; nodes are numbered from 0 here and from 1 in the text.
/// Units are the network's own (commonly minutes, miles or kilometres, vehicles per hour).
/// </summary>
public sealed class TntpNetwork
{
    /// <summary>Zones: nodes 0 to Zones - 1 are where trips start and end.</summary>
    public required int Zones { get; init; }

    /// <summary>Nodes.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes below this index may start or end a trip but not be passed through (FIRST THRU NODE - 1).</summary>
    public required int FirstThroughNode { get; init; }

    /// <summary>Links.</summary>
    public int Links => Tail.Length;

    /// <summary>Node that a link leaves.</summary>
    public required int[] Tail { get; init; }

    /// <summary>Node that a link enters.</summary>
    public required int[] Head { get; init; }

    /// <summary>Capacity, vehicles per period.</summary>
    public required double[] Capacity { get; init; }

    /// <summary>Length in the network's distance unit.</summary>
    public required double[] Length { get; init; }

    /// <summary>Travel time with no flow.</summary>
    public required double[] FreeFlowTime { get; init; }

    /// <summary>Factor b of the BPR function t = t0 (1 + b (v / capacity) ^ power).</summary>
    public required double[] B { get; init; }

    /// <summary>Exponent of the BPR function.</summary>
    public required double[] Power { get; init; }

    /// <summary>Toll in the network's money unit; 0 where the text has no such column.</summary>
    public required double[] Toll { get; init; }

    /// <summary>Warnings found while reading (parallel links, constant links with no capacity, an unused declaration).</summary>
    public required IReadOnlyList<NetworkFault> Warnings { get; init; }
}

/// <summary>Trips between zones, by origin: destinations of origin o are entries First[o] to First[o + 1] - 1.</summary>
public sealed class TripTable
{
    /// <summary>Zones.</summary>
    public int Zones => First.Length - 1;

    /// <summary>Where each origin's entries begin; one more than zones.</summary>
    public required int[] First { get; init; }

    /// <summary>Destination zone, from 0, ascending within an origin.</summary>
    public required int[] Destination { get; init; }

    /// <summary>Trips per period, positive.</summary>
    public required double[] Trips { get; init; }

    /// <summary>Sum of all trips, also those within a zone.</summary>
    public double Total => Trips.Sum();

    /// <summary>The same table with every entry multiplied by a factor above 0.</summary>
    public TripTable Scaled(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return new TripTable { First = First, Destination = Destination, Trips = Array.ConvertAll(Trips, t => t * factor) };
    }

    /// <summary>A table from (origin, destination, trips) rows in any order; rows of the same pair are added, zeros dropped.</summary>
    public static TripTable From(int zones, IEnumerable<(int Origin, int Destination, double Trips)> rows)
    {
        var sorted = rows.Where(r => r.Trips > 0).GroupBy(r => (r.Origin, r.Destination))
            .Select(g => (g.Key.Origin, g.Key.Destination, Trips: g.Sum(r => r.Trips)))
            .OrderBy(r => r.Origin).ThenBy(r => r.Destination).ToArray();
        var first = new int[zones + 1];
        foreach (var row in sorted)
        {
            if ((uint)row.Origin >= (uint)zones || (uint)row.Destination >= (uint)zones)
                throw new ArgumentOutOfRangeException(nameof(rows), $"zone pair {row.Origin}, {row.Destination} is outside 0 to {zones - 1}");
            first[row.Origin + 1]++;
        }
        for (var o = 0; o < zones; o++) first[o + 1] += first[o];
        return new TripTable
        {
            First = first,
            Destination = Array.ConvertAll(sorted, r => r.Destination),
            Trips = Array.ConvertAll(sorted, r => r.Trips),
        };
    }
}

/// <summary>Flows of a solution as a TNTP "flow" text gives them, in the order of the text; nodes from 0.</summary>
/// <param name="Tail">Node left.</param>
/// <param name="Head">Node entered.</param>
/// <param name="Flow">Vehicles per period.</param>
/// <param name="Cost">Cost at that flow.</param>
public sealed record TntpFlows(int[] Tail, int[] Head, double[] Flow, double[] Cost);
