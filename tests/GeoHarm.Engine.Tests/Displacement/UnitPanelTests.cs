using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Displacement;

public class UnitPanelTests
{
    private static Layer Table(params (string Unit, string Year, string Value)[] rows) => new(
        "t", [Column.Text("u", rows.Select(r => r.Unit)), Column.Text("t", rows.Select(r => r.Year)), Column.Text("v", rows.Select(r => r.Value))]);

    private static IReadOnlyList<Fault> Faults(Layer table, PanelOptions? options = null, string[]? columns = null) =>
        Assert.Throws<InvalidInputException>(() => UnitPanel.FromLayer(table, "u", "t", columns ?? ["v"], options)).Faults;

    [Fact]
    public void Every_fault_is_reported_at_once_with_line_and_remedy()
    {
        var faults = Faults(Table(("05001", "2001", "1"), ("5001", "2001", "2"), ("05002", "2001", "1,000.5"), ("05002", "MMII", "3"), ("", "2002", "3"), ("05001", "2002", "")));
        Assert.Equal(["GH5503", "GH5504", "GH5505", "GH5507", "GH5508", "GH5509"], faults.Select(f => f.Code).Distinct().Order());
        Assert.All(faults, f => Assert.NotEmpty(f.Remedy));
        Assert.Equal(3, faults.Single(f => f.Code == "GH5503").Line);
        Assert.Equal(4, faults.Single(f => f.Code == "GH5507").Line);
    }

    [Fact]
    public void Missing_columns_are_named_with_those_there_are()
    {
        var fault = Assert.Single(Faults(Table(("1", "2001", "1")), columns: ["hectares"]));
        Assert.Contains("hectares", fault.Message, StringComparison.Ordinal);
        Assert.Contains("u, t, v", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_census_that_lists_only_what_it_found_is_completed_with_zeros()
    {
        var panel = UnitPanel.FromLayer(Table(("05001", "2001", "7"), ("9", "2003", "2")), "u", "t", ["v"], new PanelOptions { MissingIsZero = true });
        Assert.Equal((2001, 3), (panel.FirstYear, panel.YearCount));
        Assert.Equal([7.0, 0, 0, 0, 0, 2], panel.Values("v").ToArray());
    }

    [Fact]
    public void Units_asked_for_come_in_their_order_and_others_are_reported()
    {
        var panel = UnitPanel.FromLayer(
            Table(("05001", "2001", "7"), ("9", "2001", "2"), ("8", "2001", "1")), "u", "t", ["v"], new PanelOptions { Units = ["8", "005001"] });
        Assert.Equal([1.0, 7], panel.Values("v").ToArray());
        Assert.Equal(["9"], panel.Unmatched);
    }

    [Fact]
    public void A_flood_of_faults_is_counted_not_listed_whole()
    {
        var rows = Enumerable.Range(0, 500).Select(i => ($"u{i}", "2001", "x")).ToArray();
        var faults = Faults(Table(rows));
        Assert.Equal(101, faults.Count);
        Assert.Contains("400 more", faults[^1].Message, StringComparison.Ordinal);
    }
}
