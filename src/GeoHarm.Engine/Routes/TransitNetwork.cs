using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Routes;

/// <summary>
/// The transit network of a study: nodes are its zones, then one sink for each consuming market; each link of the table
/// "links" is two arcs. Ports, airports and sea lanes are already rolled up to their zones: nothing finer is here.
/// Immutable, shared by all members and threads.
/// </summary>
public sealed class TransitNetwork
{
    /// <summary>Modes of transport, in the order of all per-mode figures.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["land", "boat", "ship", "air"];

    /// <summary>Consuming markets, in the order of all per-market figures.</summary>
    public static IReadOnlyList<string> Markets { get; } = ["north_america", "europe", "rest"];

    internal const int SinkMode = 4;
    private const int ShipMode = 2, AirMode = 3, ScreenedMarkets = 2; // North America and Europe come first

    private readonly int[] from, to, mode, border;
    private readonly double[] kilometres;
    private readonly double[] reference;
    private readonly ILookup<int, int> arcsInto;
    private readonly bool[] isEntry;

    private TransitNetwork(int zoneCount, List<(int From, int To, int Mode, double Kilometres, int Border)> arcs)
    {
        ZoneCount = zoneCount;
        from = [.. arcs.Select(a => a.From)];
        to = [.. arcs.Select(a => a.To)];
        mode = [.. arcs.Select(a => a.Mode)];
        kilometres = [.. arcs.Select(a => a.Kilometres)];
        border = [.. arcs.Select(a => a.Border)];
        var builder = new GraphBuilder(zoneCount + Markets.Count, new GraphOptions { ParallelArcs = true });
        foreach (var arc in arcs) builder.AddArc(arc.From, arc.To);
        Topology = new MarkovianTopology(builder.Build());
        reference = ReferenceProbabilities.EqualOverModesThenArcs(Topology.Graph, mode);
        ZoneOfArc = [.. to.Select(node => node < zoneCount ? node : -1)];
        var consuming = arcs.Where(a => a.Mode == SinkMode && a.To < zoneCount + ScreenedMarkets).Select(a => a.From).ToHashSet();
        isEntry = [.. arcs.Select(a => a.Mode is ShipMode or AirMode && consuming.Contains(a.To) && !consuming.Contains(a.From))];
        arcsInto = Enumerable.Range(0, arcs.Count).ToLookup(a => to[a]);
    }

    /// <summary>Number of zones; the sinks follow.</summary>
    public int ZoneCount { get; }

    /// <summary>Arcs, sinks' included.</summary>
    public int ArcCount => from.Length;

    /// <summary>Tail zone of each arc.</summary>
    public ReadOnlySpan<int> From => from;

    /// <summary>Head node of each arc: a zone, or <see cref="ZoneCount"/> + market.</summary>
    public ReadOnlySpan<int> To => to;

    /// <summary>Mode of each arc, an index into <see cref="Modes"/>; 4 for arcs into a sink.</summary>
    public ReadOnlySpan<int> Mode => mode;

    /// <summary>Length of each arc, km.</summary>
    public ReadOnlySpan<double> Kilometres => kilometres;

    /// <summary>1 where an arc crosses a border between countries, else 0.</summary>
    public ReadOnlySpan<int> Border => border;

    /// <summary>Zones and sinks.</summary>
    public int NodeCount => ZoneCount + Markets.Count;

    internal MarkovianTopology Topology { get; }

    internal ReadOnlySpan<double> Reference => reference;

    /// <summary>Zone that each arc enters; -1 for arcs into a sink.</summary>
    internal int[] ZoneOfArc { get; }

    /// <summary>Arcs into a node.</summary>
    internal IEnumerable<int> ArcsInto(int node) => arcsInto[node];

