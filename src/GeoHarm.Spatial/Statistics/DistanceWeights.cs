using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// Neighbours by distance between points of a plane, usually the centroids of units in a projected system. Distances are in
/// the unit of the coordinates (metres). Every link has weight 1 unless said otherwise; row-standardise where the model asks.
/// </summary>
public static class DistanceWeights
{
    /// <summary>Centroids of geometries; a null or empty one is refused by name.</summary>
    public static (double[] X, double[] Y) Centroids(IReadOnlyList<Geometry?> geometries)
    {
        var (x, y) = (new double[geometries.Count], new double[geometries.Count]);
        for (var i = 0; i < geometries.Count; i++)
        {
            if (geometries[i] is not { IsEmpty: false } geometry) throw new ArgumentException($"Feature {i} has no geometry and so no centroid.", nameof(geometries));
            var centroid = geometry.Centroid;
            (x[i], y[i]) = (centroid.X, centroid.Y);
        }
        return (x, y);
    }

    /// <summary>The k nearest points of each; ties go to the lower index.</summary>
    public static SpatialWeights KNearest(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int k)
    {
        if (k < 1 || k >= x.Length) throw new ArgumentOutOfRangeException(nameof(k), k, "k lies between 1 and one less than the number of units.");
        var tree = new PointTree(x, y);
        return SpatialWeights.FromRows(Enumerable.Range(0, tree.Count).Select(i => tree.Nearest(i, k)).ToArray());
    }

    /// <summary>All points nearer than a distance.</summary>
    public static SpatialWeights Within(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double distance) => Ring(x, y, 0, distance);

    /// <summary>All points at a distance in [from, to).</summary>
    public static SpatialWeights Ring(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double from, double to)
    {
        if (!(from >= 0 && to > from)) throw new ArgumentOutOfRangeException(nameof(to), to, "A ring runs from a distance of at least 0 to a larger one.");
        var tree = new PointTree(x, y);
        return SpatialWeights.FromRows(Enumerable.Range(0, tree.Count).Select(i => tree.Within(i, from, to).ToArray()).ToArray());
    }

    /// <summary>Weights 1 - d / distance to all points nearer than a distance (Bartlett's kernel).</summary>
    public static SpatialWeights Bartlett(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double distance) => Weighted(Within(x, y, distance), x, y, (_, _, apart) => 1 - apart / distance);

    /// <summary>Weights 1 / distance^power within a distance; coinciding points are refused.</summary>
    public static SpatialWeights Inverse(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double distance, double power = 1) => Weighted(
        Within(x, y, distance), x, y,
        (i, j, apart) => apart > 0 ? Quantities.PortableMath.Pow(apart, -power) : throw new ArgumentException($"Units {i} and {j} lie at the same point: inverse distance has no value."));

    private static SpatialWeights Weighted(SpatialWeights links, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Func<int, int, double, double> weight)
    {
        var (xs, ys) = (x.ToArray(), y.ToArray());
        var rows = new int[links.Count][];
        var weights = new double[links.Count][];
        for (var i = 0; i < links.Count; i++)
        {
            rows[i] = links.Neighbours(i).ToArray();
            weights[i] = Array.ConvertAll(rows[i], j => weight(i, j, Math.Sqrt((xs[i] - xs[j]) * (xs[i] - xs[j]) + (ys[i] - ys[j]) * (ys[i] - ys[j]))));
        }
        return SpatialWeights.FromRows(rows, weights);
    }
}
