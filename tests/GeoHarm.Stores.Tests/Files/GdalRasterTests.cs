using System.Diagnostics;
using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.Tests.Files;

public sealed class GdalRasterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-rasters-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE")]
    [InlineData("BLOCKYSIZE=1", "COMPRESS=LZW")]
    [InlineData("BLOCKYSIZE=7", "COMPRESS=NONE")]
    [InlineData("BLOCKYSIZE=300", "COMPRESS=DEFLATE")]
    public void Windows_equal_the_cells_written_whatever_the_blocks(params string[] options)
    {
        var cells = Pattern(333, 222);
        var raster = GdalRaster.Open(Write("blocks.tif", 333, 222, cells, options));
        using var reader = raster.OpenReader();
        foreach (var window in new[] { new RasterWindow(0, 0, 333, 222), new RasterWindow(64, 32, 128, 64), new RasterWindow(320, 192, 13, 30), new RasterWindow(5, 9, 100, 50), new RasterWindow(0, 221, 333, 1), new RasterWindow(0, 7, 333, 14) })
        {
            var bytes = new byte[window.CellCount];
            var numbers = new double[window.CellCount];
            reader.Read(window, bytes);
            reader.Read(window, numbers);
            for (var i = 0; i < bytes.Length; i++)
            {
                var expected = cells[(window.Row + i / window.Width) * 333 + window.Column + i % window.Width];
                Assert.True(expected == bytes[i] && expected == numbers[i], $"{window}: cell {i} is {bytes[i]} and {numbers[i]}, not {expected}");
            }
        }
    }

    [Fact]
    public void Zonal_statistics_do_not_depend_on_how_the_file_is_cut()
    {
        var cells = Pattern(900, 700);
        var zones = new ZonePolygonBuilder(CoordinateSystem.Wgs84, true, "zones");
        zones.Add("a", new WKTReader().Read("POLYGON((-76.95 3.95,-76.2 3.9,-76.4 3.4,-76.8 3.35,-76.95 3.95),(-76.7 3.8,-76.5 3.8,-76.6 3.6,-76.7 3.8))"));
        zones.Add("b", new WKTReader().Read("POLYGON((-78 3.6,-76 3.61,-76 3.59,-78 3.58,-78 3.6))"));
        var polygons = zones.Build();
        ZonalResult Compute(params string[] options) => ZonalStatistics.Compute(GdalRaster.Open(Write("cut.tif", 900, 700, cells, options)), polygons, new ZonalOptions());
        var tiles = Compute("TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128");
        foreach (var other in new[] { Compute("BLOCKYSIZE=1", "COMPRESS=LZW"), Compute("BLOCKYSIZE=64"), Compute("TILED=YES", "BLOCKXSIZE=1024", "BLOCKYSIZE=1024") })
        {
            for (var z = 0; z < 2; z++)
            {
                Assert.Equal(tiles.Zones[z]!.Distribution.Count, other.Zones[z]!.Distribution.Count);
                foreach (var (left, right) in tiles.Zones[z]!.Distribution.Zip(other.Zones[z]!.Distribution)) Assert.True(left.Value == right.Value && Math.Abs(left.Weight / right.Weight - 1) < 1e-12);
            }
        }
    }

    [Fact]
    public void Zones_come_to_the_system_of_the_raster()
    {
        var ones = new byte[400 * 300];
        Array.Fill(ones, (byte)1);
        var path = Write("equal.tif", 400, 300, ones, [], new GeoTransform(-7_400_000, 1000, 0, 600_000, 0, -1000), 6933);
        var geojson = Path.Combine(folder, "box.geojson");
        File.WriteAllText(geojson, """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"x"},"geometry":{"type":"Polygon","coordinates":[[[-76,3],[-75,3],[-75,4],[-76,4],[-76,3]]]}}]}""");
        var raster = GdalRaster.Open(path);
        var zones = GdalZones.Read(geojson, "code", raster.Reference);
        var summary = ZonalStatistics.Compute(raster, zones, new ZonalOptions { Areas = raster.Areas }).Zones[0]!;
        // Parallels and meridians are straight lines of this cylinder, so the box keeps its shape and its true area.
        Assert.Equal(1, summary.Weight / CellAreas.QuadrangleSquareMetres(3, 4, 1), 1e-8);
        Assert.False(raster.Areas.OnEllipsoid);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_refused_at_once_by_name()
    {
        var cut = Write("cut.tif", 500, 500, Pattern(500, 500), ["COMPRESS=NONE"]);
        using (var file = File.OpenWrite(cut)) file.SetLength(file.Length / 2);
        var vrt = Path.Combine(folder, "huge.vrt");
        File.WriteAllText(vrt, """<VRTDataset rasterXSize="2000000000" rasterYSize="2000000000"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>""");
        var unplaced = Path.Combine(folder, "unplaced.tif");
        using (var made = RasterDataset.Create(unplaced, "GTiff", 10, 10, 1, PixelType.UInt8, null, SpatialReference.FromEpsg(4326))) made.Complete();
        var nowhere = Path.Combine(folder, "nowhere.tif");
        using (var made = RasterDataset.Create(nowhere, "GTiff", 10, 10, 1, PixelType.UInt8, new GeoTransform(0, 1, 0, 0, 0, -1), null)) made.Complete();
        var rotated = Path.Combine(folder, "rotated.tif");
        using (var made = RasterDataset.Create(rotated, "GTiff", 10, 10, 1, PixelType.UInt8, new GeoTransform(0, 1, 0.1, 0, 0, -1), SpatialReference.FromEpsg(4326))) made.Complete();
        var before = GC.GetTotalAllocatedBytes(true);
        var clock = Stopwatch.StartNew();
        foreach (var (path, code) in new[] { (cut, "GH3111"), (vrt, "GH3111"), (unplaced, "GH3112"), (rotated, "GH3112"), (nowhere, "GH3113"), (Path.Combine(folder, "none.tif"), "GH3110"), ("/vsicurl/http://x/y.tif", "GH3110") })
        {
            var fault = Assert.Single(Assert.Throws<InvalidInputException>(() => GdalRaster.Open(path)).Faults);
            Assert.Equal((code, Path.GetFileName(path)), (fault.Code, fault.File));
        }
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed} for seven files");
        Assert.True(GC.GetTotalAllocatedBytes(true) - before < 20_000_000);
        Assert.Equal("GH3110", Assert.Throws<InvalidInputException>(() => GdalRaster.Open(Write("one.tif", 5, 5, Pattern(5, 5), []), band: 2)).Faults[0].Code);
    }

    [Fact]
    public void Missing_fields_and_layers_are_named_with_those_there_are()
    {
        var geojson = Path.Combine(folder, "zones.geojson");
        File.WriteAllText(geojson, """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"dep":"05","mun":"001"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}""");
        Assert.Equal(["05001"], GdalZones.Read(geojson, "dep+mun").Ids);
        var fault = Assert.Single(Assert.Throws<InvalidInputException>(() => GdalZones.Read(geojson, "dep+code")).Faults);
        Assert.Equal("GH3115", fault.Code);
        Assert.Contains("dep, mun", fault.Message, StringComparison.Ordinal);
        Assert.Equal("GH3116", Assert.Single(Assert.Throws<InvalidInputException>(() => GdalZones.Read(geojson, "dep", layer: "other")).Faults).Code);
    }

    [Fact]
    public void National_area_by_cells_is_the_geodesic_area()
    {
        var path = Shared.Data("bench/zones.gpkg");
        var zones = GdalZones.Read(path, "mid");
        var grid = new Grid(-82, 14, 0.01, 0.01, 1600, 1900, CoordinateSystem.Wgs84);
        var ones = new byte[grid.CellCount];
        Array.Fill(ones, (byte)1);
        var result = ZonalStatistics.Compute(new MemoryRaster("ones", grid, ones), zones, new ZonalOptions());
        Assert.Empty(result.Faults);
        double byCells = 0, geodesic = 0, worst = 0;
        using var source = VectorDataset.Open(path, DriverProfile.OwnFiles);
        using var reader = source.Layer().Read();
        var wkb = new WKBReader();
        // One geodesic an edge of 1.4 million: all of them in a campaign, a sixteenth otherwise.
        var step = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1" ? 1 : 16;
        for (var z = 0; reader.Next(); z++)
        {
            if (z % step != 0) continue;
            var exact = GeodesicArea.OfPolygon(Ellipsoid.Wgs84, wkb.Read(reader.Wkb().ToArray())).SquareMetres;
            byCells += result.Zones[z]!.Weight;
            geodesic += exact;
            worst = Math.Max(worst, Math.Abs(result.Zones[z]!.Weight / exact - 1));
        }
        Assert.True(Math.Abs(byCells / geodesic - 1) < 1e-6, $"national {byCells:R} m2 by cells, {geodesic:R} geodesic, worst zone {worst:G3}");
        if (step == 1) Assert.InRange(geodesic, 1.13e12, 1.15e12);
    }

    private static byte[] Pattern(int width, int height) => Enumerable.Range(0, width * height).Select(i => (byte)(i * 2654435761L >> 7 & 0x1F)).ToArray();

    private string Write(string name, int width, int height, byte[] cells, string[] options, GeoTransform? transform = null, int epsg = 4326)
    {
        var path = Path.Combine(folder, name);
        using var made = RasterDataset.Create(path, "GTiff", width, height, 1, PixelType.UInt8, transform ?? new GeoTransform(-77, 0.001, 0, 4, 0, -0.001), SpatialReference.FromEpsg(epsg), options);
        made.Band().Write<byte>(0, 0, width, height, cells);
        made.Complete();
        return path;
    }
}
