using System.Globalization;
using System.Text.RegularExpressions;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// Hectares of coca by polygon and year, read from a layer of polygons in one of two forms: a column of hectares for each
/// year (the year stands in the column's name, as in areacoca_2016, coca2022_, areacoca2023), or a row for each polygon
/// and year (a column of years and one of hectares). A blank is no coca.
/// </summary>
public sealed partial class CultivationRecord
{
    private readonly double[] hectares;

    private CultivationRecord(int polygons, int[] years, double[] hectares) => (Polygons, Years, this.hectares) = (polygons, years, hectares);

    /// <summary>Number of polygons.</summary>
    public int Polygons { get; }

    /// <summary>Years with a record, rising.</summary>
    public IReadOnlyList<int> Years { get; }

    /// <summary>Hectares of a polygon in a year by its place in <see cref="Years"/>.</summary>
    public double Hectares(int polygon, int year) => hectares[polygon * Years.Count + year];

    /// <summary>The record of some of its years.</summary>
    public CultivationRecord Where(Func<int, bool> year)
    {
        int[] kept = [.. Enumerable.Range(0, Years.Count).Where(y => year(Years[y]))];
        return new CultivationRecord(Polygons, [.. kept.Select(y => Years[y])], [.. Enumerable.Range(0, Polygons).SelectMany(p => kept.Select(y => Hectares(p, y)))]);
    }

    /// <summary>For each polygon, bit y set where it held coca in 2000 + y.</summary>
    public uint[] Bits()
    {
        var bits = new uint[Polygons];
        for (var p = 0; p < Polygons; p++)
        {
            for (var y = 0; y < Years.Count; y++)
            {
                if (hectares[p * Years.Count + y] > 0) bits[p] |= 1u << (Years[y] - LossTiles.Epoch);
            }
        }
        return bits;
    }

    /// <summary>Hectares gained from one recorded year to the next in the years asked for: the sum of increases, polygon by
    /// polygon; replanting in place adds nothing.</summary>
    public double Gained(int polygon, int firstYear, int lastYear)
    {
        var sum = 0.0;
        for (var y = 1; y < Years.Count; y++)
        {
            if (Years[y] >= firstYear && Years[y] <= lastYear) sum += Math.Max(0, Hectares(polygon, y) - Hectares(polygon, y - 1));
        }
        return sum;
    }

    /// <summary>Reads a layer. Throws with every fault found.</summary>
    /// <param name="layer">Polygons with hectares.</param>
    /// <param name="file">Name for faults.</param>
    /// <param name="yearColumn">Column of years of the long form; null for a column a year.</param>
    /// <param name="areaColumn">Column of hectares of the long form.</param>
    public static CultivationRecord Of(Layer layer, string file, string? yearColumn, string? areaColumn)
    {
        var faults = new List<Fault>();
        var record = yearColumn is null ? Wide(layer, file, faults) : Long(layer, file, yearColumn, areaColumn, faults);
        return faults.Count == 0 ? record : throw new InvalidInputException(faults);
    }

    private static CultivationRecord Wide(Layer layer, string file, List<Fault> faults)
    {
        var columns = layer.Columns.Where(c => c.Type is FieldType.Real or FieldType.Integer)
            .Select(c => (Column: c, Found: YearInName().Matches(c.Name))).Where(c => c.Found.Count == 1)
            .Select(c => (c.Column, Year: int.Parse(c.Found[0].Value, CultureInfo.InvariantCulture))).OrderBy(c => c.Year).ToArray();
        if (columns.Length == 0) faults.Add(new Fault(FaultSeverity.Error, "GH5720", file, "", $"no column of numbers has a year in its name; there are {string.Join(", ", layer.Columns.Select(c => c.Name))}", "name columns such as coca_2016, or give --coca-year and --coca-area"));
        foreach (var twice in columns.GroupBy(c => c.Year).Where(g => g.Count() > 1)) faults.Add(new Fault(FaultSeverity.Error, "GH5721", file, $"year {twice.Key}", $"{string.Join(" and ", twice.Select(c => c.Column.Name))} name the same year", "keep one column of hectares a year"));
        Require([.. columns.Select(c => c.Year)], file, faults);
        if (faults.Count > 0) return new CultivationRecord(0, [], []);
        var hectares = new double[layer.RowCount * columns.Length];
        for (var row = 0; row < layer.RowCount; row++)
        {
            for (var y = 0; y < columns.Length; y++) hectares[row * columns.Length + y] = Amount(columns[y].Column, row, file, faults);
        }
        return new CultivationRecord(layer.RowCount, [.. columns.Select(c => c.Year)], hectares);
    }

    private static CultivationRecord Long(Layer layer, string file, string yearColumn, string? areaColumn, List<Fault> faults)
    {
        foreach (var name in new[] { yearColumn, areaColumn }.OfType<string>().Where(c => !layer.Has(c))) faults.Add(new Fault(FaultSeverity.Error, "GH5720", file, $"column {name}", $"there is no column '{name}'; there are {string.Join(", ", layer.Columns.Select(c => c.Name))}", "name a column of the file"));
        if (faults.Count > 0) return new CultivationRecord(0, [], []);
        var year = new int[layer.RowCount];
        for (var row = 0; row < year.Length; row++)
        {
            if (!int.TryParse(layer[yearColumn].TextAt(row), NumberStyles.None, CultureInfo.InvariantCulture, out year[row])) faults.Add(new Fault(FaultSeverity.Error, "GH5722", file, $"feature {row + 1}", $"'{layer[yearColumn].TextAt(row)}' is no year", "write whole years such as 2016"));
        }
        int[] years = [.. year.Where(y => y > 0).Distinct().Order()];
        Require(years, file, faults);
        if (faults.Count > 0) return new CultivationRecord(0, [], []);
        var hectares = new double[layer.RowCount * years.Length];
        for (var row = 0; row < year.Length; row++) hectares[row * years.Length + Array.IndexOf(years, year[row])] = areaColumn is null ? 1 : Amount(layer[areaColumn], row, file, faults);
        return new CultivationRecord(layer.RowCount, years, hectares);
    }

    private static void Require(int[] years, string file, List<Fault> faults)
    {
        foreach (var year in years.Where(y => y < LossTiles.Epoch || y > CultivationCells.LastYear)) faults.Add(new Fault(FaultSeverity.Error, "GH5722", file, $"year {year}", $"years of coca run from {LossTiles.Epoch} to {CultivationCells.LastYear} here", "leave the year out"));
    }

    private static double Amount(Column column, int row, string file, List<Fault> faults)
    {
        var value = column.Type is FieldType.Real or FieldType.Integer ? column.Number(row) : double.TryParse(column.TextAt(row), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : column.IsNull(row) ? double.NaN : -1;
        if (double.IsNaN(value)) return 0;
        if (value >= 0 && double.IsFinite(value)) return value;
        faults.Add(new Fault(FaultSeverity.Error, "GH5723", file, $"feature {row + 1}, {column.Name}", $"'{column.TextAt(row)}' is no number of hectares", "write hectares of 0 or more, blank for none"));
        return 0;
    }

    [GeneratedRegex(@"(?<!\d)(?:19|20)\d\d(?!\d)")]
    private static partial Regex YearInName();
}
