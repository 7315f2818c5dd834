using GeoHarm.Engine.Deforestation;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Tests.Displacement;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Deforestation;

public class CultivationRecordTests
{
    [Fact]
    public void The_irregular_columns_of_the_grid_and_rows_by_year_say_the_same()
    {
        var wide = new Layer("grid", [
            Column.Text("grilla1", ["a", "b"]), Column.Real("areacoca_2020", [1, double.NaN]), Column.Real("coca2022_", [3, 2]), Column.Real("areacoca2021", [0, 5]), Column.Real("population", [9, 9])]);
        var record = CultivationRecord.Of(wide, "grid", null, null);
        Assert.Equal([2020, 2021, 2022], record.Years);
        Assert.Equal([1u << 20 | 1u << 22, 1u << 21 | 1u << 22], record.Bits());
        Assert.Equal((3.0, 5.0), (record.Gained(0, 2020, 2022), record.Gained(1, 2020, 2022))); // 1 to 0 to 3; 0 to 5 to 2
        var rows = new Layer("rows", [Column.Integer("ano", [2020, 2022, 2021, 2022]), Column.Real("ha", [1, 3, 5, 2])]);
        var bits = CultivationRecord.Of(rows, "rows", "ano", "ha").Bits();
        Assert.Equal([1u << 20, 1u << 22, 1u << 21, 1u << 22], bits);
        Assert.Equal([2022], record.Where(y => y > 2021).Years);
    }

    [Fact]
    public void Every_fault_is_said()
    {
        string[] Codes(Layer layer, string? year = null, string? area = null) => [.. Assert.Throws<InvalidInputException>(() => CultivationRecord.Of(layer, "f", year, area)).Faults.Select(f => f.Code)];
        Assert.Equal(["GH5720"], Codes(new Layer("n", [Column.Real("hectares", [1])])));
        Assert.Equal(["GH5721"], Codes(new Layer("n", [Column.Real("a_2010", [1]), Column.Real("b_2010", [1])])));
        Assert.Equal(["GH5722"], Codes(new Layer("n", [Column.Real("a_1999", [1])])));
        Assert.Equal(["GH5723", "GH5723"], Codes(new Layer("n", [Column.Real("a_2010", [-1, 2]), Column.Real("a_2011", [1, double.PositiveInfinity])])));
        Assert.Equal(["GH5722"], Codes(new Layer("n", [Column.Text("y", ["soon"]), Column.Real("ha", [1])]), "y", "ha"));
    }

    [Fact]
    public void Factors_multiply_draw_by_draw()
    {
        var interval = AssociatedClearing.Times(100, [0.3, 0.4], [1, 2]);
        Assert.Equal(55, interval.Value, 1e-12); // (30 + 80) / 2
        Assert.InRange(interval.Low, 30, 40);
        Assert.InRange(interval.High, 70, 80);
    }

    [Fact]
    public void The_municipal_panel_gains_what_a_plain_sum_says()
    {
        var panel = StudyPanel.Enforcement();
        var years = Enumerable.Range(2001, 17).ToArray();
        var layer = new Layer("panel", [.. years.Select(y => Column.Real($"coca_{y}", panel.Year("coca_", y)))]);
        var record = CultivationRecord.Of(layer, "panel", null, null);
        var gained = Enumerable.Range(0, record.Polygons).Sum(p => record.Gained(p, 2001, 2017));
        // The sum of yearly rises over 1,116 municipalities, taken apart from this code.
        Assert.Equal(317_236, gained, 1.0);
    }

    [Fact]
    public void Places_that_rest_on_few_records_are_held_back_and_so_is_one_that_would_betray_them()
    {
        static CellSum Place(int records) => Enumerable.Range(0, records).Aggregate(default(CellSum), (sum, r) => sum + CellSum.Record(1, (uint)(r + records)));
        CellSum[] places = [Place(30), Place(3), Place(20), Place(0)];
        double[] hectares = [5_000, 5_000, 5_000, 10];
        var open = CultivationDisclosure.Shown(places, hectares, Audience.Public, DisclosureRules.Default);
        Assert.False(open[1]);
        Assert.True(open.Count(s => !s) >= 2); // alone it would follow from the total
        Assert.True(open[3]); // nothing is there
        Assert.All(CultivationDisclosure.Shown(places, hectares, Audience.Steward, DisclosureRules.Default), Assert.True);
        Assert.False(CultivationDisclosure.Shown([Place(30), Place(30), Place(30)], [5_000, 100, 5_000], Audience.Analyst, DisclosureRules.Default)[1]);
    }
}
