using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Engine.Tests.Publication;

public class PublicationGateTests
{
    private static Layer Cells(Sensitivity sensitivity) => new("cells", [Column.Real("ha", [1.5, 2])], sensitivity: sensitivity);

    [Fact]
    public void An_open_layer_leaves_unrounded_with_the_caveats_of_the_run()
    {
        var released = PublicationGate.Release(Cells(Sensitivity.Open), Audience.Public, ["Scenario, not forecast."]);
        Assert.Equal(1.5, released.Layer["ha"].Number(0));
        Assert.Equal(["Scenario, not forecast."], released.Layer.Caveats);
    }

    private static readonly DateOnly AsOf = new(2026, 6, 1);

    /// <summary>Thirty fields in one 5 km cell of each of two years, two far away, with a farmer's name on each.</summary>
    private static Layer Plots(string column = "coca_ha_2023", string second = "coca_ha_2025") => new(
        "plots",
        [
            Column.Text("farmer", Enumerable.Range(0, 32).Select(i => $"person {i}")), Column.Real(column, Enumerable.Range(0, 32).Select(i => 1 + 0.01 * i), "ha"),
            Column.Real(second, Enumerable.Repeat(2.0, 32), "ha"),
        ],
        [.. Enumerable.Range(0, 32).Select(i => (Geometry?)new Point(i < 30 ? -76.9 + 0.0001 * i : -70, 0.5))], CoordinateSystem.Wgs84, Sensitivity.Sensitive);

    [Theory]
    [InlineData(Audience.Public)]
    [InlineData(Audience.Analyst)]
    public void A_sensitive_layer_without_a_place_is_refused_with_a_remedy(Audience audience) =>
        Assert.Contains("coarsen", Assert.Throws<NotPublishableException>(() => PublicationGate.Release(Cells(Sensitivity.Sensitive), audience, [], AsOf)).Message, StringComparison.Ordinal);

    [Fact]
    public void Plots_leave_as_cells_without_names_rounded_and_only_of_closed_old_years()
    {
        var released = PublicationGate.Release(Plots(), Audience.Public, ["Modelled, not observed."], AsOf).Layer;
        Assert.Equal(Sensitivity.Open, released.Sensitivity);
        Assert.Equal(["cell", "side_km", "coca_ha_2023", "coca_ha_2023_records", "withheld"], released.Columns.Select(c => c.Name));
        Assert.All(Enumerable.Range(0, released.RowCount), r => Assert.True(released["side_km"].Number(r) >= 5 && new Reprojection(CoordinateSystem.Wgs84, CoordinateSystem.EqualArea).Transform(released.GeometryAt(r)!).Area >= 25e6 - 1));
        // The lonely pair takes the other cell with it: nothing is left that the total would not give away.
        Assert.All(Enumerable.Range(0, released.RowCount), r => Assert.True(released["coca_ha_2023"].IsNull(r) || released["coca_ha_2023"].Number(r) % 10 == 0));
        Assert.Contains("<8", Enumerable.Range(0, released.RowCount).Select(r => released["coca_ha_2023_records"].TextAt(r)));
        Assert.Contains(released.Caveats, c => c.Contains("Too young to be shown: 2025", StringComparison.Ordinal));
        Assert.Contains("Modelled, not observed.", released.Caveats);
    }

    [Fact]
    public void The_age_rule_needs_a_year_and_a_date_and_counts_from_the_end_of_the_year()
    {
        Assert.Contains("2024", Assert.Throws<NotPublishableException>(() => PublicationGate.Release(Plots("coca_ha_2024", "ha_2025"), Audience.Public, [], new DateOnly(2025, 12, 30))).Message, StringComparison.Ordinal);
        Assert.Contains("coca_ha_2024", PublicationGate.Release(Plots("coca_ha_2024", "ha_2025"), Audience.Public, [], new DateOnly(2025, 12, 31)).Layer.Columns.Select(c => c.Name));
        Assert.Contains("year", Assert.Throws<NotPublishableException>(() => PublicationGate.Release(Plots("coca_ha", "area"), Audience.Public, [], AsOf)).Message, StringComparison.Ordinal);
        Assert.Contains("--as-of", Assert.Throws<NotPublishableException>(() => PublicationGate.Release(Plots(), Audience.Public, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_analyst_sees_the_same_cells_unrounded_and_the_copy_stays_sensitive()
    {
        var layer = new Layer("grid", [Column.Real("coca_ha_2020", Enumerable.Repeat(1.3, 40), "ha")], [.. Enumerable.Range(0, 40).Select(i => (Geometry?)new Point(-7_000_000 + i, 100))], CoordinateSystem.EqualArea, Sensitivity.Sensitive);
        var seen = PublicationGate.Release(layer, Audience.Analyst, [], AsOf).Layer;
        Assert.Equal(52, seen["coca_ha_2020"].Number(0), 9);
        Assert.Equal(Sensitivity.Sensitive, seen.Sensitivity);
        Assert.Contains(PublicationGate.Release(layer, Audience.Public, [], AsOf).Layer["coca_ha_2020"].Number(0), new[] { 50.0, 60 });
    }

    [Fact]
    public void A_table_by_municipality_gets_departments_a_total_and_complementary_suppression()
    {
        // 52001 has three records of 2020, 52835 and 86001 many.
        string[] codes = [.. Enumerable.Repeat("52001", 3), .. Enumerable.Repeat("52835", 30), .. Enumerable.Repeat("86001", 40)];
        var layer = new Layer("coca", [Column.Text("mpio", codes), Column.Integer("year", codes.Select(_ => (long?)2020)), Column.Real("coca_ha", codes.Select(_ => 2.0), "ha")], sensitivity: Sensitivity.Sensitive);
        var released = PublicationGate.Release(layer, Audience.Analyst, [], AsOf).Layer;
        string At(string zone) => released["coca_ha_2020"].TextAt(Enumerable.Range(0, released.RowCount).Single(r => released["mpio"].TextAt(r) == zone)) ?? "withheld";
        Assert.Equal(["withheld", "withheld", "66", "146"], new[] { "52001", "52835", "52", "total" }.Select(At));
    }

    [Fact]
    public void What_an_import_merged_counts_its_contributors()
    {
        var layer = new Layer("cells",
        [
            Column.Text("cell", ["1:1"]), Column.Integer("year", [2020]), Column.Integer("contributors", [25]), Column.Real("area_ha", [50]), Column.Real("area_ha_largest", [4]), Column.Real("area_ha_second", [4]),
        ], [new Point(-7_000_000, 100)], CoordinateSystem.EqualArea, Sensitivity.Sensitive);
        var seen = PublicationGate.Release(layer, Audience.Analyst, [], AsOf).Layer;
        Assert.Equal((50, "25"), (seen["area_ha_2020"].Number(0), seen["area_ha_2020_records"].TextAt(0)));
        Assert.DoesNotContain(seen.Columns, c => c.Name.Contains("largest", StringComparison.Ordinal));
    }

    [Fact]
    public void A_steward_copy_is_watermarked() =>
        Assert.Contains(PublicationGate.Release(Cells(Sensitivity.Sensitive), Audience.Steward, []).Layer.Caveats, c => c.StartsWith("STEWARD COPY", StringComparison.Ordinal));
}
