using System.Globalization;
using System.Text;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

public sealed class CocaMunicipalTests : IDisposable
{
    private const string Export = "coca/coca_municipal_acs4-3wgp_2001-2023.csv";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_municipal_export_sums_to_the_published_totals_and_2001_and_2009_are_flagged()
    {
        var check = Assert.Single(DataCheck.Check([Shared.Data(Export)]));
        Assert.Equal("coca-municipal", check.Format);
        Assert.Equal(319, check.Rows);
        Assert.Equal(Enumerable.Range(2001, 23), check.Years);
        Assert.Equal(319, check.Matched);
        Assert.Empty(check.Unmatched);
        // published.md 1: the export sums to 136,919 and 68,027 in the two years; the others are the published totals.
        Assert.Equal(136_919, check.Totals["2001"], 0.5);
        Assert.Equal(68_027, check.Totals["2009"], 0.5);
        (string Year, double Hectares)[] published =
        [
            ("2002", 102071), ("2003", 86340), ("2004", 80350), ("2005", 85750), ("2006", 77870), ("2007", 98899), ("2008", 80953), ("2010", 61812), ("2011", 63765), ("2012", 47788), ("2013", 48189), ("2014", 69132),
            ("2015", 96085), ("2016", 146140), ("2017", 171495), ("2018", 169018), ("2019", 154476), ("2020", 142784), ("2021", 204257), ("2022", 230028), ("2023", 252572),
        ];
        foreach (var (year, hectares) in published) Assert.InRange(check.Totals[year], hectares - 8, hectares + 8);
        Assert.Equal(["year 2001", "year 2009"], check.Faults.Where(f => f.Code == "GH4031").Select(f => f.Place));
        Assert.All(check.Faults, f => Assert.Equal(FaultSeverity.Warning, f.Severity));
    }

    [Fact]
    public void The_older_and_the_2026_form_give_the_same_table()
    {
        var older = Shared.Data(Export);
        // The form of 2026: zero is blank, two decimals and no thousands separator, 2020 alone European.
        var lines = File.ReadAllLines(older);
        var newer = new StringBuilder(lines[0] + "\n");
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Trim('"').Split("\",\"");
            var forms = cells.Select((cell, i) => i < 4 ? cell : i == 4 + 19 ? European(cell) : Plain(cell));
            newer.Append('"').Append(string.Join("\",\"", forms)).Append("\"\n");
        }
        var path = folder.Put("Deteccion_2026.csv", newer.ToString());
        var (first, second) = (DataImport.Read(older).Layers[0], DataImport.Read(path).Layers[0]);
        Assert.Equal(319 * 23, first.RowCount);
        Assert.Equal(first.RowCount, second.RowCount);
        foreach (var column in first.Columns)
        {
            for (var row = 0; row < first.RowCount; row++) Assert.Equal(column.TextAt(row), second[column.Name].TextAt(row));
        }

        static string Plain(string cell) => cell == "- 0" ? "" : double.Parse(cell, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) is var v && v == 0 ? "" : v.ToString("0.00", CultureInfo.InvariantCulture);

        static string European(string cell)
        {
            var value = double.Parse(cell.Replace(".", "").Replace(',', '.'), CultureInfo.InvariantCulture);
            return value == 0 ? "" : value.ToString("#,0.00", CultureInfo.InvariantCulture).Replace(',', '#').Replace('.', ',').Replace('#', '.');
        }
    }

    [Fact]
    public void The_json_answer_of_the_portal_gives_the_same_sums()
    {
        var path = folder.Put("a.json", """[{"coddepto":"91","departamento":"AMAZONAS","codmpio":"91263","municipio":"EL ENCANTO","_2001":"191.82","_2002":"264","_2003":"0"},{"coddepto":"05","departamento":"ANTIOQUIA","codmpio":"05031","municipio":"AMALFI","_2001":"36.61","_2002":"110","_2003":"74"}]""");
        var check = Assert.Single(DataCheck.Check([path]));
        Assert.Equal("coca-municipal", check.Format);
        Assert.Equal(228.43, check.Totals["2001"], 1e-9);
        Assert.Equal(2, check.Matched);
    }

    [Fact]
    public void The_workbook_is_read_without_its_totals_and_footnotes_and_its_totals_agree()
    {
        var check = Assert.Single(DataCheck.Check([Shared.Data("coca/cultivos_1999-2019.xlsx")]));
        Assert.Equal("coca-municipal-workbook", check.Format);
        Assert.Equal(328, check.Rows);
        Assert.Equal(Enumerable.Range(1999, 21), check.Years);
        Assert.Equal(136_918.08, check.Totals["2001"], 0.01);
        Assert.Equal(102_071, check.Totals["2002"], 0.01);
        Assert.DoesNotContain(check.Faults, f => f.Code == "GH4030");
        // published.md 3: gross change 2001 -> 2002 of these 328 rows.
        var layer = DataImport.Read(Shared.Data("coca/cultivos_1999-2019.xlsx")).Layers[0];
        double[] Of(long year) => [.. Enumerable.Range(0, layer.RowCount).Where(r => layer["year"].IntegerAt(r) == year).Select(r => layer["coca_ha"].Number(r))];
        var changes = Of(2001).Zip(Of(2002), (a, b) => b - a).ToArray();
        Assert.Equal(16_901, changes.Where(c => c > 0).Sum(), 0.5);
        Assert.Equal(51_748, -changes.Where(c => c < 0).Sum(), 0.5);
    }

    [Fact]
    public void A_stated_total_that_disagrees_is_told()
    {
        var rows = new[] { "91,AMAZONAS,91263,EL ENCANTO,10,20,30", "91,AMAZONAS,91405,LA CHORRERA,1,2,3", "Total AMAZONAS,,,,11,99,33", "Total,,,,11,22,33" };
        var table = TextTable.Parse("w.csv", Encoding.UTF8.GetBytes("CODDEPTO,DEPARTAMENTO,CODMPIO,MUNICIPIO,2001,2002,2003\n" + string.Join('\n', rows)));
        var kept = CocaWorkbook.WithoutTotals(table)!;
        Assert.Equal(2, kept.RowCount);
        Assert.Contains("'Total AMAZONAS' of 2002 states 99 ha; its municipalities sum to 22 ha", Assert.Single(kept.Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coca/coca_municipal_tidy_2001-2024.csv", "coca-series", 4572, 2001, 2024, "2024", 261386.17)]
    [InlineData("../figures/coca_ha_department_1999_2024.csv", "coca-series", 602, 1999, 2024, "2024", 261386)]
    public void Long_tables_are_summed_too(string file, string format, long rows, int first, int last, string year, double sum)
    {
        var check = Assert.Single(DataCheck.Check([Shared.Data(file)]));
        Assert.Equal(format, check.Format);
        if (rows == 4572) Assert.Equal(rows, check.Rows);
        Assert.Equal((first, last), (check.Years[0], check.Years[^1]));
        Assert.InRange(check.Totals[year], sum - 0.5, sum + 0.5);
        Assert.Contains(check.Faults, f => f.Place == "year 2009");
        Assert.All(check.Faults, f => Assert.Equal(FaultSeverity.Warning, f.Severity));
    }
}
