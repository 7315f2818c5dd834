using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Distance;

namespace GeoHarm.Recipes;

/// <summary>A zone's coast on one ocean: the sea cell that stands for it, and all its cells.</summary>
internal sealed record Coast(int Zone, Basin Basin, int Anchor, IReadOnlyList<int> Cells);

/// <summary>Gives each coast cell of the sea to the nearest zone: a zone that sees no ocean has no coast, whatever its outline says.</summary>
internal static class Coasts
{
    /// <summary>A coast cell lies at most so far from its zone, degrees (the land of the sea grid is drawn more coarsely).</summary>
    private const double Near = 0.25;

    /// <summary>Fewer coast cells (about 10 km each) are slips between two drawings of a border.</summary>
    private const int FewestCells = 2;

    public static List<Coast> Find(IReadOnlyList<Zone> zones, SeaGrid sea)
    {
        var tree = new STRtree<int>();
        var distances = zones.Select(z => new Lazy<IndexedFacetDistance>(() => new IndexedFacetDistance(z.Shape))).ToArray();
        for (var i = 0; i < zones.Count; i++) tree.Insert(zones[i].Shape.EnvelopeInternal, i);
        var cells = new SortedDictionary<(int Zone, Basin Basin), List<int>>();
        foreach (var cell in sea.CoastCells())
        {
            var point = TopoJson.Factory.CreatePoint(sea.Centre(cell));
            var window = point.EnvelopeInternal.Copy();
            window.ExpandBy(Near);
            var nearest = tree.Query(window).Select(z => (Zone: z, Distance: distances[z].Value.Distance(point)))
                .Where(z => z.Distance <= Near).OrderBy(z => z.Distance).ThenBy(z => z.Zone).Select(z => (int?)z.Zone).FirstOrDefault();
            if (nearest is not { } zone) continue;
            if (!cells.TryGetValue((zone, sea[cell]), out var list)) cells[(zone, sea[cell])] = list = [];
            list.Add(cell);
        }
        var coasts = cells.Where(c => c.Value.Count >= FewestCells || IsIsland(zones[c.Key.Zone])).Select(c => new Coast(c.Key.Zone, c.Key.Basin, Anchor(c.Value, sea), c.Value)).ToList();
        coasts.AddRange(SmallIslands(zones, sea, coasts.Select(c => c.Zone).ToHashSet()));
        return [.. coasts.OrderBy(c => c.Zone).ThenBy(c => c.Basin)];
    }

    /// <summary>Islands too small for the sea grid: the nearest ocean cell.</summary>
    private static IEnumerable<Coast> SmallIslands(IReadOnlyList<Zone> zones, SeaGrid sea, HashSet<int> found)
    {
        for (var z = 0; z < zones.Count; z++)
        {
            if (found.Contains(z) || !IsIsland(zones[z])) continue;
            var at = zones[z].Point;
            var near = from dx in Enumerable.Range(-10, 21)
                       from dy in Enumerable.Range(-10, 21)
                       let cell = sea.Cell(new Coordinate(at.X + dx * SeaGrid.Step, at.Y + dy * SeaGrid.Step))
                       where cell >= 0 && SeaGrid.IsOcean(sea[cell])
                       orderby Earth.DistanceKm(at, sea.Centre(cell)), cell
                       select (int?)cell;
            if (near.FirstOrDefault() is { } anchor) yield return new Coast(z, sea[anchor], anchor, [anchor]);
        }
    }

    private static bool IsIsland(Zone zone) => zone.AreaKm2 < 1500;

    private static int Anchor(List<int> cells, SeaGrid sea)
    {
        var centres = cells.Select(sea.Centre).ToList();
        var mean = new Coordinate(centres.Average(c => c.X), centres.Average(c => c.Y));
        return cells.OrderBy(c => Earth.DistanceKm(sea.Centre(c), mean)).ThenBy(c => c).First();
    }
}
