namespace GeoHarm.Maps.Tiles;

/// <summary>Rounds shapes to a tile's grid and writes them as the commands of the Mapbox Vector Tile specification 2.1,
/// section 4.3: move, line, close, with zig-zag deltas. Rings that collapse on the grid are left out; shells turn
/// clockwise and holes counter-clockwise as the specification asks.</summary>
internal sealed class TileGrid(TileAddress address, int extent)
{
    private readonly double scale = (double)extent * (1 << address.Zoom);
    private readonly double left = (double)address.Column * extent;
    private readonly double top = (double)address.Row * extent;
    private readonly List<(int X, int Y)> points = [];

    /// <summary>Commands of a shape; empty when it collapses.</summary>
    public List<uint> Commands(TileShape shape)
    {
        var commands = new List<uint>();
        var (x, y) = (0, 0);
        if (shape.Kind == TileKind.Points) Points(shape, commands, ref x, ref y);
        else
        {
            var shellDropped = false;
            foreach (var part in shape.Parts)
            {
                Round(part, shape.Kind == TileKind.Polygons);
                if (shape.Kind == TileKind.Lines)
                {
                    if (points.Count > 1) Path(commands, ref x, ref y, false);
                    continue;
                }
                var turn = Turn(points);
                var isShell = TilePart.Area(part.X, part.Y) > 0;
                if (isShell) shellDropped = points.Count < 3 || turn <= 0;

                // A hole belongs to the shell before it: without that shell it would stand as one.
                if (points.Count < 3 || turn == 0 || turn > 0 != isShell || (shellDropped && !isShell)) continue;
                Path(commands, ref x, ref y, true);
            }
        }
        return commands;
    }

    private static long Turn(List<(int X, int Y)> ring)
    {
        var sum = 0L;
        for (int i = 0, j = ring.Count - 1; i < ring.Count; j = i++) sum += (long)ring[j].X * ring[i].Y - (long)ring[i].X * ring[j].Y;
        return sum;
    }

    private void Points(TileShape shape, List<uint> commands, ref int x, ref int y)
    {
        points.Clear();
        foreach (var part in shape.Parts) points.Add(At(part.X[0], part.Y[0]));
        commands.Add(1u | ((uint)points.Count << 3));
        foreach (var point in points) Step(commands, point, ref x, ref y);
    }

    private void Round(TilePart part, bool closed)
    {
        points.Clear();
        for (var i = 0; i < part.X.Length; i++)
        {
            var point = At(part.X[i], part.Y[i]);
            if (points.Count == 0 || points[^1] != point) points.Add(point);
        }
        while (closed && points.Count > 1 && points[^1] == points[0]) points.RemoveAt(points.Count - 1);
    }

    private void Path(List<uint> commands, ref int x, ref int y, bool closed)
    {
        commands.Add(1u | (1u << 3));
        Step(commands, points[0], ref x, ref y);
        commands.Add(2u | ((uint)(points.Count - 1) << 3));
        for (var i = 1; i < points.Count; i++) Step(commands, points[i], ref x, ref y);
        if (closed) commands.Add(7u | (1u << 3));
    }

    private static void Step(List<uint> commands, (int X, int Y) point, ref int x, ref int y)
    {
        commands.Add((uint)WireBuffer.ZigZag(point.X - x));
        commands.Add((uint)WireBuffer.ZigZag(point.Y - y));
        (x, y) = point;
    }

    private (int X, int Y) At(double x, double y) => ((int)Math.Round(x * scale - left), (int)Math.Round(y * scale - top));
}

/// <summary>Cuts parts to a strip between two bounds.</summary>
internal static class TileCut
{
    /// <summary>Adds what lies between low and high on the axis: rings stay closed, lines may fall into pieces.</summary>
    public static void Between(TilePart part, TileKind kind, bool onX, double low, double high, List<TilePart> kept)
    {
        var (least, most) = onX ? (part.MinX, part.MaxX) : (part.MinY, part.MaxY);
        if (least > high || most < low) return;
        if (least >= low && most <= high) kept.Add(part);
        else if (kind == TileKind.Polygons && part.Half(onX, low, 1)?.Half(onX, high, -1) is { } ring) kept.Add(ring);
        else if (kind == TileKind.Lines) Line(part, onX, low, high, kept);
    }

    // Each segment is cut by its share between the bounds (Liang and Barsky 1984); touching pieces are one line.
    private static void Line(TilePart part, bool onX, double low, double high, List<TilePart> kept)
    {
        var along = onX ? part.X : part.Y;
        var (x, y) = (new List<double>(), new List<double>());
        for (var i = 0; i + 1 < part.X.Length; i++)
        {
            var (a, b) = (along[i], along[i + 1]);
            var (from, to) = (0.0, 1.0);
            if (a == b)
            {
                if (a < low || a > high) continue;
            }
            else
            {
                var (t1, t2) = ((low - a) / (b - a), (high - a) / (b - a));
                (from, to) = (Math.Max(from, Math.Min(t1, t2)), Math.Min(to, Math.Max(t1, t2)));
                if (from > to) continue;
            }
            var start = At(part, i, from);
            if (x.Count > 0 && (x[^1] != start.X || y[^1] != start.Y)) Flush();
            if (x.Count == 0) Push(start);
            Push(At(part, i, to));
        }
        Flush();

        void Push((double X, double Y) p)
        {
            x.Add(p.X);
            y.Add(p.Y);
        }

        void Flush()
        {
            if (x.Count > 1) kept.Add(new TilePart(x.ToArray(), y.ToArray(), []));
            x.Clear();
            y.Clear();
        }
    }

    private static (double X, double Y) At(TilePart part, int i, double t) => t == 0 ? (part.X[i], part.Y[i])
        : t == 1 ? (part.X[i + 1], part.Y[i + 1])
        : (part.X[i] + (part.X[i + 1] - part.X[i]) * t, part.Y[i] + (part.Y[i + 1] - part.Y[i]) * t);
}
