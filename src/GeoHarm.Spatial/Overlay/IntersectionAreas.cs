using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoHarm.Spatial.Overlay;

/// <summary>Two polygons that share area.</summary>
/// <param name="A">Index in the first layer.</param>
/// <param name="B">Index in the second.</param>
/// <param name="Plane">Area in the plane of the coordinates, CRS units squared.</param>
/// <param name="SquareMetres">Area on the ground.</param>
public readonly record struct OverlayPair(int A, int B, double Plane, double SquareMetres);

/// <summary>All pairs that share area, by A then B.</summary>
/// <param name="Pairs">Pairs.</param>
/// <param name="RobustPairs">How many touched or ran along each other and went to the robust overlay.</param>
/// <param name="Faults">Pairs and polygons that could not be computed.</param>
public sealed record OverlayResult(IReadOnlyList<OverlayPair> Pairs, int RobustPairs, IReadOnlyList<Fault> Faults)
{
    /// <summary>Area of each polygon of the first layer in the measure of the pairs, square metres; 0 for unusable ones.</summary>
    public IReadOnlyList<double> SquareMetresOfA { get; init; } = [];
}

/// <summary>
/// Areas of intersection of two polygon layers without making the intersections. The boundary of A and B in common is made
/// of the stretches of A's boundary inside B and of B's inside A; boundaries change sides only where they cross, so the
/// area is a sum over crossings of prefix sums along the rings (Green's theorem). Steps for each pair whose boxes meet
/// (STRtree): find the crossings; where there are none, one point tells whether a ring lies inside (the covers shortcut);
/// add the stretches. A pair whose boundaries touch goes to OverlayNG (Davis, JTS; snapping retries), whose result is
/// integrated the same way.
/// <para>Cost: edges of the smaller polygon of each pair + crossings. Memory: two numbers a vertex, and an index of the
/// polygons met. Results do not depend on the order of the layers but for the last bits.</para>
/// </summary>
public static class IntersectionAreas
{
    /// <summary>Computes all pairs.</summary>
    /// <param name="a">First layer.</param>
    /// <param name="b">Second layer, in the same system.</param>
    /// <param name="metresPerUnit">Metres of one unit of a projected system; areas are then those of its plane.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancellation">Stops between pairs.</param>
    public static OverlayResult Compute(ZonePolygons a, ZonePolygons b, double metresPerUnit = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (a.Crs.Epsg != b.Crs.Epsg || (a.Crs.Epsg == 0 && a.Crs.Wkt != b.Crs.Wkt))
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH3301", b.Source, "", $"its system is EPSG:{b.Crs.Epsg}, that of {a.Source} EPSG:{a.Crs.Epsg}", "read both into one system")]);
        }
        var work = new Work(a, b, metresPerUnit);
        var pairs = new List<OverlayPair>();
        for (var zoneB = 0; zoneB < b.Count; zoneB++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!b.IsBad(zoneB)) work.Meet(zoneB, pairs);
            progress?.Report((zoneB + 1.0) / b.Count);
        }
        pairs.Sort((left, right) => left.A != right.A ? left.A.CompareTo(right.A) : left.B.CompareTo(right.B));
        return new OverlayResult(pairs, work.RobustPairs, [.. a.Faults, .. b.Faults, .. work.Faults]) { SquareMetresOfA = work.AreasOfA() };
    }

    internal static Fault NoOverlay(ZonePolygons a, int zoneA, ZonePolygons b, int zoneB, Exception failure) => new(
        FaultSeverity.Error, "GH3302", a.Source, $"{a.Ids[zoneA]} with {b.Ids[zoneB]}", $"no overlay can be made of them: {failure.Message}", "mend both geometries (QGIS: Vector geometry > Fix geometries) and run again");

    private sealed class Work
    {
        private readonly ZonePolygons a, b;
        private readonly PolygonBounds boundsA, boundsB;
        private readonly BoundaryIntegral integralA, integralB;
        private readonly EdgeIndex?[] indexA, indexB;
        private readonly STRtree<int> tree = new();
        private readonly List<Crossing> crossings = [];
        private readonly double originX, originY, metresPerUnit;
        private readonly ZoneTable? table;

        internal Work(ZonePolygons a, ZonePolygons b, double metresPerUnit)
        {
            (this.a, this.b, this.metresPerUnit) = (a, b, metresPerUnit);
            (boundsA, boundsB) = (new PolygonBounds(a), new PolygonBounds(b));
            (indexA, indexB) = (new EdgeIndex?[a.Count], new EdgeIndex?[b.Count]);
            var extent = new Envelope();
            for (var zone = 0; zone < a.Count; zone++)
            {
                if (a.IsBad(zone)) continue;
                var (west, south, east, north) = boundsA.Zone(zone);
                var box = new Envelope(west, east, south, north);
                extent.ExpandToInclude(box);
                tree.Insert(box, zone);
            }
            if (extent.IsNull) extent = new Envelope(0, 1, 0, 1);
            (originX, originY) = (extent.Centre.X, extent.Centre.Y);
            for (var zone = 0; zone < b.Count; zone++)
            {
                if (b.IsBad(zone)) continue;
                var (west, south, east, north) = boundsB.Zone(zone);
                extent.ExpandToInclude(new Envelope(west, east, south, north));
            }
            table = a.IsGeographic ? new ZoneTable(extent.MinY, extent.MaxY) : null;
            (integralA, integralB) = (new BoundaryIntegral(a, originX, originY, metresPerUnit, table), new BoundaryIntegral(b, originX, originY, metresPerUnit, table));
        }

        internal int RobustPairs { get; private set; }

        internal List<Fault> Faults { get; } = [];

        internal void Meet(int zoneB, List<OverlayPair> pairs)
        {
            var (west, south, east, north) = boundsB.Zone(zoneB);
            foreach (var zoneA in tree.Query(new Envelope(west, east, south, north)).Order())
            {
                if (!TryFast(zoneA, zoneB, out var area)) area = Robust(zoneA, zoneB);
                if (area.Plane > 0) pairs.Add(new OverlayPair(zoneA, zoneB, area.Plane, integralA.ToSquareMetres(area)));
            }
        }

        internal double[] AreasOfA()
        {
            var areas = new double[a.Count];
            for (var zone = 0; zone < a.Count; zone++)
            {
                (double Plane, double Ground) sum = default;
                for (var ring = a.ZoneRings[zone]; ring < a.ZoneRings[zone + 1]; ring++) sum = Plus(sum, integralA.At(a.RingStarts[ring + 1] - 1));
                areas[zone] = integralA.ToSquareMetres(sum);
            }
            return areas;
        }

        private bool TryFast(int zoneA, int zoneB, out (double Plane, double Ground) area)
        {
            area = default;
            crossings.Clear();
            var indexesB = Edges(a, zoneA) <= Edges(b, zoneB);
            var index = indexesB ? IndexB(zoneB) : IndexA(zoneA);
            if (!BoundaryCrossings.Find(a, zoneA, b, zoneB, index, indexesB, indexesB ? boundsB : boundsA, indexesB ? boundsA : boundsB, crossings)) return false;
            crossings.Sort(static (l, r) => l.EdgeA != r.EdgeA ? l.EdgeA.CompareTo(r.EdgeA) : l.ShareA.CompareTo(r.ShareA));
            if (!Stretches(a, zoneA, integralA, first: true, boundsA, boundsB.Zone(zoneB), () => IndexB(zoneB), out var ofA)) return false;
            crossings.Sort(static (l, r) => l.EdgeB != r.EdgeB ? l.EdgeB.CompareTo(r.EdgeB) : l.ShareB.CompareTo(r.ShareB));
            if (!Stretches(b, zoneB, integralB, first: false, boundsB, boundsA.Zone(zoneA), () => IndexA(zoneA), out var ofB)) return false;
            area = (ofA.Plane + ofB.Plane, ofA.Ground + ofB.Ground);
            return true;
        }

        /// <summary>Integral over the stretches of one polygon's rings that lie inside the other.</summary>
        private bool Stretches(
            ZonePolygons polygons, int zone, BoundaryIntegral integral, bool first, PolygonBounds bounds, (double West, double South, double East, double North) other, Func<EdgeIndex> otherIndex, out (double Plane, double Ground) sum)
        {
            sum = default;
            var next = 0;
            for (var ring = polygons.ZoneRings[zone]; ring < polygons.ZoneRings[zone + 1]; ring++)
            {
                var (start, last) = (polygons.RingStarts[ring], polygons.RingStarts[ring + 1] - 1);
                var from = next;
                while (next < crossings.Count && Edge(next, first) < last) next++;
                if (next == from)
                {
                    if (!bounds.RingMeets(ring, other.West, other.South, other.East, other.North)) continue;
                    var place = otherIndex().Locate(polygons.X[start], polygons.Y[start]);
                    if (place == 0) return false;
                    if (place > 0) sum = Plus(sum, integral.At(last));
                    continue;
                }
                if ((next - from) % 2 != 0) return false;
                for (var k = from; k < next; k++)
                {
                    var after = k + 1 < next ? k + 1 : from;
                    var enters = crossings[k].Enters == first;
                    if (crossings[after].Enters == crossings[k].Enters || (after > k && HaveNoOrder(crossings[k], crossings[after], first))) return false;
                    if (enters) sum = Plus(sum, Stretch(polygons, integral, first, start, last, crossings[k], crossings[after], wraps: after <= k));
                }
            }
            return true;
        }

        private static bool HaveNoOrder(in Crossing one, in Crossing next, bool first) => first
            ? one.EdgeA == next.EdgeA && next.ShareA - one.ShareA <= one.Doubt + next.Doubt
            : one.EdgeB == next.EdgeB && next.ShareB - one.ShareB <= one.Doubt + next.Doubt;

        private static (double Plane, double Ground) Stretch(ZonePolygons polygons, BoundaryIntegral integral, bool first, int start, int last, Crossing entry, Crossing exit, bool wraps)
        {
            var (from, to) = first ? (entry.EdgeA, exit.EdgeA) : (entry.EdgeB, exit.EdgeB);
            if (from == to && !wraps) return integral.Piece(entry.X, entry.Y, exit.X, exit.Y);
            var sum = Plus(integral.Piece(entry.X, entry.Y, polygons.X[from + 1], polygons.Y[from + 1]), integral.Piece(polygons.X[to], polygons.Y[to], exit.X, exit.Y));
            sum = Plus(Minus(sum, integral.At(from + 1)), integral.At(to));
            return wraps ? Plus(sum, Minus(integral.At(last), integral.At(start))) : sum;
        }

        private (double Plane, double Ground) Robust(int zoneA, int zoneB)
        {
            RobustPairs++;
            try
            {
                var common = OverlayNGRobust.Overlay(ZoneGeometry.Of(a, zoneA), ZoneGeometry.Of(b, zoneB), NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection);
                var builder = new ZonePolygonBuilder(a.Crs, a.IsGeographic, "");
                for (var i = 0; i < common.NumGeometries; i++)
                {
                    if (common.GetGeometryN(i) is Polygon { IsEmpty: false } polygon) builder.Add("", polygon);
                }
                var parts = builder.Build();
                var integral = new BoundaryIntegral(parts, originX, originY, metresPerUnit, table);
                (double Plane, double Ground) sum = default;
                for (var ring = 0; ring + 1 < parts.RingStarts.Length; ring++) sum = Plus(sum, integral.At(parts.RingStarts[ring + 1] - 1));
                return sum;
            }
            catch (Exception exception) when (exception is TopologyException or ArgumentException)
            {
                Faults.Add(NoOverlay(a, zoneA, b, zoneB, exception));
                return default;
            }
        }

        private static (double, double) Plus((double Plane, double Ground) l, (double Plane, double Ground) r) => (l.Plane + r.Plane, l.Ground + r.Ground);

        private static (double, double) Minus((double Plane, double Ground) l, (double Plane, double Ground) r) => (l.Plane - r.Plane, l.Ground - r.Ground);

        private static int Edges(ZonePolygons polygons, int zone) => polygons.RingStarts[polygons.ZoneRings[zone + 1]] - polygons.RingStarts[polygons.ZoneRings[zone]];

        private int Edge(int crossing, bool first) => first ? crossings[crossing].EdgeA : crossings[crossing].EdgeB;

        private EdgeIndex IndexA(int zone) => indexA[zone] ??= new EdgeIndex(a, zone);

        private EdgeIndex IndexB(int zone) => indexB[zone] ??= new EdgeIndex(b, zone);
    }
}
