using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;

namespace GeoHarm.Stores.Tests;

/// <summary>What every store must do, whatever it is made of. Each store's test class inherits this.</summary>
public abstract class LayerStoreContract
{
    /// <summary>Opens the store again, or for the first time.</summary>
    protected abstract ILayerStore Open();

    [Fact]
    public void Every_geometry_type_null_and_column_type_comes_back_as_it_went_in()
    {
        var layer = SampleLayers.Everything();
        using (var store = Open()) store.Write(layer);
        using var again = Open();
        SampleLayers.AssertSame(layer, again.Read("everything"));
    }

    [Fact]
    public void Every_coordinate_system_comes_back_as_it_went_in()
    {
        CoordinateSystem[] systems = [CoordinateSystem.Wgs84, CoordinateSystem.EqualArea, new(4686), new(3116), new(9377), new(32618), new(0, SampleLayers.BogotaTm)];
        using (var store = Open())
        {
            for (var i = 0; i < systems.Length; i++) store.Write(SampleLayers.Everything(systems[i], $"layer{i}", ["POINT (1 2)"]));
        }
        using var again = Open();
        for (var i = 0; i < systems.Length; i++) Assert.Equal(systems[i], again.Read($"layer{i}").Crs);
    }

    [Fact]
    public void A_plain_table_comes_back_with_its_codes_as_text_and_its_units()
    {
        var layer = SampleLayers.Table();
        using (var store = Open()) store.Write(layer);
        using var again = Open();
        var read = again.Read("table");
        SampleLayers.AssertSame(layer, read);
        Assert.Equal("00007", read["code"].TextAt(7));
        Assert.Null(read.Crs);
    }

    [Fact]
    public void A_layer_without_rows_keeps_its_columns()
    {
        var layer = SampleLayers.Everything(shapes: []).Take([]);
        using (var store = Open()) store.Write(layer);
        using var again = Open();
        SampleLayers.AssertSame(layer, again.Read("everything"));
    }

    [Fact]
    public void Layers_are_listed_by_name_with_what_is_known_of_them()
    {
        using var store = Open();
        Assert.Empty(store.Layers());
        store.Write(SampleLayers.Table());
        store.Write(SampleLayers.Everything());
        var layers = store.Layers();
        Assert.Equal(["everything", "table"], layers.Select(l => l.Name));
        Assert.Equal(SampleLayers.Shapes.Length + 1, layers[0].RowCount);
        Assert.True(layers[0].HasGeometry);
        Assert.False(layers[1].HasGeometry);
        Assert.Equal(Sensitivity.Sensitive, layers[0].Sensitivity);
        Assert.Equal("SIMCI / UNODC", layers[0].Provenance.Source);
    }

    [Fact]
    public void An_extent_query_finds_what_a_scan_of_all_rows_finds()
    {
        var points = Enumerable.Range(0, 2000).Select(i => (Geometry)new Point((i * 7919 % 1000) / 10.0, (i * 104729 % 1000) / 10.0)).ToArray();
        var layer = new Layer("points", [Column.Integer("i", Enumerable.Range(0, points.Length).Select(i => (long?)i))], points, CoordinateSystem.Wgs84);
        using var store = Open();
        store.Write(layer);
        foreach (var extent in new[] { new Envelope(10, 20, 10, 20), new Envelope(0, 0.05, 0, 100), new Envelope(33.3, 33.3, -10, 200), new Envelope(500, 600, 0, 1) })
        {
            var expected = Enumerable.Range(0, points.Length).Where(i => extent.Intersects(points[i].EnvelopeInternal)).Select(i => (long?)i);
            var read = store.Read("points", new LayerQuery(extent));
            Assert.Equal(expected, Enumerable.Range(0, read.RowCount).Select(r => read["i"].IntegerAt(r)).Order());
        }
    }

    [Fact]
    public void Conditions_on_fields_hold_together_and_a_limit_takes_the_first_rows()
    {
        using var store = Open();
        store.Write(SampleLayers.Table(rows: 1000));
        var year = store.Read("table", new LayerQuery(Equal: new Dictionary<string, string> { ["year"] = "2005" }));
        Assert.Equal(50, year.RowCount);
        var one = store.Read("table", new LayerQuery(Equal: new Dictionary<string, string> { ["year"] = "2005", ["code"] = "00024" }));
        Assert.Equal("00024", Assert.Single(Enumerable.Range(0, one.RowCount).Select(r => one["code"].TextAt(r))));
        Assert.Equal(1, store.Read("table", new LayerQuery(Equal: new Dictionary<string, string> { ["coca_ha"] = "2.5" })).RowCount);
        Assert.Equal(0, store.Read("table", new LayerQuery(Equal: new Dictionary<string, string> { ["year"] = "x' OR 1=1 --" })).RowCount);
        var three = store.Read("table", new LayerQuery(Limit: 3));
        Assert.Equal(["00000", "00001", "00002"], Enumerable.Range(0, three.RowCount).Select(r => three["code"].TextAt(r)));
    }

