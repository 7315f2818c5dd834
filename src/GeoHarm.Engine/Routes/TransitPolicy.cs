using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Routes;

/// <summary>Interdiction as a model takes it: which arcs, and how much.</summary>
/// <param name="Places">Zones where it is done.</param>
public sealed record Interdiction(IReadOnlySet<int> Places)
{
    /// <summary>Only arcs that come into the places from these zones (the origin region); empty for none such.</summary>
    public IReadOnlySet<int> From { get; init; } = new HashSet<int>();

    /// <summary>Only arcs between the places and these zones, both ways; empty for none such.</summary>
    public IReadOnlySet<int> Towards { get; init; } = new HashSet<int>();

    /// <summary>Modes met; empty for all.</summary>
    public IReadOnlySet<int> Modes { get; init; } = new HashSet<int>();

    /// <summary>Share of cargo stopped on the arcs met, 0 to 1; 1 closes them.</summary>
    public double Control { get; init; }

    /// <summary>Factor on the hazard of the arcs met, 1 or above.</summary>
    public double RiskFactor { get; init; } = 1;

    /// <summary>Probability that a given place is met at a given time, 0 to 1: below 1 the enforcement is randomised.</summary>
    public double Presence { get; init; } = 1;

    /// <summary>Whether traffickers know of it: if not, it takes cargo and changes no route within the year.</summary>
    public bool Announced { get; init; } = true;
}

/// <summary>Interdiction on the network, arc by arc: a factor on the hazard and an addition to it, known or not; closed arcs.</summary>
public sealed class TransitPolicy
{
    /// <summary>Hazard of a closed arc whose closing traffickers do not know of: one kilogram in half a billion passes.</summary>
    private const double Unpassable = 20;

    private readonly double[] factor, extra, unseenFactor, unseenExtra;
    private readonly bool[] closed;

    /// <summary>Nothing interdicted.</summary>
    public TransitPolicy(int arcs)
    {
        (factor, extra, unseenFactor, unseenExtra, closed) = (new double[arcs], new double[arcs], new double[arcs], new double[arcs], new bool[arcs]);
        Array.Fill(factor, 1);
        Array.Fill(unseenFactor, 1);
    }

    /// <summary>Whether nothing is interdicted.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Whether an arc is closed.</summary>
    public bool IsClosed(int arc) => closed[arc];

    /// <summary>Hazard that traffickers reckon with on an arc.</summary>
    public double Seen(int arc, double hazard) => hazard * factor[arc] + extra[arc];

    /// <summary>Hazard on top that they do not know of.</summary>
    public double Unseen(int arc, double hazard) => hazard * (unseenFactor[arc] - 1) + unseenExtra[arc];

    /// <summary>A copy to add to.</summary>
    public TransitPolicy Copy()
    {
        var copy = new TransitPolicy(factor.Length) { IsEmpty = IsEmpty };
        factor.CopyTo(copy.factor, 0);
        extra.CopyTo(copy.extra, 0);
        unseenFactor.CopyTo(copy.unseenFactor, 0);
        unseenExtra.CopyTo(copy.unseenExtra, 0);
        closed.CopyTo(copy.closed, 0);
        return copy;
    }

    /// <summary>Adds a measure. Without <see cref="Interdiction.From"/> and <see cref="Interdiction.Towards"/> it meets every arc that touches
    /// a place, its own supply chain included (findings B5: such blanket measures get signs wrong; the origin form exists for that).</summary>
    /// <returns>Number of arcs met.</returns>
    public int Add(TransitNetwork network, Interdiction measure)
    {
        var met = 0;
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (!Meets(network, measure, arc)) continue;
            met++;
            Change(arc, measure);
        }
        IsEmpty &= met == 0;
        return met;
    }

    /// <summary>Raises the known hazard of one arc by an amount.</summary>
    public void Raise(int arc, double hazard)
    {
        extra[arc] += hazard;
        IsEmpty = false;
    }

    /// <summary>Takes away a share of the known hazard that an arc has without policy (and of what factors made of it), 0 to 1.</summary>
    public void Lift(int arc, double share)
    {
        factor[arc] *= 1 - share;
        IsEmpty = false;
    }

    private void Change(int arc, Interdiction measure)
    {
        var stopped = measure.Control * measure.Presence;
        var times = 1 + (measure.RiskFactor - 1) * measure.Presence;
        if (measure.Announced)
        {
            factor[arc] *= times;
            if (stopped >= 1) closed[arc] = true;
            else extra[arc] -= PortableMath.Log(1 - stopped);
        }
        else
        {
            unseenFactor[arc] *= times;
            unseenExtra[arc] += stopped >= 1 ? Unpassable : Math.Min(Unpassable, -PortableMath.Log(1 - stopped));
        }
    }

    private static bool Meets(TransitNetwork network, Interdiction measure, int arc)
    {
        var (from, to, mode) = (network.From[arc], network.To[arc], network.Mode[arc]);
        if (mode == TransitNetwork.SinkMode || (measure.Modes.Count > 0 && !measure.Modes.Contains(mode))) return false;
        if (measure.From.Count > 0) return measure.Places.Contains(to) && measure.From.Contains(from);
        return measure.Towards.Count == 0
            ? measure.Places.Contains(from) || measure.Places.Contains(to)
            : (measure.Places.Contains(from) && measure.Towards.Contains(to)) || (measure.Places.Contains(to) && measure.Towards.Contains(from));
    }
}
