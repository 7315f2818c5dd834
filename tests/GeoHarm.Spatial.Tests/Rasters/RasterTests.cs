using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Spatial.Tests.Rasters;

public sealed class RasterTests
{
    private static readonly Grid Base = new(-80, 10, 0.25, 0.25, 8, 6, CoordinateSystem.Wgs84);

    [Fact]
    public void Cells_of_the_whole_globe_add_up_to_the_ellipsoid()
    {
        // 510,065,621.724 km2: surface of the WGS 84 ellipsoid.
        var grid = new Grid(-180, 90, 0.25, 0.25, 1440, 720, CoordinateSystem.Wgs84);
        var areas = CellAreas.OfDegrees(grid);
        var total = Enumerable.Range(0, 720).Sum(areas.SquareMetres) * 1440;
        Assert.Equal(510_065_621_724_089, total, 1e-12 * total);
    }

    [Fact]
    public void Small_cells_add_up_to_large_ones()
    {
        var large = CellAreas.QuadrangleSquareMetres(4, 5, 1);
        var small = 0.0;
        for (var i = 0; i < 4000; i++) small += CellAreas.QuadrangleSquareMetres(4 + i / 4000.0, 4 + (i + 1) / 4000.0, 1);
        Assert.Equal(1, small / large, 1e-12);
    }

    [Fact]
    public void A_cell_area_equals_the_integral_of_the_meridian_and_parallel_radii()
    {
        // dA = M(p) N(p) cos p dp dl, Simpson's rule with 2,000 steps: an independent road to the closed form.
        const double a = 6_378_137, f = 1 / 298.257223563, e2 = f * (2 - f), rad = Math.PI / 180;
        double Strip(double latitude)
        {
            var s = Math.Sin(latitude * rad);
            var w = 1 - e2 * s * s;
            return a * (1 - e2) / (w * Math.Sqrt(w)) * (a / Math.Sqrt(w)) * Math.Cos(latitude * rad) * rad * rad;
        }

        foreach (var (south, north) in new[] { (0.0, 1.0), (3.5, 8.5), (-80.0, 80.0), (60.0, 60.25) })
        {
            const int steps = 2000;
            var h = (north - south) / steps;
            var sum = Strip(south) + Strip(north);
            for (var i = 1; i < steps; i++) sum += Strip(south + i * h) * (i % 2 == 1 ? 4 : 2);
            Assert.Equal(1, CellAreas.QuadrangleSquareMetres(south, north, 1) / (sum * h / 3), 1e-10);
        }
    }

    [Fact]
    public void Grids_tell_what_keeps_them_apart()
    {
        Assert.True(Base.TryOffset(new Grid(-79.5, 9.75, 0.25, 0.25, 2, 2, CoordinateSystem.Wgs84), out var column, out var row));
        Assert.Equal((2, 1), (column, row));
        Assert.Null(Base.Misalignment(Base, "same"));
        Assert.Equal("GH3101", Base.Misalignment(new Grid(-80, 10, 0.25, 0.25, 8, 6, new CoordinateSystem(3116)), "crs")!.Code);
        Assert.Equal("GH3102", Base.Misalignment(new Grid(-80, 10, 0.2, 0.25, 8, 6, CoordinateSystem.Wgs84), "size")!.Code);
        var shifted = Base.Misalignment(new Grid(-79.9, 10, 0.25, 0.25, 8, 6, CoordinateSystem.Wgs84), "tile.tif")!;
        Assert.Equal(("GH3103", "tile.tif"), (shifted.Code, shifted.File));
        Assert.ThrowsAny<ArgumentException>(() => new Grid(0, 0, -1, 1, 1, 1, CoordinateSystem.Wgs84));
        Assert.ThrowsAny<ArgumentException>(() => new Grid(0, double.NaN, 1, 1, 1, 1, CoordinateSystem.Wgs84));
        Assert.Equal(new Grid(-79.75, 9.5, 0.25, 0.25, 3, 2, CoordinateSystem.Wgs84), Base.Cut(new RasterWindow(1, 2, 3, 2)));
    }

    [Fact]
    public void Every_coordinate_has_a_cell_on_the_bordered_grid()
    {
        var bordered = new BorderedGrid(Base);
        Assert.Equal((0, 1, 8, 9, 9), (bordered.Column(-1e300), bordered.Column(-80), bordered.Column(-78.0001), bordered.Column(-78), bordered.Column(1e300)));
        Assert.Equal((0, 1, 6, 7), (bordered.Row(10.0001), bordered.Row(10), bordered.Row(8.5001), bordered.Row(8.5)));
        Assert.True(bordered.IsInside(1, 6));
        Assert.False(bordered.IsInside(0, 6) || bordered.IsInside(9, 1));
        Assert.Equal((10, 8), (bordered.Width, bordered.Height));
    }

