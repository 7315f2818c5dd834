using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Zonal;

/// <summary>
/// Gathers zones from well-known binary or from geometries and turns rings the right way round. Longitudes that jump
/// by more than half the globe are taken to cross the antimeridian when the ring is narrower that way, with a warning.
/// Faults: GH3202 no polygon, GH3203 coordinate not finite, GH3204 ring open or too short, GH3205 no area,
/// GH3206 WKB cut or of a kind not known; warning GH3207 antimeridian.
/// </summary>
public sealed class ZonePolygonBuilder
{
    private const string FixRemedy = "mend the geometry (QGIS: Vector geometry > Fix geometries) and run again";
    private readonly CoordinateSystem crs;
    private readonly bool geographic;
    private readonly string source;
    private readonly List<string> ids = [];
    private readonly List<int> ringStarts = [0];
    private readonly List<int> zoneRings = [0];
    private readonly List<bool> bad = [];
    private readonly List<Fault> faults = [];
    private double[] x;
    private double[] y;
    private int count;
    private string? wrong;
    private string wrongCode = "";
    private bool crossed;
    private (double West, double East)? shell;

    /// <summary>Starts with no zones.</summary>
    /// <param name="crs">Coordinate system of what will be added.</param>
    /// <param name="geographic">Whether x is longitude in degrees.</param>
    /// <param name="source">Name for faults.</param>
    /// <param name="vertices">Vertices to expect; more are welcome.</param>
    public ZonePolygonBuilder(CoordinateSystem crs, bool geographic, string source, int vertices = 4096)
    {
        (this.crs, this.geographic, this.source) = (crs, geographic, source);
        (x, y) = (new double[vertices], new double[vertices]);
    }

    /// <summary>Adds a zone from a geometry; null and empty ones become faults.</summary>
    public void Add(string id, Geometry? geometry)
    {
        wrong = null;
        if (geometry is null || geometry.IsEmpty) Say("GH3202", "the zone has no geometry");
        else if (geometry is not (Polygon or MultiPolygon)) Say("GH3202", $"the zone is a {geometry.GeometryType}, not a polygon");
        else
        {
            for (var part = 0; part < geometry.NumGeometries; part++)
            {
                var polygon = (Polygon)geometry.GetGeometryN(part);
                if (polygon.IsEmpty) continue;
                AddRing(polygon.Shell.CoordinateSequence, hole: false);
                foreach (var hole in polygon.Holes) AddRing(hole.CoordinateSequence, hole: true);
            }
        }
        Finish(id);
    }

    /// <summary>Adds a zone from well-known binary, ISO or extended, of either byte order; z and m are passed over.</summary>
    public void AddWkb(string id, ReadOnlySpan<byte> wkb)
    {
        wrong = null;
        if (wkb.IsEmpty) Say("GH3202", "the zone has no geometry");
        else
        {
            var reader = new WkbCursor(wkb);
            ReadGeometry(ref reader);
            if (reader.IsCut) Say("GH3206", "its binary geometry is cut short");
        }
        Finish(id);
    }

    /// <summary>The zones gathered.</summary>
    public ZonePolygons Build()
    {
        if (x.Length > count + count / 4)
        {
            Array.Resize(ref x, count);
            Array.Resize(ref y, count);
        }
        return new ZonePolygons(crs, geographic, [.. ids], x, y, [.. ringStarts], [.. zoneRings], [.. bad], faults, source);
    }

    private void ReadGeometry(ref WkbCursor reader)
    {
        var kind = reader.Header(out var stride);
        if (kind is 6 or 7)
        {
            var parts = reader.Count(9);
            for (var i = 0; i < parts && !reader.IsCut && wrong is null; i++) ReadGeometry(ref reader);
        }
        else if (kind == 3)
        {
            var rings = reader.Count(4);
            for (var i = 0; i < rings && !reader.IsCut; i++) ReadRing(ref reader, stride, hole: i > 0);
        }
        else if (!reader.IsCut)
        {
            Say(kind is >= 1 and <= 5 ? "GH3202" : "GH3206", $"the zone holds a geometry of kind {kind}, not a polygon");
        }
    }