    [Fact]
    public void A_span_of_time_takes_the_rows_of_its_days_or_years_with_both_ends()
    {
        using var store = Open();
        var layer = SampleLayers.Everything();
        store.Write(layer);
        store.Write(SampleLayers.Table(rows: 1000));
        var (from, to) = (new DateOnly(2002, 2, 5), new DateOnly(2008, 9, 2));
        var days = Enumerable.Range(0, layer.RowCount).Where(r => layer["day"].DateAt(r) is { } d && d >= from && d <= to).Select(r => layer["code"].TextAt(r)).ToArray();
        Assert.Contains("05001", days);
        var read = store.Read("everything", new LayerQuery(Time: new TimeRange("day", from, to)));
        Assert.Equal(days, Enumerable.Range(0, read.RowCount).Select(r => read["code"].TextAt(r)));
        var years = store.Read("table", new LayerQuery(Time: TimeRange.Years("year", 2003, 2004), Equal: new Dictionary<string, string> { ["code"] = "00003" }));
        Assert.Equal(2004, years["year"].IntegerAt(0));
        Assert.Equal(100, store.Read("table", new LayerQuery(Time: TimeRange.Years("year", 2003, 2004))).RowCount);
        Assert.Contains("coca_ha", Assert.Throws<ArgumentException>(() => store.Read("table", new LayerQuery(Time: TimeRange.Years("coca_ha", 1, 2)))).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => store.Read("table", new LayerQuery(Time: TimeRange.Years("no", 1, 2))));
    }

    [Fact]
    public void Parts_hold_the_rows_of_the_whole_in_their_order_whatever_their_size()
    {
        using var store = Open();
        var layer = SampleLayers.Everything();
        store.Write(layer);
        foreach (var rows in new[] { 1, 7, layer.RowCount, 1000 })
        {
            var parts = store.Parts("everything", null, rows).ToArray();
            Assert.All(parts, p => Assert.InRange(p.RowCount, 1, rows));
            SampleLayers.AssertSame(layer, SampleLayers.Joined(parts));
        }
        Assert.Equal(["05001", "05003"], store.Parts("everything", new LayerQuery(Time: new TimeRange("day", new DateOnly(2001, 1, 1), new DateOnly(2004, 12, 31)), Limit: 2), 1).Select(p => p["code"].TextAt(0)));
        Assert.Equal(0, Assert.Single(store.Parts("everything", new LayerQuery(Equal: new Dictionary<string, string> { ["code"] = "nothing" }))).RowCount);
        Assert.Throws<KeyNotFoundException>(() => store.Parts("nothing").First());
    }

    [Fact]
    public virtual void Parts_read_to_the_end_show_the_layer_of_their_beginning_whatever_is_written_meanwhile()
    {
        using var store = Open();
        store.Write(SampleLayers.Table(rows: 300));
        using var parts = store.Parts("table", null, 100).GetEnumerator();
        Assert.True(parts.MoveNext());
        store.Write(SampleLayers.Table(rows: 5));
        Assert.True(parts.MoveNext());
        Assert.Equal("00100", parts.Current["code"].TextAt(0));
        Assert.True(parts.MoveNext());
        Assert.False(parts.MoveNext());
        Assert.Equal(5, store.Read("table").RowCount);
    }

    [Fact]
    public void A_layer_written_in_parts_is_the_layer_written_whole()
    {
        var layer = SampleLayers.Everything();
        using var store = Open();
        store.WriteParts(layer.Cut(3));
        SampleLayers.AssertSame(layer, store.Read("everything"));
        store.WriteParts(SampleLayers.Table().Cut(33));
        SampleLayers.AssertSame(SampleLayers.Table(), store.Read("table"));
        Assert.Throws<ArgumentException>(() => store.WriteParts([]));
        Assert.Throws<ArgumentException>(() => store.WriteParts([SampleLayers.Table(), layer]));
    }

    [Fact]
    public void Parts_that_break_off_leave_the_store_as_it_was()
    {
        using var store = Open();
        store.Write(SampleLayers.Table());
        IEnumerable<Layer> Broken()
        {
            yield return SampleLayers.Table(rows: 5000);
            throw new InvalidInputException([]);
        }
        Assert.Throws<InvalidInputException>(() => store.WriteParts(Broken()));
        SampleLayers.AssertSame(SampleLayers.Table(), store.Read("table"));
        Assert.Single(store.Layers());
    }

    [Fact]
    public void Each_writing_of_a_layer_is_a_version_of_it()
    {
        using (var store = Open())
        {
            store.Write(SampleLayers.Table());
            Assert.Equal(1, Assert.Single(store.Layers()).Version);
            store.Write(SampleLayers.Table());
            store.WriteParts([SampleLayers.Everything(name: "table")]);
        }
        using var again = Open();
        Assert.Equal(3, Assert.Single(again.Layers()).Version);
    }

    [Fact]
    public void Unknown_layers_and_columns_are_named_with_those_there_are()
    {
        using var store = Open();
        store.Write(SampleLayers.Table());
        Assert.Contains("table", Assert.Throws<KeyNotFoundException>(() => store.Read("nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("coca_ha", Assert.Throws<KeyNotFoundException>(() => store.Read("table", new LayerQuery(Equal: new Dictionary<string, string> { ["no"] = "1" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_again_replaces_the_layer_whole()
    {
        using var store = Open();
        store.Write(SampleLayers.Everything());
        store.Write(SampleLayers.Table("everything"));
        SampleLayers.AssertSame(SampleLayers.Table("everything"), store.Read("everything"));
        Assert.Single(store.Layers());
    }

    [Fact]
    public void A_layer_that_cannot_be_written_leaves_the_store_as_it_was()
    {
        using var store = Open();
        store.Write(SampleLayers.Table());
        var bad = new Layer("table", [Column.Text("a", ["x"]), Column.Text("A", ["y"])]);
        var worse = new Layer("no name", bad.Columns);
        Assert.Single(Assert.Throws<InvalidInputException>(() => store.Write(bad)).Faults);
        Assert.Equal(2, Assert.Throws<InvalidInputException>(() => store.Write(worse)).Faults.Count);
        SampleLayers.AssertSame(SampleLayers.Table(), store.Read("table"));
    }
}
