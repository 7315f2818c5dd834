namespace GeoHarm.Maps.Tiles;

/// <summary>
/// Finds the corners where borders of several rings part: a vertex whose two neighbours differ between the rings that
/// pass it. Between corners all rings run the same way, so simplifying the pieces between them alike keeps neighbours
/// together without gaps. Vertices are known by their coordinates on a grid of 2^31 to the world's width (2 cm).
/// Cost: one hash table of all vertices.
/// </summary>
internal sealed class SharedCorners
{
    private readonly Dictionary<ulong, (ulong Before, ulong After)> neighbours = [];
    private readonly HashSet<ulong> corners = [];

    /// <summary>Identity of a vertex.</summary>
    public static ulong KeyOf(double x, double y)
    {
        const double Grid = 2147483648;
        return ((ulong)(uint)(long)Math.Round(x * Grid) << 32) | (uint)(long)Math.Round(y * Grid);
    }

    /// <summary>Takes note of a closed ring given without its repeated last vertex.</summary>
    public void Add(ReadOnlySpan<ulong> ring)
    {
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[(i + ring.Length - 1) % ring.Length], ring[(i + 1) % ring.Length]);
            var pair = a < b ? (a, b) : (b, a);
            if (!neighbours.TryGetValue(ring[i], out var known)) neighbours.Add(ring[i], pair);
            else if (known != pair) corners.Add(ring[i]);
        }
    }

    /// <summary>Whether borders part at the vertex.</summary>
    public bool IsCorner(ulong key) => corners.Contains(key);
}
