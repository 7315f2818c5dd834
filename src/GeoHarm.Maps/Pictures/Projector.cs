using GeoHarm.Maps.Pictures.Projections;
using SkiaSharp;

namespace GeoHarm.Maps.Pictures;

/// <summary>Longitudes and latitudes to points of the page: a projection, a scale and a frame. The extent is centred
/// in the frame and fills it in one direction at least.</summary>
internal sealed class Projector
{
    private const int EdgeSamples = 24;
    private readonly IMapProjection projection;
    private readonly double offsetX;
    private readonly double offsetY;

    public Projector(IMapProjection projection, MapExtent extent, SKRect frame)
    {
        (this.projection, Frame) = (projection, frame);
        var (minX, minY, maxX, maxY) = PlaneBounds(extent);
        PointsPerMetre = Math.Min(frame.Width / (maxX - minX), frame.Height / (maxY - minY));
        offsetX = frame.MidX - PointsPerMetre * (minX + maxX) / 2;
        offsetY = frame.MidY + PointsPerMetre * (minY + maxY) / 2;
        Window = WindowOf(extent);
    }

    /// <summary>Where the map is on the page.</summary>
    public SKRect Frame { get; }

    /// <summary>Points of the page to a metre of the plane.</summary>
    public double PointsPerMetre { get; }

    /// <summary>All longitudes and latitudes that the frame can show.</summary>
    public MapExtent Window { get; }

    /// <summary>Name of the projection.</summary>
    public string Name => projection.Name;

    /// <summary>Longitude about which the map wraps.</summary>
    public double CentreLongitude => projection.CentreLongitude;

    /// <summary>Point of the page.</summary>
    public SKPoint At(double longitude, double latitude)
    {
        var (x, y) = projection.Forward(longitude, latitude);
        return new SKPoint((float)(offsetX + PointsPerMetre * x), (float)(offsetY - PointsPerMetre * y));
    }

    /// <summary>Longitude and latitude of a point of the page; false off the globe.</summary>
    public bool TryInverse(float x, float y, out double longitude, out double latitude) =>
        projection.TryInverse((x - offsetX) / PointsPerMetre, (offsetY - y) / PointsPerMetre, out longitude, out latitude);

    /// <summary>The longitude, moved by whole turns to within half a turn of the centre.</summary>
    public double Near(double longitude)
    {
        while (longitude > CentreLongitude + 180) longitude -= 360;
        while (longitude < CentreLongitude - 180) longitude += 360;
        return longitude;
    }

    /// <summary>Degrees between up and north at a point of the page; NaN off the globe.</summary>
    public double Convergence(float x, float y)
    {
        if (!TryInverse(x, y, out var longitude, out var latitude) || Math.Abs(latitude) > 89) return double.NaN;
        var (from, to) = (At(longitude, latitude - 0.1), At(longitude, latitude + 0.1));
        return Math.Atan2(to.X - from.X, from.Y - to.Y) * 180 / Math.PI;
    }

    /// <summary>Width and height of a window on the page, points.</summary>
    public (float Width, float Height) SizeOf(MapExtent extent)
    {
        var (minX, minY, maxX, maxY) = PlaneBounds(extent);
        return ((float)((maxX - minX) * PointsPerMetre), (float)((maxY - minY) * PointsPerMetre));
    }

    private (double MinX, double MinY, double MaxX, double MaxY) PlaneBounds(MapExtent extent)
    {
        var (minX, minY, maxX, maxY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i <= EdgeSamples; i++)
        {
            for (var j = 0; j <= EdgeSamples; j++)
            {
                var (x, y) = projection.Forward(
                    extent.West + (extent.East - extent.West) * i / EdgeSamples, extent.South + (extent.North - extent.South) * j / EdgeSamples);
                (minX, maxX, minY, maxY) = (Math.Min(minX, x), Math.Max(maxX, x), Math.Min(minY, y), Math.Max(maxY, y));
            }
        }
        return (minX, minY, maxX, maxY);
    }

    private MapExtent WindowOf(MapExtent extent)
    {
        var (west, south, east, north) = (extent.West, extent.South, extent.East, extent.North);
        var whole = false;
        for (var i = 0; i <= EdgeSamples; i++)
        {
            for (var j = 0; j <= EdgeSamples; j++)
            {
                var x = Frame.Left + Frame.Width * i / EdgeSamples;
                var y = Frame.Top + Frame.Height * j / EdgeSamples;
                if (!TryInverse(x, y, out var longitude, out var latitude)) whole = true;
                (west, east, south, north) = (Math.Min(west, longitude), Math.Max(east, longitude), Math.Min(south, latitude), Math.Max(north, latitude));
            }
        }

        // The samples may miss a bulge between them, and lines are drawn a little beyond the frame.
        var pad = 0.02 * (east - west) + 0.2;
        if (whole || east - west + 2 * pad >= 355 || north > 88 || south < -88) return new MapExtent(CentreLongitude - 179.99, -89.99, CentreLongitude + 179.99, 89.99);
        return new MapExtent(west - pad, Math.Max(-89.99, south - pad), east + pad, Math.Min(89.99, north + pad));
    }
}
