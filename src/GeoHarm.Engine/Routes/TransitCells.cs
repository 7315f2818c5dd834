namespace GeoHarm.Engine.Routes;

/// <summary>Places of learning: what comes into a zone by one mode (legs that are screened on entry apart). Nothing finer is learnt or kept.</summary>
internal sealed class TransitCells
{
    public TransitCells(TransitNetwork network)
    {
        var known = new Dictionary<(int, int, bool), int>();
        (OfArc, var zones, var entries) = (new int[network.ArcCount], new List<int>(), new List<bool>());
        for (var arc = 0; arc < OfArc.Length; arc++)
        {
            OfArc[arc] = -1;
            if (network.Mode[arc] == TransitNetwork.SinkMode) continue;
            var key = (network.To[arc], network.Mode[arc], network.IsEntry(arc));
            if (!known.TryGetValue(key, out var cell))
            {
                known[key] = cell = zones.Count;
                zones.Add(network.To[arc]);
                entries.Add(network.IsEntry(arc));
            }
            OfArc[arc] = cell;
        }
        (Zone, IsEntry) = ([.. zones], [.. entries]);
    }

    /// <summary>Number of cells.</summary>
    public int Count => Zone.Length;

    /// <summary>Cell of each arc; -1 for arcs into a market.</summary>
    public int[] OfArc { get; }

    /// <summary>Zone of each cell.</summary>
    public int[] Zone { get; }

    /// <summary>Whether its legs are screened on entry to a consuming country: that enforcement does not move.</summary>
    public bool[] IsEntry { get; }
}
