using System.Globalization;
using System.Text;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

public sealed class FeatureImportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_grid_is_sensitive_and_its_irregular_fields_become_years()
    {
        var outcome = DataImport.Read(folder.Put("g.json", CocaGridSample.Text(50)));
        Assert.Equal("coca-grid-1km", outcome.Format);
        Assert.Equal([2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024], outcome.Years);
        var layer = Assert.Single(outcome.Layers);
        Assert.Equal(Sensitivity.Sensitive, layer.Sensitivity);
        Assert.Equal(50, layer.RowCount);
        Assert.Equal(outcome.Totals["2022"], layer["coca_ha_2022"].Reals.ToArray().Sum(), 9);
        Assert.Equal(0, layer["coca_ha_2016"].Number(3));
        Assert.Throws<InvalidOperationException>(() => PublishedLayer.Open(layer));
    }

    [Fact]
    public void A_large_layer_is_imported_part_by_part_and_is_the_one_read_whole()
    {
        var path = folder.Put("g.json", CocaGridSample.Text(9000));
        var whole = DataImport.Read(path);
        using var store = GeoPackageStore.Open(folder["s.gpkg"]);
        var report = PartedImport.Import(path, () => store, new ImportRequest(LayerName: "grid"), leastBytes: 0)!;
        Assert.Equal(("coca-grid-1km", 9000), (report.Format, report.SourceRows));
        Assert.Equal(whole.Faults, report.Faults);
        Assert.Equal((Sensitivity.Sensitive, 9000), (report.Layers[0].Sensitivity, report.Layers[0].RowCount));
        SampleLayers.AssertSame(Recognition.Finish(whole.Layers[0], 0, new ImportRequest(LayerName: "grid")), store.Read("grid"));
    }

    [Fact]
    public void A_fault_at_the_end_of_a_large_layer_leaves_the_store_as_it_was()
    {
        using var store = GeoPackageStore.Open(folder["s.gpkg"]);
        store.Write(SampleLayers.Table("coca_grid_1km"));
        var text = CocaGridSample.Text(9000);
        var repeated = folder.Put("g.json", text.Replace("G0008999", "G0000001", StringComparison.Ordinal));
        var fault = Assert.Single(Assert.Throws<InvalidInputException>(() => PartedImport.Import(repeated, () => store, new ImportRequest(), leastBytes: 0)).Faults, f => f.Severity == FaultSeverity.Error);
        Assert.Equal(("GH4023", "feature 9000"), (fault.Code, fault.Place));
        Assert.Throws<InvalidInputException>(() => PartedImport.Import(folder.Put("p.json", Points(5000, "\"n\": 1")), () => store, new ImportRequest(), leastBytes: 0));
        SampleLayers.AssertSame(SampleLayers.Table("coca_grid_1km"), store.Read("coca_grid_1km"));
        Assert.Equal(1, Assert.Single(store.Layers()).Version);

        // A column in the other number style in its last part alone: only the whole column can say how it is read.
        var at = text.LastIndexOf("\"areacoca_2018\":\"", StringComparison.Ordinal) + 17;
        var european = folder.Put("e.json", text[..at] + "1.234,5" + text[text.IndexOf('"', at)..]);
        Assert.Null(PartedImport.Import(european, () => store, new ImportRequest(), leastBytes: 0));
        SampleLayers.AssertSame(SampleLayers.Table("coca_grid_1km"), store.Read("coca_grid_1km"));
    }

    [Fact]
    public void What_looks_like_plots_is_refused_or_merged_into_cells()
    {
        var path = folder.Put("plots.geojson", Points(1500, "\"area_ha\": 0.5"));
        Assert.Equal("GH4060", Assert.Single(Assert.Throws<InvalidInputException>(() => DataImport.Read(path)).Faults).Code);
        Assert.Throws<InvalidInputException>(() => DataImport.Read(path, new ImportRequest("cultivation")));
        Assert.Equal(1500, DataImport.Read(path, new ImportRequest("forest-loss")).Layers[0].RowCount);
        Assert.Equal(999, DataImport.Read(folder.Put("few.geojson", Points(999, "\"n\": 1"))).Layers[0].RowCount);

        var merged = DataImport.Read(path, new ImportRequest("cultivation", Coarsen: true)).Layers[0];
        Assert.Equal(Sensitivity.Sensitive, merged.Sensitivity);
        Assert.Equal(6933, merged.Crs!.Epsg);
        Assert.Equal(1500, Enumerable.Range(0, merged.RowCount).Sum(r => merged["contributors"].IntegerAt(r)!.Value));
        Assert.Equal(750, merged["area_ha"].Reals.ToArray().Sum(), 6);
        Assert.All(Enumerable.Range(0, merged.RowCount), r => Assert.Equal(25e6, merged.GeometryAt(r)!.Area, 3));
        // By hand: 0.1 degree of longitude is 9,649 m on the grid, 0.1 of latitude about 12.7 km of its stretched northing.
        Assert.InRange(merged.RowCount, 200, 1500);
        Assert.DoesNotContain(merged.Columns, c => c.Name == "name");
    }

    [Fact]
    public void Small_polygons_are_plots_in_degrees_and_in_metres_and_large_ones_are_not()
    {
        Layer Squares(double side, int epsg, double x) => new(
            "s", [], Enumerable.Range(0, 1200).Select(i => (NetTopologySuite.Geometries.Geometry?)new NetTopologySuite.Geometries.GeometryFactory().ToGeometry(new NetTopologySuite.Geometries.Envelope(x + i * side, x + (i + 1) * side, 2 * side, 3 * side))).ToArray(), new(epsg));
        Assert.True(PlotLike.Holds(Squares(300, 6933, -8e6), null));
        Assert.False(PlotLike.Holds(Squares(320, 6933, -8e6), null));
        Assert.True(PlotLike.Holds(Squares(0.0028, 4326, -75), null));
        Assert.False(PlotLike.Holds(Squares(0.0029, 4326, -75), null));
        Assert.False(PlotLike.Holds(Squares(300, 6933, -8e6), "boundaries"));
    }

    [Theory]
    [InlineData("GeoJSON", "a.geojson")]
    [InlineData("FlatGeobuf", "a.fgb")]
    [InlineData("KML", "a.kml")]
    [InlineData("ESRI Shapefile", "a.shp")]
    [InlineData("GPKG", "a.gpkg")]
    public void Features_of_every_format_are_read(string driver, string name)
    {
        Assert.SkipUnless(GeoPackage.Ogr.Present, "ogr2ogr (gdal-bin) is not installed");
        GeoPackageFile.WriteLayers(folder["in.gpkg"], [new Layer("towns", [Column.Text("code", ["05001", "05002"]), Column.Text("Name", ["Nariño", "Bogotá"])], [SampleLayers.Shape("POINT (1 2)"), SampleLayers.Shape("POINT (3 4)")], Spatial.Crs.CoordinateSystem.Wgs84)]);
        if (driver != "GPKG") GeoPackage.Ogr.Run("ogr2ogr", "-f", driver, folder[name], folder["in.gpkg"], "towns", "-lco", "ENCODING=UTF-8");
        else File.Copy(folder["in.gpkg"], folder[name]);
        var layer = DataImport.Read(folder[name]).Layers[0];
        Assert.Equal(2, layer.RowCount);
        Assert.Equal(4326, layer.Crs!.Epsg);
        // FlatGeobuf sorts features along a curve, so the row is looked up.
        var row = Enumerable.Range(0, 2).Single(r => layer["Name"].TextAt(r) == "Bogotá");
        SampleLayers.AssertSame(SampleLayers.Shape("POINT (3 4)"), driver == "KML" ? Flat(layer.GeometryAt(row)!) : layer.GeometryAt(row), driver);

        static NetTopologySuite.Geometries.Geometry Flat(NetTopologySuite.Geometries.Geometry g) => new NetTopologySuite.Geometries.Point(g.Coordinate.X, g.Coordinate.Y);
    }

    [Fact]
    public void A_zipped_shapefile_is_read_without_unpacking()
    {
        var path = Shared.Data("panel/mpio/mpio.shp");
        var zip = folder["MGN2023_MPIO_POLITICO.zip"];
        System.IO.Compression.ZipFile.CreateFromDirectory(Path.GetDirectoryName(path)!, zip);
        var outcome = DataImport.Read(zip);
        Assert.Equal("municipal-boundaries", outcome.Format);
        Assert.Equal(1116, outcome.Layers[0].RowCount);
    }

    [Theory]
    [InlineData("20", "380", true)]
    [InlineData("0", "360", true)]
    [InlineData("-180", "180", false)]
    public void Relief_in_netCDF_is_a_raster_whose_longitudes_past_180_are_told(string west, string east, bool told)
    {
        Assert.SkipUnless(GeoPackage.Ogr.Present, "gdal-bin is not installed");
        GeoPackage.Ogr.Run("gdal_create", "-outsize", "36", "18", "-ot", "Float32", "-burn", "7", "-a_srs", "EPSG:4326", "-a_ullr", west, "90", east, "-90", folder["a.tif"]);
        GeoPackage.Ogr.Run("gdal_translate", "-of", "netCDF", folder["a.tif"], folder["etopo.dat"]);
        var check = Assert.Single(DataCheck.Check([folder["etopo.dat"]]));
        Assert.Equal("raster", check.Format);
        Assert.Empty(check.Faults);
        Assert.StartsWith("36 x 18 cells, 1 bands", check.Notes[0], StringComparison.Ordinal);
        Assert.Equal(told, check.Notes.Any(n => n.Contains("past 180", StringComparison.Ordinal)));
    }

    [Fact]
    public void Broken_features_are_faults_not_crashes()
    {
        foreach (var text in new[] { "{\"type\":\"FeatureCollection\",\"features\":[", "{\"type\":\"Topology\"}", "[1,2", "{\"a\":1}", "[1,2,3]" })
        {
            var check = Assert.Single(DataCheck.Check([folder.Put("bad.json", text)]));
            Assert.Contains(check.Faults, f => f.Severity == FaultSeverity.Error);
        }
    }

    private static string Points(int count, string field)
    {
        var text = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        for (var i = 0; i < count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{{\"type\":\"Feature\",\"properties\":{{\"name\":\"p{i}\",{field}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{-75 + i % 40 * 0.05},{1 + i / 40 * 0.05}]}}}}");
        }
        return text.Append("]}").ToString();
    }
}

