using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Routing.Sweeps;

namespace GeoHarm.Routing.Tests.Sweeps;

public sealed class EquilibriumSweepTests
{
    [Fact]
    public void Closures_streamed_on_two_threads_equal_cold_solves_and_one_thread_bit_by_bit()
    {
        var network = SharedNetworks.Network("SiouxFalls/SiouxFalls_net.tntp");
        var trips = SharedNetworks.Trips("SiouxFalls/SiouxFalls_trips.tntp", network.Zones);
        var topology = AssignmentNetwork.Of(network);
        var costs = BprCost.Of(network);
        var options = new EquilibriumOptions { RelativeGap = 1e-10 };
        var variants = Enumerable.Range(0, 20).Select(a => new EquilibriumVariant<BprCost>($"arc {a}", [a]))
            .Append(new EquilibriumVariant<BprCost>("half the capacity", [], costs.WithCapacityFactor(30, 0.5))).ToArray();
        var sweep = new EquilibriumSweep<BprCost>(topology, trips, costs, options);
        var one = sweep.Run(variants, 1, out var start, withFlows: true).ToArray();
        var two = sweep.Run(variants, 2, out _, withFlows: true).ToArray();
        Assert.True(start.Converged);
        Assert.Equal(variants.Length, two.Length);
        for (var i = 0; i < variants.Length; i++)
        {
            Assert.Equal(i, two[i].Index);
            Assert.Equal(one[i].Flows!, two[i].Flows!);
            Assert.True(one[i].Result.Converged, variants[i].Name);
            var cold = new UserEquilibrium<BprCost>(topology, trips, options).Solve(variants[i].Costs ?? costs, [.. variants[i].ClosedArcs]);
            Assert.Equal(cold.Objective, one[i].Result.Objective, 1e-9 * cold.Objective);
        }
    }

    [Fact]
    public void Closures_that_cut_demand_are_those_a_plain_search_finds()
    {
        var network = SharedNetworks.Network("Chicago-Sketch/ChicagoSketch_net.tntp");
        var trips = SharedNetworks.Trips("Chicago-Sketch/ChicagoSketch_trips.tntp", network.Zones);
        // By plain searches, without an equilibrium: the connectors out of and into each of the 386 zones with trips, and 24 other
        // links that are a zone's only way on. The network has 774 connectors; those of the zone without trips cut nothing.
        var plain = new PlainSearch(network, trips);
        var cuts = Enumerable.Range(0, network.Links).Where(a => plain.CutsDemand(a)).ToArray();
        bool IsConnector(int a) => network.Tail[a] < network.Zones || network.Head[a] < network.Zones;
        Assert.Equal((2950, 772, 24), (network.Links, cuts.Count(IsConnector), cuts.Count(a => !IsConnector(a))));
        Assert.Equal(774, Enumerable.Range(0, network.Links).Count(IsConnector));
        // A few of either kind by the sweep.
        int[] arcs = [.. cuts.Take(2), .. cuts.Where(a => !IsConnector(a)).Take(2), .. Enumerable.Range(0, network.Links).Except(cuts).Take(2)];
        var sweep = new EquilibriumSweep<BprCost>(AssignmentNetwork.Of(network), trips, BprCost.Of(network), new EquilibriumOptions { RelativeGap = 1e-4 });
        foreach (var outcome in sweep.Run([.. arcs.Select(a => new EquilibriumVariant<BprCost>($"{a}", [a]))], 2, out _))
        {
            Assert.True(outcome.Result.Converged);
            Assert.Equal(plain.TripsWithoutPath(arcs[outcome.Index], firstOnly: false), outcome.Result.UnservedTrips, 1e-6);
        }
    }
}

/// <summary>Breadth-first search with an arc closed: zones below the first through node begin and end paths only.</summary>
internal sealed class PlainSearch
{
    private readonly TntpNetwork network;
    private readonly TripTable trips;
    private readonly int[] first, arcs, seen, queue;
    private int stamp;

    public PlainSearch(TntpNetwork network, TripTable trips)
    {
        (this.network, this.trips) = (network, trips);
        first = new int[network.Nodes + 1];
        foreach (var t in network.Tail) first[t + 1]++;
        for (var v = 0; v < network.Nodes; v++) first[v + 1] += first[v];
        var next = first[..^1];
        arcs = new int[network.Links];
        for (var a = 0; a < network.Links; a++) arcs[next[network.Tail[a]]++] = a;
        (seen, queue) = (new int[network.Nodes], new int[network.Nodes]);
    }

    /// <summary>An arc whose head is reached from its tail another way cuts nothing off; else pairs are looked at, those of its own ends first.</summary>
    public bool CutsDemand(int arc)
    {
        Search(network.Tail[arc], arc, network.Head[arc]);
        return seen[network.Head[arc]] != stamp && TripsWithoutPath(arc, firstOnly: true) > 0;
    }

    public double TripsWithoutPath(int closed, bool firstOnly)
    {
        double cut = 0;
        var before = closed >= 0 && network.Tail[closed] < trips.Zones ? network.Tail[closed] : 0;
        for (var k = 0; k < trips.Zones; k++)
        {
            var origin = (before + k) % trips.Zones;
            if (trips.First[origin] == trips.First[origin + 1]) continue;
            Search(origin, closed, -1);
            for (var i = trips.First[origin]; i < trips.First[origin + 1]; i++)
                if (trips.Destination[i] != origin && seen[trips.Destination[i]] != stamp) cut += trips.Trips[i];
            if (firstOnly && cut > 0) break;
        }
        return cut;
    }

    private void Search(int origin, int closed, int until)
    {
        stamp++;
        var (head, end) = (0, 1);
        queue[0] = origin;
        seen[origin] = stamp;
        while (head < end)
        {
            var v = queue[head++];
            if (v == until) return;
            if (v != origin && v < network.FirstThroughNode) continue;
            for (var i = first[v]; i < first[v + 1]; i++)
            {
                var u = network.Head[arcs[i]];
                if (arcs[i] == closed || seen[u] == stamp) continue;
                seen[u] = stamp;
                queue[end++] = u;
            }
        }
    }
}
