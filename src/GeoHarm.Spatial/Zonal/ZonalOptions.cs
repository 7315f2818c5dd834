using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Zonal;

/// <summary>How zonal statistics are computed.</summary>
public sealed record ZonalOptions
{
    /// <summary>Areas of cells; default null: the ellipsoid for longitude and latitude, the plane otherwise.</summary>
    public CellAreas? Areas { get; init; }

    /// <summary>A raster on the same grid whose cells weigh those of the first, in place of area; default none. Cells
    /// where it has no data weigh nothing.</summary>
    public IRasterSource? Weights { get; init; }

    /// <summary>Whether the distribution of values is kept for rasters other than bytes (by value, quantiles, majority);
    /// default true. Sums, means and extremes do not need it and are faster without. Bytes always keep it.</summary>
    public bool KeepsDistribution { get; init; } = true;

    /// <summary>Most distinct values a zone keeps, default 65,536 (3 MB), at least 2. Past it values are rounded to 12
    /// bits, so quantiles are then within 0.025 % of the value and the result says so.</summary>
    public int DistinctValues { get; init; } = 65_536;

    /// <summary>Threads, default 1, 1 to 256. Results have the same bits on any number.</summary>
    public int Threads { get; init; } = 1;
}
