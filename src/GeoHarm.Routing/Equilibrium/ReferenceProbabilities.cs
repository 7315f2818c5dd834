using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Reference probabilities Q of the Kullback-Leibler form: the choice a traveller would make among the arcs out of a node if
/// costs did not matter. Rows sum to 1, so W = Q exp(-theta c) has spectral radius below 1 at every theta, which the plain
/// logit form has not (findings: critical theta 5.6 on the study network). A policy that closes arcs must keep Q as it was.
/// Arrays are by arc as the caller numbers them.
/// </summary>
public static class ReferenceProbabilities
{
    /// <summary>Equal over all arcs out of a node.</summary>
    public static double[] EqualOverArcs(Graph graph)
    {
        var probabilities = new double[graph.ArcCount];
        for (var arc = 0; arc < probabilities.Length; arc++)
        {
            var tail = graph.PositionOf(graph.TailOf(arc));
            probabilities[arc] = 1.0 / (graph.FirstOut[tail + 1] - graph.FirstOut[tail]);
        }
        return probabilities;
    }

    /// <summary>Equal over the modes that leave a node, then equal over the arcs of each mode.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="modeByArc">Mode of each arc, any small whole numbers; length ArcCount.</param>
    public static double[] EqualOverModesThenArcs(Graph graph, ReadOnlySpan<int> modeByArc)
    {
        if (modeByArc.Length != graph.ArcCount) throw new ArgumentException($"expected {graph.ArcCount} modes, got {modeByArc.Length}");
        var probabilities = new double[graph.ArcCount];
        var arcsOfMode = new Dictionary<int, int>();
        for (var tail = 0; tail < graph.NodeCount; tail++)
        {
            arcsOfMode.Clear();
            for (var slot = graph.FirstOut[tail]; slot < graph.FirstOut[tail + 1]; slot++)
            {
                var mode = modeByArc[graph.ArcAt(slot)];
                arcsOfMode[mode] = arcsOfMode.GetValueOrDefault(mode) + 1;
            }
            for (var slot = graph.FirstOut[tail]; slot < graph.FirstOut[tail + 1]; slot++)
            {
                var arc = graph.ArcAt(slot);
                probabilities[arc] = 1.0 / arcsOfMode.Count / arcsOfMode[modeByArc[arc]];
            }
        }
        return probabilities;
    }
}