    private void ReadRing(ref WkbCursor reader, int stride, bool hole)
    {
        var points = reader.Count(stride * 8);
        Reserve(points);
        var start = count;
        if (reader.Doubles(points, stride) is { IsEmpty: false } pairs)
        {
            var toX = x.AsSpan(start, points);
            var toY = y.AsSpan(start, points);
            for (var i = 0; i < toX.Length; i++) (toX[i], toY[i]) = (pairs[2 * i], pairs[2 * i + 1]);
            count += points;
        }
        else
        {
            for (var i = 0; i < points; i++, count++) (x[count], y[count]) = reader.Point(stride);
        }
        CloseRing(start, hole);
    }

    private void AddRing(CoordinateSequence ring, bool hole)
    {
        Reserve(ring.Count);
        var start = count;
        for (var i = 0; i < ring.Count; i++, count++) (x[count], y[count]) = (ring.GetX(i), ring.GetY(i));
        CloseRing(start, hole);
    }

    private void CloseRing(int start, bool hole)
    {
        var points = count - start;
        if (points == 0) return;
        var shape = Measure(start);
        if (points < 4 || !double.IsFinite(shape.TwiceArea))
        {
            for (var i = start; i < count; i++)
            {
                if (double.IsFinite(x[i]) && double.IsFinite(y[i])) continue;
                Say("GH3203", $"vertex {i - start + 1} is not a finite number");
                return;
            }
        }
        if (points < 4 || x[start] != x[count - 1] || y[start] != y[count - 1])
        {
            Say("GH3204", points < 4 ? $"a ring has {points} vertices; the least is 4" : "a ring does not end where it begins");
            return;
        }
        if (geographic && shape.Jumps && Unwrap(start)) shape = Measure(start);
        if (geographic && hole && shell is { } around && (shape.West > around.East || shape.East < around.West))
        {
            var turn = shape.West > around.East ? -360 : 360;
            for (var i = start; i < count; i++) x[i] += turn;
        }
        if (!hole) shell = (shape.West, shape.East);
        if (shape.TwiceArea == 0)
        {
            if (!hole) Say("GH3205", "a ring encloses no area");
            count = start;
            return;
        }
        if (shape.TwiceArea > 0 == hole)
        {
            Array.Reverse(x, start, points);
            Array.Reverse(y, start, points);
        }
        ringStarts.Add(count);
    }

    /// <summary>Signed area, not finite where a vertex is not; bounds in x; whether x ever moves by more than 180.</summary>
    private (double TwiceArea, double West, double East, bool Jumps) Measure(int start)
    {
        var xs = x.AsSpan(start, count - start);
        var ys = y.AsSpan(start, count - start);
        var (originX, originY) = (xs[0], ys[0]);
        double twice = 0, west = originX, east = originX, widest = 0;
        var (x0, y0) = (0.0, 0.0);
        for (var i = 1; i < xs.Length; i++)
        {
            var (x1, y1) = (xs[i] - originX, ys[i] - originY);
            twice += x0 * y1 - x1 * y0;
            if (xs[i] < west) west = xs[i];
            if (xs[i] > east) east = xs[i];
            var step = Math.Abs(x1 - x0);
            if (step > widest) widest = step;
            (x0, y0) = (x1, y1);
        }
        return (twice, west, east, widest > 180);
    }