    [Fact]
    public void A_mosaic_reads_its_tiles_as_one_raster_with_no_data_in_the_gaps()
    {
        var left = Raster("left", -80, 10, 4, 4, 1);
        var right = Raster("right", -78.5, 9.5, 4, 4, 2);
        var mosaic = new Mosaic([left, right]);
        Assert.Equal((10, 6), (mosaic.Grid.Width, mosaic.Grid.Height));
        var cells = new byte[60];
        using var reader = mosaic.OpenReader();
        reader.Read(mosaic.Grid.Whole, cells);
        Assert.Equal([1, 1, 1, 1, 255, 255, 255, 255, 255, 255], cells[..10]);
        Assert.Equal([1, 1, 1, 1, 255, 255, 2, 2, 2, 2], cells[20..30]);
        Assert.Equal([255, 255, 255, 255, 255, 255, 2, 2, 2, 2], cells[50..60]);
        var overlapping = new Mosaic([left, Raster("over", -79.5, 10, 4, 4, 3)]);
        using var second = overlapping.OpenReader();
        var row = new byte[6];
        second.Read(new RasterWindow(0, 0, 6, 1), row);
        Assert.Equal([1, 1, 1, 1, 3, 3], row);
    }

    [Fact]
    public void Tiles_that_do_not_fit_are_all_named()
    {
        var odd = new MemoryRaster("shifted.tif", new Grid(-79.9, 10, 0.25, 0.25, 2, 2, CoordinateSystem.Wgs84), new byte[4]);
        var other = new MemoryRaster("elsewhere.tif", new Grid(-79, 10, 0.25, 0.25, 2, 2, new CoordinateSystem(3116)), new double[4]);
        var thrown = Assert.Throws<InvalidInputException>(() => new Mosaic([Raster("first", -80, 10, 2, 2, 1), odd, other]));
        Assert.Equal([("shifted.tif", "GH3103"), ("elsewhere.tif", "GH3101"), ("elsewhere.tif", "GH3106")], thrown.Faults.Select(f => (f.File, f.Code)));
    }

    [Fact]
    public void A_mask_hides_cells_below_its_threshold()
    {
        var grid = new Grid(0, 100, 1, 1, 7, 100, CoordinateSystem.Wgs84);
        var values = Enumerable.Range(0, 700).Select(i => (byte)(i % 24)).ToArray();
        var canopy = Enumerable.Range(0, 700).Select(i => (byte)(i * 7 % 101)).ToArray();
        var masked = new MaskedRaster(new MemoryRaster("loss", grid, values), new MemoryRaster("canopy", grid, canopy), 30);
        var cells = new byte[700];
        using var reader = masked.OpenReader();
        reader.Read(grid.Whole, cells);
        Assert.Equal(values.Zip(canopy, (v, c) => c >= 30 ? v : (byte)255), cells);
        Assert.Equal(255, masked.NoData);
        var other = new MemoryRaster("small", new Grid(0, 100, 1, 1, 7, 99, CoordinateSystem.Wgs84), new byte[693]);
        Assert.Equal("GH3105", Assert.Single(Assert.Throws<InvalidInputException>(() => new MaskedRaster(masked, other, 30)).Faults).Code);
    }

    [Fact]
    public void Resampling_takes_the_cell_that_holds_the_centre()
    {
        var coarse = new MemoryRaster("coarse", new Grid(0, 2, 1, 1, 2, 2, CoordinateSystem.Wgs84), new byte[] { 1, 2, 3, 4 });
        var fine = new ResampledRaster(coarse, new Grid(-0.5, 2, 0.5, 0.5, 6, 4, CoordinateSystem.Wgs84));
        var cells = new byte[24];
        using (var reader = fine.OpenReader()) reader.Read(fine.Grid.Whole, cells);
        Assert.Equal([255, 1, 1, 2, 2, 255, 255, 1, 1, 2, 2, 255, 255, 3, 3, 4, 4, 255, 255, 3, 3, 4, 4, 255], cells);
        var back = new ResampledRaster(fine, coarse.Grid);
        var four = new byte[4];
        using (var reader = back.OpenReader()) reader.Read(back.Grid.Whole, four);
        Assert.Equal([1, 2, 3, 4], four);
    }

    private static MemoryRaster Raster(string name, double west, double north, int width, int height, byte value) =>
        new(name, new Grid(west, north, 0.25, 0.25, width, height, CoordinateSystem.Wgs84), Enumerable.Repeat(value, width * height).ToArray());
}