/// <summary>Text of the schema of the 1 km grid (datos.gov.co v3rx-q7t3), with made-up hectares.</summary>
internal static class CocaGridSample
{
    public static string Text(int cells)
    {
        var text = new StringBuilder("{\"type\":\"FeatureCollection\",\"features\":[");
        for (var i = 0; i < cells; i++)
        {
            var (x, y) = (-79 + i % 400 * 0.009, -4 + i / 400 * 0.009);
            text.Append(i == 0 ? "" : ",\n").Append(CultureInfo.InvariantCulture, $"{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[[[[{x:F12},{y:F12}],[{x + 0.009:F12},{y:F12}],[{x + 0.009:F12},{y + 0.009:F12}],[{x:F12},{y + 0.009:F12}],[{x:F12},{y:F12}]]]]}},\"properties\":{{\"grilla1\":\"G{i:D7}\"");
            foreach (var field in new[] { "areacoca_2016", "areacoca_2017", "areacoca_2018", "areacoca_2019", "areacoca_2020", "areacoca_2021", "coca2022_", "areacoca2023", "areacoca2024" })
            {
                text.Append(CultureInfo.InvariantCulture, $",\"{field}\":\"{(i % 7 == 3 ? "0" : ((i * 31 + field.GetHashCode(StringComparison.Ordinal) % 1) % 997 / 50.0).ToString("0.####", CultureInfo.InvariantCulture))}\"");
            }
            text.Append("}}");
        }
        return text.Append("]}").ToString();
    }
}
