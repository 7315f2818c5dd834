namespace GeoHarm.Routing.Paths;

/// <summary>A path as the arcs it takes, in the caller's numbers, with its cost (the arcs' costs added in order).</summary>
public sealed class ArcPath
{
    private readonly int[] arcs;

    internal ArcPath(int[] arcs, double cost)
    {
        this.arcs = arcs;
        Cost = cost;
    }

    /// <summary>Arcs from source to target.</summary>
    public ReadOnlySpan<int> Arcs => arcs;

    /// <summary>Sum of the arcs' costs.</summary>
    public double Cost { get; }
}
