using CsCheck;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Tests.Files;

public sealed class CsvLayerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_table_comes_back_with_its_types()
    {
        var layer = new Layer("t",
        [
            Column.Text("code", ["05001", "11001"]), Column.Integer("n", [1, null]), Column.Real("x", [0.1 + 0.2, double.NaN]),
            Column.Date("day", [new DateOnly(2001, 2, 3), null]), Column.Text("name", ["Nariño, \"a\"\nb", null]),
        ]);
        CsvLayer.Write(folder["t.csv"], PublishedLayer.Open(layer));
        SampleLayers.AssertSame(layer, CsvLayer.Read(folder["t.csv"]));
        Assert.StartsWith("code,n,x,day,name\n05001,1,0.30000000000000004,2001-02-03,", File.ReadAllText(folder["t.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_a_spreadsheet_would_run_are_made_harmless_and_read_back()
    {
        string[] dangerous = ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "'=x", "''+y", "'plain", "a=b"];
        var layer = new Layer("t", [Column.Text("note", dangerous), Column.Real("change", dangerous.Select((_, i) => -i - 0.5))]);
        CsvLayer.Write(folder["t.csv"], PublishedLayer.Open(layer));
        foreach (var line in File.ReadAllLines(folder["t.csv"]).Skip(1)) Assert.DoesNotContain(line.TrimStart('"')[..1], "=+-@\t", StringComparison.Ordinal);
        SampleLayers.AssertSame(layer, CsvLayer.Read(folder["t.csv"]));
    }

    [Fact]
    public void Any_text_comes_back()
    {
        Gen.String.Array[1, 20].Sample(texts =>
        {
            var clean = texts.Select(t => string.Concat(t.EnumerateRunes().Where(r => r.Value is not 0xFFFD and not 0)))
                .Select(t => t.Length == 0 ? null : t).Append("05").ToArray();
            var layer = new Layer("t", [Column.Text("note", clean), Column.Text("code", clean.Select(_ => "01"))]);
            using var stream = new MemoryStream();
            CsvLayer.Write(stream, PublishedLayer.Open(layer));
            stream.Position = 0;
            var read = CsvLayer.Read(stream, "t.csv", "t");
            for (var i = 0; i < clean.Length; i++) Assert.Equal(clean[i], read["note"].TextAt(i));
        }, iter: 300);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_line()
    {
        var path = folder.Put("bad.csv", "a,b,b\n1,2,3\n4,5\n6,7,8,9\n");
        var faults = Assert.Throws<InvalidInputException>(() => CsvLayer.Read(path)).Faults;
        Assert.Equal([("GH4011", 1), ("GH4012", 3), ("GH4012", 4)], faults.Select(f => (f.Code, f.Line!.Value)));
    }

    [Fact]
    public void A_cell_that_is_not_of_the_declared_type_is_a_fault()
    {
        var path = folder.Put("bad.csv", "a,b\n1,x\n2,y\n");
        var faults = Assert.Throws<InvalidInputException>(() => CsvLayer.Read(path, types: new Dictionary<string, FieldType> { ["b"] = FieldType.Real })).Faults;
        Assert.Equal([2, 3], faults.Select(f => f.Line!.Value));
    }

    [Fact]
    public void An_absent_or_empty_file_is_said_so()
    {
        Assert.Throws<StoreException>(() => CsvLayer.Read(folder["absent.csv"]));
        Assert.Throws<InvalidInputException>(() => CsvLayer.Read(folder.Put("empty.csv", "")));
    }
}