    /// <summary>Draws a ring that jumps across the antimeridian in one piece, if it is narrower so.</summary>
    private bool Unwrap(int start)
    {
        double shift = 0, low = x[start], high = low;
        for (var i = start + 1; i < count; i++)
        {
            if (x[i] - x[i - 1] > 180) shift -= 360;
            else if (x[i] - x[i - 1] < -180) shift += 360;
            (low, high) = (Math.Min(low, x[i] + shift), Math.Max(high, x[i] + shift));
        }
        // A ring as wide either way, or one that does not come back to its start, is left as it is drawn.
        if (shift != 0 || high - low >= 180) return false;
        var previous = x[start];
        for (var i = start + 1; i < count; i++)
        {
            var raw = x[i];
            if (raw - previous > 180) shift -= 360;
            else if (raw - previous < -180) shift += 360;
            previous = raw;
            x[i] = raw + shift;
        }
        return crossed = true;
    }

    private void Finish(string id)
    {
        var zone = ids.Count;
        ids.Add(id);
        var first = zoneRings[^1];
        if (wrong is null && ringStarts.Count - 1 == first) Say("GH3202", "the zone is empty");
        if (wrong is not null)
        {
            ringStarts.RemoveRange(first + 1, ringStarts.Count - 1 - first);
            count = ringStarts[^1];
            faults.Add(new Fault(FaultSeverity.Error, wrongCode, source, $"feature {zone + 1} ({id})", wrong, FixRemedy));
        }
        else if (crossed)
        {
            faults.Add(new Fault(
                FaultSeverity.Warning, "GH3207", source, $"feature {zone + 1} ({id})", "a ring jumps by more than 180 degrees of longitude; it is taken to cross the antimeridian",
                "cut the polygon at 180 degrees, as RFC 7946 asks"));
        }
        crossed = false;
        shell = null;
        bad.Add(wrong is not null);
        zoneRings.Add(ringStarts.Count - 1);
    }

    private void Say(string code, string message)
    {
        if (wrong is null) (wrongCode, wrong) = (code, message);
    }

    private void Reserve(int points)
    {
        if (count + points <= x.Length) return;
        // Growth by half: doubling would hold three times the vertices while it copies.
        var size = Math.Max(checked(count + points), x.Length + x.Length / 2);
        Array.Resize(ref x, size);
        Array.Resize(ref y, size);
    }

    private ref struct WkbCursor(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at;
        private bool little = true;

        public bool IsCut { get; private set; }

        public uint Header(out int stride)
        {
            stride = 2;
            if (!Has(5)) return 0;
            little = bytes[at++] == 1;
            var type = UInt32();
            var z = (type & 0x80000000) != 0;
            var m = (type & 0x40000000) != 0;
            if ((type & 0x20000000) != 0 && Has(4)) at += 4;
            type &= 0x1FFFFFFF;
            var iso = type / 1000;
            stride = 2 + (z || iso is 1 or 3 ? 1 : 0) + (m || iso is 2 or 3 ? 1 : 0);
            return type % 1000;
        }

        /// <summary>A number of things of at least so many bytes each, checked against what is left.</summary>
        public int Count(int least)
        {
            if (!Has(4)) return 0;
            var number = UInt32();
            if ((long)number * least <= bytes.Length - at) return (int)number;
            IsCut = true;
            return 0;
        }

        /// <summary>The points as plain numbers where the bytes already are those of this machine; else empty.</summary>
        public ReadOnlySpan<double> Doubles(int points, int stride)
        {
            if (!little || stride != 2 || !BitConverter.IsLittleEndian) return default;
            var pairs = MemoryMarshal.Cast<byte, double>(bytes.Slice(at, points * 16));
            at += points * 16;
            return pairs;
        }

        public (double X, double Y) Point(int stride)
        {
            var point = little
                ? (BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]), BinaryPrimitives.ReadDoubleLittleEndian(bytes[(at + 8)..]))
                : (BinaryPrimitives.ReadDoubleBigEndian(bytes[at..]), BinaryPrimitives.ReadDoubleBigEndian(bytes[(at + 8)..]));
            at += stride * 8;
            return point;
        }

        private uint UInt32()
        {
            var value = little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            at += 4;
            return value;
        }

        private bool Has(int size)
        {
            if (!IsCut && bytes.Length - at >= size) return true;
            IsCut = true;
            return false;
        }
    }
}
