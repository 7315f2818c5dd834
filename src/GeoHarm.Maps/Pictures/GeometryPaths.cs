using GeoHarm.Maps.Pictures.Projections;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>
/// Geometry to paths on the page: rings are unwrapped across the antimeridian, clipped to the window (Sutherland and
/// Hodgman 1974, https://doi.org/10.1145/360767.360802), thinned to what the page can show and their long edges cut up,
/// so that a parallel curves as it should.
/// </summary>
internal sealed class GeometryPaths(Projector projector)
{
    /// <summary>Vertices nearer than this to the last one are skipped, points: a quarter of a pixel at 144 dpi.</summary>
    private const double Thinness = 0.12;

    /// <summary>Longest edge that is drawn straight, degrees.</summary>
    private const double LongestEdge = 1.5;

    private const double MetresPerDegree = 111_320;
    private readonly double tolerance = Thinness / projector.PointsPerMetre / MetresPerDegree;
    private List<Coordinate2> ring = new(1024);
    private List<Coordinate2> spare = new(1024);
    private SKPoint[] points = new SKPoint[1024];

    private readonly record struct Coordinate2(double X, double Y);

    /// <summary>The path of polygons and lines; empty for points and for what lies outside the window.</summary>
    public SKPath Of(Geometry geometry, Func<double, double, (double Longitude, double Latitude)>? reader)
    {
        var path = new SKPath { FillType = SKPathFillType.EvenOdd };
        if (reader is null && IsOutside(geometry.EnvelopeInternal)) return path;
        for (var n = 0; n < geometry.NumGeometries; n++)
        {
            switch (geometry.GetGeometryN(n))
            {
                case Polygon polygon:
                    Add(path, polygon.ExteriorRing.CoordinateSequence, reader, true);
                    for (var h = 0; h < polygon.NumInteriorRings; h++) Add(path, polygon.GetInteriorRingN(h).CoordinateSequence, reader, true);
                    break;
                case LineString line:
                    Add(path, line.CoordinateSequence, reader, false);
                    break;
                case GeometryCollection collection when collection is not MultiPoint:
                    using (var inner = Of(collection, reader)) path.AddPath(inner);
                    break;
            }
        }
        return path;
    }

    // Decided without reading a vertex: most zones of a wide layer lie outside a map of one country.
    private bool IsOutside(Envelope box)
    {
        var window = projector.Window;
        if (box.MinY > window.North || box.MaxY < window.South) return true;
        return box.Width < 180 && Math.Ceiling((window.West - box.MaxX) / 360) > Math.Floor((window.East - box.MinX) / 360);
    }

    private void Add(SKPath path, CoordinateSequence sequence, Func<double, double, (double, double)>? reader, bool closed)
    {
        if (sequence.Count < 2) return;
        var (west, south, east, north) = Unwrap(sequence, reader);
        var window = projector.Window;
        if (south > window.North || north < window.South) return;
        var first = Math.Ceiling((window.West - east) / 360);
        var last = Math.Floor((window.East - west) / 360);
        for (var turn = first; turn <= last; turn++)
        {
            var shift = 360 * turn;
            var inside = west + shift >= window.West && east + shift <= window.East && south >= window.South && north <= window.North;
            if (inside) Emit(path, ring, shift, closed);
            else if (closed) Emit(path, Clipped(shift), 0, true);
            else EmitInside(path, shift);
        }
    }

