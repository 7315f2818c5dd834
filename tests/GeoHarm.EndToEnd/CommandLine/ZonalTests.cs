using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Rasters;

namespace GeoHarm.EndToEnd.CommandLine;

public class ZonalTests
{
    // Least memory a machine may have for a full Hansen tile is 512 MB; the process itself stays well below.
    private const long MostBytes = 300L << 20;

    /// <summary>As wide as a Hansen tile and cut like one (LZW, one-row strips); as high too in a campaign.</summary>
    [Fact]
    public void A_tile_as_wide_as_hansens_is_read_in_bounded_memory()
    {
        const int width = 40_000;
        var height = Environment.GetEnvironmentVariable("GEOHARM_CAMPAIGN") == "1" ? 40_000 : 2_000;
        using var scratch = new ScratchFolder();
        using (var made = RasterDataset.Create(scratch["tile.tif"], "GTiff", width, height, 1, PixelType.UInt8, new GeoTransform(-80, 0.00025, 0, 10, 0, -0.00025), SpatialReference.FromEpsg(4326), ["COMPRESS=LZW", "BLOCKYSIZE=1"]))
        {
            var rows = new byte[width * 50];
            for (var i = 0; i < rows.Length; i++) rows[i] = (byte)(i / 37 % 41 == 0 ? 1 + i % 23 : 0);
            for (var row = 0; row < height; row += 50) made.Band().Write<byte>(0, row, width, 50, rows);
            made.Complete();
        }
        var south = 10 - height * 0.00025;
        File.WriteAllText(scratch["zones.geojson"], FormattableString.Invariant(
            $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"all"},"geometry":{"type":"Polygon","coordinates":[[[-79.9,{{{south + 0.1}}}],[-70.1,{{{south + 0.1}}}],[-70.1,9.9],[-79.9,9.9],[-79.9,{{{south + 0.1}}}]]]}}]}"""));
        var (end, peak) = Watched("zonal", scratch["tile.tif"], scratch["zones.geojson"], "--id", "code", "--by", "value", "--json", "--out", scratch["tile.gpkg"]);
        Assert.True(end.Code == 0, end.Output + end.Error);
        var exact = CellAreas.QuadrangleSquareMetres(south + 0.1, 9.9, 9.8) / 10_000;
        Assert.Equal(1, end.Json.GetProperty("zones")[0].GetProperty("areaHa").GetDouble() / exact, 1e-9);
        Assert.InRange(peak, 1, MostBytes);
        Assert.True(File.Exists(scratch["tile.gpkg"]));
    }

    /// <summary>What cannot be read is refused from its header, before any memory is taken for cells.</summary>
    [Theory]
    [InlineData("truncated", "truncated")]
    [InlineData("vast", "2000000000 x 2000000000 cells")]
    [InlineData("block", "blocks of 40000 x 40000 cells")]
    public void A_raster_that_cannot_be_read_is_refused_in_little_memory(string kind, string says)
    {
        using var scratch = new ScratchFolder();
        var raster = scratch[kind == "vast" ? "raster.vrt" : "raster.tif"];
        if (kind == "vast")
        {
            File.WriteAllText(raster, """<VRTDataset rasterXSize="2000000000" rasterYSize="2000000000"><SRS>EPSG:4326</SRS><GeoTransform>-80, 1e-8, 0, 10, 0, -1e-8</GeoTransform><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>""");
        }
        else
        {
            // The whole image as one tile: 1.6 GB that the library would decode at once. Nothing is written, so the file is small.
            var (side, tiling) = kind == "block" ? (40_000, new[] { "TILED=YES", "BLOCKXSIZE=40000", "BLOCKYSIZE=40000" }) : (400, ["BLOCKYSIZE=1"]);
            using var made = RasterDataset.Create(raster, "GTiff", side, side, 1, PixelType.UInt8, new GeoTransform(-80, 0.00025, 0, 10, 0, -0.00025), SpatialReference.FromEpsg(4326), ["COMPRESS=LZW", "SPARSE_OK=TRUE", .. tiling]);
            if (kind == "truncated") made.Band().Write<byte>(0, 0, side, side, Enumerable.Range(0, side * side).Select(i => (byte)(i * 31 % 24)).ToArray());
            made.Complete();
        }
        if (kind == "truncated")
        {
            using var file = File.OpenWrite(raster);
            file.SetLength(file.Length / 3);
        }
        File.WriteAllText(scratch["zones.geojson"], """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"all"},"geometry":{"type":"Polygon","coordinates":[[[-79.99,9.95],[-79.95,9.95],[-79.95,9.99],[-79.99,9.99],[-79.99,9.95]]]}}]}""");
        var (end, peak) = Watched("zonal", raster, scratch["zones.geojson"], "--by", "value", "--json", "--out", scratch["out.csv"]);
        Assert.True(end.Code == 3, end.Output + end.Error);
        var fault = end.Json.GetProperty("faults")[0];
        Assert.Contains(says, fault.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(fault.GetProperty("remedy").GetString()!);
        Assert.InRange(peak, 1, 150L << 20);
        Assert.Equal([Path.GetFileName(raster), "zones.geojson"], Directory.GetFiles(scratch.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static (ProcessEnd End, long Peak) Watched(params string[] arguments)
    {
        var peak = 0L;
        var end = GeoHarmProcess.RunUnder("", process =>
        {
            for (; !process.HasExited; Thread.Sleep(10))
            {
                process.Refresh();
                try { peak = Math.Max(peak, process.PeakWorkingSet64); }
                catch (InvalidOperationException) { break; }
            }
        }, arguments);
        return (end, peak);
    }
}