    /// <summary>The topology of a structure. The layered one is ordered by the costs given and stays as it is for all draws and policies, so
    /// that neither changes the choice set.</summary>
    public MarkovianTopology TopologyOf(TransitStructure structure, TransitCosts central)
    {
        if (structure != TransitStructure.Layered) return Topology;
        var order = Enumerable.Range(0, ArcCount).Select(arc => mode[arc] == SinkMode ? 0 : CostWithoutRisk(arc, central) + central.RiskValue * HazardOf(arc, central) / 2).ToArray();
        return MarkovianTopology.Layered(Topology.Graph, order, [.. Enumerable.Range(ZoneCount, Markets.Count)]);
    }

    /// <summary>Hazard of an arc without feedback or policy; 0 into a market.</summary>
    public double HazardOf(int arc, TransitCosts costs) => mode[arc] == SinkMode ? 0 : costs.Hazard[mode[arc]] + (isEntry[arc] ? costs.EntryHazard : 0);

    internal bool IsEntry(int arc) => isEntry[arc];

    internal double CostWithoutRisk(int arc, TransitCosts costs) =>
        costs.Fixed[mode[arc]] + costs.PerThousandKilometres[mode[arc]] * kilometres[arc] / 1000 + border[arc] * costs.Border;

    /// <summary>Marks the nodes from which every market that takes a share can be reached over open arcs.</summary>
    internal void Reach(TransitPolicy policy, ReadOnlySpan<double> marketShares, bool[] reaches)
    {
        Array.Fill(reaches, true);
        if (policy.IsEmpty) return;
        for (var market = 0; market < Markets.Count; market++)
        {
            if (!(marketShares[market] > 0)) continue;
            var seen = new bool[NodeCount];
            var waiting = new Stack<int>([ZoneCount + market]);
            seen[ZoneCount + market] = true;
            while (waiting.TryPop(out var node))
            {
                foreach (var arc in arcsInto[node])
                {
                    if (seen[from[arc]] || policy.IsClosed(arc)) continue;
                    seen[from[arc]] = true;
                    waiting.Push(from[arc]);
                }
            }
            for (var node = 0; node < ZoneCount; node++) reaches[node] &= seen[node];
        }
    }

    /// <summary>Builds the network.</summary>
    /// <param name="links">Table with a, b (zone ids), mode, length_km, border.</param>
    /// <param name="zoneIds">Zone ids in order.</param>
    /// <param name="consumers">Market of each zone, "" for none.</param>
    public static TransitNetwork Read(Layer links, IReadOnlyList<string> zoneIds, IReadOnlyList<string> consumers)
    {
        var indexOf = zoneIds.Select((id, i) => (id, i)).ToDictionary(p => p.id, p => p.i, StringComparer.Ordinal);
        var arcs = new List<(int, int, int, double, int)>(links.RowCount * 2);
        var faults = new List<Fault>();
        for (var row = 0; row < links.RowCount; row++)
        {
            var (a, b) = (indexOf.GetValueOrDefault(links["a"].TextAt(row) ?? "", -1), indexOf.GetValueOrDefault(links["b"].TextAt(row) ?? "", -1));
            var mode = Modes.ToList().IndexOf(links["mode"].TextAt(row) ?? "");
            var kilometres = links["length_km"].Number(row);
            if (a < 0 || b < 0 || mode < 0 || !(kilometres > 0))
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH1020", "links", $"feature {row + 1}", "A link needs two known zones, a known mode and a length above 0 km.", "Rebuild the study's links."));
                continue;
            }
            var crossing = links["border"].Number(row) > 0 ? 1 : 0;
            arcs.Add((a, b, mode, kilometres, crossing));
            arcs.Add((b, a, mode, kilometres, crossing));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
        for (var zone = 0; zone < zoneIds.Count; zone++)
        {
            var market = Markets.ToList().IndexOf(consumers[zone]);
            if (market >= 0) arcs.Add((zone, zoneIds.Count + market, SinkMode, 0, 0));
        }
        return new TransitNetwork(zoneIds.Count, arcs);
    }
}