    // Fills the ring buffer with longitudes made continuous, thinned; returns its box.
    private (double West, double South, double East, double North) Unwrap(CoordinateSequence sequence, Func<double, double, (double, double)>? reader)
    {
        ring.Clear();
        var (west, south, east, north) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        var (lastX, lastY, turn) = (0.0, 0.0, 0.0);
        for (var i = 0; i < sequence.Count; i++)
        {
            var (x, y) = reader is null ? (sequence.GetX(i), sequence.GetY(i)) : reader(sequence.GetX(i), sequence.GetY(i));
            x += turn;
            if (ring.Count > 0)
            {
                // A jump of more than half a turn is the antimeridian, except along a pole, where maps close rings.
                if (Math.Abs(x - lastX) > 180 && Math.Abs(y) < 89.9)
                {
                    var jump = x > lastX ? -360 : 360;
                    turn += jump;
                    x += jump;
                }
                if (i < sequence.Count - 1 && Math.Abs(x - lastX) < tolerance && Math.Abs(y - lastY) < tolerance) continue;
            }
            ring.Add(new Coordinate2(x, y));
            (lastX, lastY) = (x, y);
            (west, east, south, north) = (Math.Min(west, x), Math.Max(east, x), Math.Min(south, y), Math.Max(north, y));
        }
        return (west, south, east, north);
    }

    private List<Coordinate2> Clipped(double shift)
    {
        var window = projector.Window;
        spare.Clear();
        foreach (var c in ring) spare.Add(new Coordinate2(c.X + shift, c.Y));
        var from = spare;
        foreach (var (axis, bound, sign) in new[] { (0, window.West, 1), (0, window.East, -1), (1, window.South, 1), (1, window.North, -1) })
        {
            from = Half(from, axis, bound, sign);
        }
        return from;
    }

    private static List<Coordinate2> Half(List<Coordinate2> from, int axis, double bound, int sign)
    {
        var to = new List<Coordinate2>(from.Count + 8);
        for (var i = 0; i < from.Count; i++)
        {
            var (a, b) = (from[i], from[(i + 1) % from.Count]);
            var (da, db) = (sign * ((axis == 0 ? a.X : a.Y) - bound), sign * ((axis == 0 ? b.X : b.Y) - bound));
            if (da >= 0) to.Add(a);
            if (da >= 0 != db >= 0)
            {
                var t = da / (da - db);
                to.Add(axis == 0 ? new Coordinate2(bound, a.Y + (b.Y - a.Y) * t) : new Coordinate2(a.X + (b.X - a.X) * t, bound));
            }
        }
        return to;
    }

    // Lines: runs of edges with an end in the window; what sticks out is cut by the frame.
    private void EmitInside(SKPath path, double shift)
    {
        var window = projector.Window;
        var run = new List<Coordinate2>();
        for (var i = 0; i + 1 < ring.Count; i++)
        {
            if (Meets(ring[i], ring[i + 1]))
            {
                if (run.Count == 0) run.Add(ring[i]);
                run.Add(ring[i + 1]);
            }
            else
            {
                Emit(path, run, shift, false);
                run.Clear();
            }
        }
        Emit(path, run, shift, false);

        bool Meets(Coordinate2 a, Coordinate2 b) =>
            Math.Max(a.X, b.X) + shift >= window.West && Math.Min(a.X, b.X) + shift <= window.East
            && Math.Max(a.Y, b.Y) >= window.South && Math.Min(a.Y, b.Y) <= window.North;
    }

    private void Emit(SKPath path, List<Coordinate2> run, double shift, bool closed)
    {
        if (run.Count < (closed ? 3 : 2)) return;
        var count = 0;
        for (var i = 0; i < run.Count; i++)
        {
            if (i > 0)
            {
                var (a, b) = (run[i - 1], run[i]);
                var pieces = (int)(Math.Max(Math.Abs(b.X - a.X), Math.Abs(b.Y - a.Y)) / LongestEdge);
                for (var p = 1; p <= pieces; p++)
                {
                    var t = (double)p / (pieces + 1);
                    Put(ref count, a.X + (b.X - a.X) * t + shift, a.Y + (b.Y - a.Y) * t);
                }
            }
            Put(ref count, run[i].X + shift, run[i].Y);
        }
        path.AddPoly(points.AsSpan(0, count), closed);
    }

    private void Put(ref int count, double longitude, double latitude)
    {
        if (count == points.Length) Array.Resize(ref points, points.Length * 2);
        points[count++] = projector.At(longitude, Math.Clamp(latitude, -90, 90));
    }
}
