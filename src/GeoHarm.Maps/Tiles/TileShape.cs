namespace GeoHarm.Maps.Tiles;

/// <summary>A line, ring or point of a feature in world coordinates (0 to 1 from west to east and north to south), with
/// the weight of each vertex. Rings are closed without a repeated last vertex.</summary>
internal sealed class TilePart
{
    public TilePart(double[] x, double[] y, double[] weight)
    {
        (X, Y, Weight) = (x, y, weight);
        (MinX, MinY, MaxX, MaxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < x.Length; i++)
        {
            (MinX, MaxX) = (Math.Min(MinX, x[i]), Math.Max(MaxX, x[i]));
            (MinY, MaxY) = (Math.Min(MinY, y[i]), Math.Max(MaxY, y[i]));
        }
    }

    public double[] X { get; }

    public double[] Y { get; }

    public double[] Weight { get; }

    public double MinX { get; }

    public double MinY { get; }

    public double MaxX { get; }

    public double MaxY { get; }

    /// <summary>Signed area of the closed part; positive when it turns clockwise as seen on the map (rows grow southward).</summary>
    public static double Area(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (int i = 0, j = x.Length - 1; i < x.Length; j = i++) sum += x[j] * y[i] - x[i] * y[j];
        return sum / 2;
    }

    /// <summary>The part with the vertices whose weight reaches the least; null when a ring keeps fewer than three.</summary>
    public TilePart? Thinned(double least, int fewest)
    {
        var count = 0;
        foreach (var w in Weight) count += w >= least ? 1 : 0;
        if (count == Weight.Length) return this;
        if (count < fewest) return null;
        var (x, y, weight) = (new double[count], new double[count], new double[count]);
        for (int i = 0, k = 0; i < Weight.Length; i++)
        {
            if (Weight[i] >= least) (x[k], y[k], weight[k++]) = (X[i], Y[i], Weight[i]);
        }
        return new TilePart(x, y, weight);
    }

    /// <summary>The ring cut at a line: what lies on the side of <paramref name="sign"/> of the bound, on the x axis or
    /// the y axis (Sutherland and Hodgman 1974). Null when nothing is left.</summary>
    public TilePart? Half(bool onX, double bound, int sign)
    {
        var (least, most) = onX ? (MinX, MaxX) : (MinY, MaxY);
        if (sign > 0 ? least >= bound : most <= bound) return this;
        if (sign > 0 ? most < bound : least > bound) return null;
        var along = onX ? X : Y;
        var (x, y) = (new List<double>(X.Length + 4), new List<double>(X.Length + 4));
        for (int i = 0, j = X.Length - 1; i < X.Length; j = i++)
        {
            var (dj, di) = (sign * (along[j] - bound), sign * (along[i] - bound));
            if (dj >= 0 != di >= 0)
            {
                var t = dj / (dj - di);
                x.Add(onX ? bound : X[j] + (X[i] - X[j]) * t);
                y.Add(onX ? Y[j] + (Y[i] - Y[j]) * t : bound);
            }
            if (di >= 0)
            {
                x.Add(X[i]);
                y.Add(Y[i]);
            }
        }
        return x.Count < 3 ? null : new TilePart(x.ToArray(), y.ToArray(), []);
    }
}

/// <summary>Kind of a feature's parts.</summary>
internal enum TileKind
{
    Points = 1,
    Lines = 2,
    Polygons = 3,
}

/// <summary>A feature: its row in the layer and its parts; a polygon's parts are shells and holes by their turn.</summary>
internal sealed record TileShape(int Row, TileKind Kind, IReadOnlyList<TilePart> Parts)
{
    /// <summary>Box of all parts.</summary>
    public (double MinX, double MinY, double MaxX, double MaxY) Box { get; } =
        (Parts.Min(p => p.MinX), Parts.Min(p => p.MinY), Parts.Max(p => p.MaxX), Parts.Max(p => p.MaxY));
}
