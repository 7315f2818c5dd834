using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.Engine.Tests.Deforestation;

public class PatchReportTests
{
    [Fact]
    public void Sizes_shape_growth_and_distance_by_hand()
    {
        // Cells of 100 m: a hectare each.
        var grid = new Grid(0, 1000, 100, 100, 10, 10, new CoordinateSystem(32618));
        var years = new byte[100];
        void Set(int column, int row, byte year) => years[row * 10 + column] = year;
        for (var i = 0; i < 4; i++) Set(i % 2, i / 2, 1); // a square of 4 ha, 2001
        Set(2, 0, 2); // beside it, a year later: grown
        Set(6, 0, 1); // 1 ha alone
        Set(9, 9, 2); // 1 ha in the other place
        var report = PatchReport.Of(
            new MemoryRaster("loss", grid, years), CellAreas.OfPlane(grid), new CellMetres(grid, false), new PatchReportOptions(2001, 2003), (_, y) => y > 500 ? 0 : 1, (x, _) => x < 200);
        Assert.Equal([2, 2, 0], report.YearPatches);
        Assert.Equal([5, 2, 0], report.YearHectares);
        var north = report.Places[0];
        Assert.Equal((0, 3, 6.0, 4.0), (north.Place, north.Patches, north.Hectares, north.LargestHa));
        Assert.Equal([0, 3, 0, 0, 0], north.SizeClasses);
        Assert.Equal(Math.PI / 4, north.MeanCompactness, 1e-12); // every one a square
        Assert.Equal(1 / 6.0, north.GrownShare, 1e-12);
        Assert.Equal(4 / 6.0, north.WithinShare, 1e-12);
        // 2001: 550 m from (100, 900) to (650, 950) and back; 2002: (250, 950) to (950, 50).
        var pair = Math.Sqrt(550 * 550 + 50 * 50);
        Assert.Equal((2 * pair + Math.Sqrt(700 * 700 + 900 * 900)) / 3 / 1000, north.NearestKm, 1e-6);
        Assert.Equal((1, 1, 1.0, 0.0), (report.Places[1].Place, report.Places[1].Patches, report.Places[1].Hectares, report.Places[1].GrownShare));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(88)]
    public void Every_hectare_is_in_one_patch_and_the_nearest_is_the_nearest_of_all(int seed)
    {
        var random = new Random(seed);
        var grid = PatternRaster.Degrees(150, 130, -76, 3, 0.001);
        var years = new byte[grid.CellCount];
        for (var i = 0; i < years.Length; i++) years[i] = random.Next(12) == 0 ? (byte)random.Next(1, 4) : (byte)0;
        var (areas, metres) = (CellAreas.OfDegrees(grid), new CellMetres(grid, true));
        var raster = new MemoryRaster("loss", grid, years);
        var report = PatchReport.Of(raster, areas, metres, new PatchReportOptions(2001, 2003, 0), (_, _) => 0, null);
        for (byte y = 1; y <= 3; y++)
        {
            var truth = Enumerable.Range(0, years.Length).Where(i => years[i] == y).Sum(i => areas.SquareMetres(i / grid.Width)) / 10_000;
            Assert.Equal(truth, report.YearHectares[y - 1], 1e-9 * truth);
        }
        var patches = new List<Patch>();
        PatchScan.Run(raster, areas, new PatchOptions(), patches.Add);
        Assert.Equal(patches.Count, report.Places[0].Patches);
        var brute = patches.Select(p =>
        {
            var (w, h) = metres.Of((int)p.Row);
            return patches.Where(q => q.Value == p.Value && q != p).Min(q => Math.Sqrt((q.Column - p.Column) * w * ((q.Column - p.Column) * w) + (q.Row - p.Row) * h * ((q.Row - p.Row) * h)));
        }).Average() / 1000;
        Assert.Equal(brute, report.Places[0].NearestKm, 1e-5 * brute);
        Assert.True(double.IsNaN(report.Places[0].WithinShare));
    }
}
