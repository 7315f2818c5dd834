using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Tests;
using NetTopologySuite.Geometries;

namespace GeoHarm.Spatial.Tests.Statistics;

public class SpatialWeightsTests
{
    internal static Geometry?[] Grid(int rows, int columns)
    {
        var cells = new Geometry?[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                cells[r * columns + c] = Geometry.DefaultFactory.CreatePolygon([new(c, r), new(c + 1, r), new(c + 1, r + 1), new(c, r + 1), new(c, r)]);
            }
        }
        return cells;
    }

    [Fact]
    public void On_a_chessboard_a_queen_reaches_eight_and_a_rook_four()
    {
        var queen = ContiguityWeights.Queen(Grid(4, 5));
        var rook = ContiguityWeights.Rook(Grid(4, 5));
        Assert.Equal(8, queen.Neighbours(6).Length);
        Assert.Equal([1, 5, 7, 11], rook.Neighbours(6).ToArray());
        Assert.Equal(3, queen.Neighbours(0).Length);
        Assert.Equal(2 * (4 * 4 + 3 * 5), rook.LinkCount);
        Assert.Equal(rook.LinkCount + 2 * 2 * 3 * 4, queen.LinkCount);
        Assert.Empty(queen.Islands);
    }

    [Fact]
    public void Bartlett_weights_fall_to_zero_at_the_distance()
    {
        var weights = DistanceWeights.Bartlett([0.0, 3, 3, 10], [0.0, 0, 4, 0], 6);
        Assert.Equal([1, 2], weights.Neighbours(0).ToArray());
        Assert.Equal(0.5, weights.Weights(0)[0], 1e-15); // 3 of 6
        Assert.Equal(1 - 5.0 / 6, weights.Weights(0)[1], 1e-15);
        Assert.Equal([3], weights.Islands);
    }

    [Fact]
    public void A_unit_without_geometry_or_contact_is_an_island()
    {
        var cells = Grid(1, 3);
        cells[1] = null;
        var weights = ContiguityWeights.Queen(cells);
        Assert.Equal([0, 1, 2], weights.Islands);
        Assert.All(weights.RowStandardised().Lag([1.0, 2, 3]), lag => Assert.Equal(0, lag));
    }

    [Fact]
    public void The_municipal_file_has_the_published_contiguity()
    {
        var file = Shapefile.Read(SharedData.Path("panel/mpio/mpio.shp"));
        var queen = ContiguityWeights.Queen(file.Polygons);
        Assert.Equal(1116, queen.Count);
        Assert.Equal(6670, queen.LinkCount);
        Assert.Equal(5.977, queen.MeanNeighbours, 5e-4);
        Assert.Empty(queen.Islands);
        // The published 1,142,413 km2 are planar, in the file's own projection; on the ellipsoid it is less, as the
        // transverse Mercator stretches away from its meridian.
        Assert.Equal(1_142_413, file.Polygons.Sum(p => p!.Area) / 1e6, 0.5);
    }

    [Fact]
    public void The_countrys_geodesic_area_is_the_projected_one_less_the_stretch_of_the_projection()
    {
        var file = Shapefile.Read(SharedData.Path("panel/mpio/mpio.shp"));
        var toBogota = ProjectedDatum.Find(new Spatial.Crs.CoordinateSystem(21897))!;
        var geodesic = 0.0;
        var planar = 0.0;
        foreach (var polygon in file.Polygons)
        {
            var degrees = polygon!.Copy();
            degrees.Apply(new ToDegrees(toBogota));
            var area = GeodesicArea.OfPolygon(Ellipsoid.International1924, degrees).SquareMetres;
            geodesic += area;
            // Scale of the projection: k = 1 + x^2 / (2 R^2), so areas grow by 1 + x^2 / R^2.
            var x = (polygon.Centroid.X - 1_000_000) / 6_360_000;
            planar += polygon.Area / (1 + x * x);
        }
        Assert.Equal(1, planar / geodesic, 1e-4);
    }

    private sealed class ToDegrees(ProjectedDatum datum) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence seq, int i)
        {
            var (longitude, latitude) = datum.Projection.Inverse(seq.GetX(i), seq.GetY(i));
            seq.SetX(i, longitude);
            seq.SetY(i, latitude);
        }
    }

    [Fact]
    public void Nearest_neighbours_and_rings_equal_brute_force()
    {
        const ulong seed = 11;
        var random = new CounterRandom(seed, 0, 0);
        double[] x = new double[400], y = new double[400];
        for (var i = 0; i < 400; i++) { x[i] = random.NextBelow(60); y[i] = random.NextBelow(60); } // many ties
        var knn = DistanceWeights.KNearest(x, y, 7);
        var ring = DistanceWeights.Ring(x, y, 5, 13);
        for (var i = 0; i < 400; i++)
        {
            double Distance(int j) => Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]));
            var others = Enumerable.Range(0, 400).Where(j => j != i).ToArray();
            var nearest = others.OrderBy(Distance).ThenBy(j => j).Take(7).Order().ToArray();
            Assert.True(nearest.SequenceEqual(knn.Neighbours(i).ToArray()), $"seed {seed}: neighbours of {i}");
            Assert.True(others.Where(j => Distance(j) >= 5 && Distance(j) < 13).SequenceEqual(ring.Neighbours(i).ToArray()), $"seed {seed}: ring of {i}");
        }
    }

    [Fact]
    public void Rows_add_up_to_one_after_standardising()
    {
        var weights = ContiguityWeights.Queen(Grid(6, 6)).RowStandardised();
        Assert.All(weights.Lag(Enumerable.Repeat(1.0, 36).ToArray()), lag => Assert.Equal(1, lag, 1e-15));
        Assert.Equal(36, weights.Sum, 1e-12);
    }

    [Fact]
    public void Bad_links_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SpatialWeights.FromLinks(2, [(0, 0, 1)]));
        Assert.Throws<ArgumentException>(() => SpatialWeights.FromLinks(2, [(0, 1, double.NaN)]));
        Assert.Throws<ArgumentException>(() => DistanceWeights.Inverse([0.0, 0], [1.0, 1], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DistanceWeights.KNearest([0.0, 1], [0.0, 1], 2));
    }
}
