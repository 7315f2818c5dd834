namespace GeoHarm.Spatial.Statistics;

/// <summary>Options of kernel density.</summary>
public sealed record KernelDensityOptions
{
    /// <summary>Radius beyond which a point adds nothing, in the unit of the coordinates (metres), positive; default 20,000:
    /// about the size of a Colombian municipality.</summary>
    public double Radius { get; init; } = 20_000;

    /// <summary>Threads, 1 or more; the results do not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>
/// Density of weighted points on a grid with the quartic kernel K(u) = 3 / (pi r^2) (1 - u^2)^2, u = distance / r below 1
/// (Silverman 1986, equation 4.5). Each point's kernel integrates to its weight over the plane; what falls outside the
/// grid is lost, not folded back. Values are weight per unit of area at cell centres. Cells are summed over points in
/// their order, whatever the number of threads. Cost: points times cells within a radius.
/// </summary>
public static class KernelDensity
{
    /// <summary>Fills <paramref name="density"/> (row-major, first row in the north) for a grid whose north-west corner is
    /// (left, top) and whose cells are square.</summary>
    public static void Run(
        double[] x, double[] y, double[] weight, double left, double top, double cellSize, int width, int height, double[] density,
        KernelDensityOptions? options = null)
    {
        options ??= new KernelDensityOptions();
        if (!(options.Radius > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Radius, "The radius is positive.");
        if (!(cellSize > 0)) throw new ArgumentOutOfRangeException(nameof(cellSize), cellSize, "The cell size is positive.");
        if (x.Length != y.Length || x.Length != weight.Length || density.Length != (long)width * height) throw new ArgumentException("Points and grid must fit their sizes.", nameof(x));
        double radius = options.Radius, norm = 3 / (Math.PI * radius * radius);
        Parallel.For(0, height, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads) }, row =>
        {
            var cells = density.AsSpan(row * width, width);
            cells.Clear();
            var centreY = top - (row + 0.5) * cellSize;
            for (var p = 0; p < x.Length; p++)
            {
                var dy = (y[p] - centreY) / radius;
                if (!(dy * dy < 1)) continue;
                var reach = Math.Sqrt(1 - dy * dy) * radius;
                var first = Math.Max(0, (int)Math.Ceiling((x[p] - reach - left) / cellSize - 0.5));
                var last = Math.Min(width - 1, (int)Math.Floor((x[p] + reach - left) / cellSize - 0.5));
                for (var c = first; c <= last; c++)
                {
                    var dx = (left + (c + 0.5) * cellSize - x[p]) / radius;
                    var rest = Math.Max(0, 1 - dx * dx - dy * dy);
                    cells[c] += weight[p] * norm * rest * rest;
                }
            }
        });
    }
}
