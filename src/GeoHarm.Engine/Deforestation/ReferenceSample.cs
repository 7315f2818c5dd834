using System.Globalization;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// A stratified sample of places where the truth was looked up: counts of units by stratum, class on the map and class
/// found. Strata are most often the map's own classes; then a confusion matrix says all. Where the sample was drawn in
/// other strata, a table of units does.
/// </summary>
public sealed class ReferenceSample
{
    private readonly long[] counts;

    private ReferenceSample(IReadOnlyList<string> strata, IReadOnlyList<double> pixels, IReadOnlyList<string> classes, bool strataAreClasses, long[] counts)
    {
        (Strata, Pixels, Classes, StrataAreClasses, this.counts) = (strata, pixels, classes, strataAreClasses, counts);
    }

    /// <summary>Names of strata.</summary>
    public IReadOnlyList<string> Strata { get; }

    /// <summary>Pixels mapped in each stratum; all above 0.</summary>
    public IReadOnlyList<double> Pixels { get; }

    /// <summary>Classes of map and reference.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether each stratum is the class of the same place in the list.</summary>
    public bool StrataAreClasses { get; }

    /// <summary>Units of a stratum that the map gives one class and the reference another.</summary>
    public long Count(int stratum, int mapped, int found) => counts[(stratum * Classes.Count + mapped) * Classes.Count + found];

    /// <summary>Reads a confusion matrix: columns class, mapped_pixels and one for each reference class, a row for each
    /// map class. Every reference class must have its row. Throws with every fault found.</summary>
    public static ReferenceSample OfMatrix(Layer table, string file)
    {
        var faults = new List<Fault>();
        Require(table, file, ["class", "mapped_pixels"], faults);
        Stop(faults);
        var classes = Names(table, "class", file, faults);
        var found = table.Columns.Where(c => c.Name is not ("class" or "mapped_pixels")).Select(c => c.Name).ToArray();
        foreach (var name in found.Except(classes)) faults.Add(Wrong("GH5702", file, $"column {name}", $"The reference class '{name}' has no row.", "Give every class a row with its mapped_pixels, 0 counts where none was sampled."));
        foreach (var name in classes.Except(found)) faults.Add(Wrong("GH5702", file, $"class {name}", $"The class '{name}' has no column of reference counts.", "Give every class a column, 0 where it was never found."));
        var pixels = Pixel(table, file, faults);
        Stop(faults);
        var counts = new long[classes.Length * classes.Length * classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            for (var j = 0; j < classes.Length; j++)
            {
                if (Whole(table[classes[j]], i) is { } n) counts[(i * classes.Length + i) * classes.Length + j] = n;
                else faults.Add(Wrong("GH5703", file, $"line {i + 2}", $"'{table[classes[j]].TextAt(i)}' under {classes[j]} is no count.", "Write whole numbers of sample units, 0 or more.", i + 2));
            }
        }
        return Checked(new ReferenceSample(classes, pixels, classes, true, counts), file, faults);
    }

    /// <summary>Reads a table of sample units (columns map and reference, and stratum where strata are not the map's
    /// classes) with the table of strata (class or stratum, mapped_pixels). Throws with every fault found.</summary>
    public static ReferenceSample OfUnits(Layer units, string unitFile, Layer strata, string strataFile)
    {
        var faults = new List<Fault>();
        var key = strata.Has("stratum") ? "stratum" : "class";
        Require(units, unitFile, ["map", "reference"], faults);
        Require(strata, strataFile, [key, "mapped_pixels"], faults);
        Stop(faults);
        var names = Names(strata, key, strataFile, faults);
        var pixels = Pixel(strata, strataFile, faults);
        var own = !units.Has("stratum");
        var seen = Texts(units, "map").Concat(Texts(units, "reference")).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        string[] classes = own ? [.. names, .. seen.Except(Texts(units, "map").OfType<string>()).Except(names)] : [.. seen];
        var counts = new long[names.Length * classes.Length * classes.Length];
        for (var row = 0; row < units.RowCount; row++)
        {
            var (mapped, reference) = (units["map"].TextAt(row), units["reference"].TextAt(row));
            var stratum = own ? mapped : units["stratum"].TextAt(row);
            if (mapped is null || reference is null || stratum is null)
            {
                faults.Add(Wrong("GH5704", unitFile, $"line {row + 2}", "The sample unit lacks its stratum, map class or reference class.", "Fill it in, or leave the unit out and say so.", row + 2));
                continue;
            }
            var at = Array.IndexOf(names, stratum);
            if (at < 0) faults.Add(Wrong("GH5705", unitFile, $"line {row + 2}", $"The stratum '{stratum}' is not among {string.Join(", ", names)}.", $"Add it to {strataFile} with its mapped_pixels, or mend the name.", row + 2));
            else counts[(at * classes.Length + Array.IndexOf(classes, mapped)) * classes.Length + Array.IndexOf(classes, reference)]++;
        }
        if (own && classes.Length > names.Length)
        {
            foreach (var name in classes[names.Length..]) faults.Add(Wrong("GH5705", strataFile, $"class {name}", $"The reference class '{name}' has no stratum.", "Give every class a row with its mapped_pixels."));
        }
        return Checked(new ReferenceSample(names, pixels, classes, own, counts), own ? unitFile : strataFile, faults);
    }

    private static ReferenceSample Checked(ReferenceSample sample, string file, List<Fault> faults)
    {
        var cells = sample.Classes.Count * sample.Classes.Count;
        for (var h = 0; h < sample.Strata.Count; h++)
        {
            var n = sample.counts.AsSpan(h * cells, cells).ToArray().Sum();
            if (n < 2) faults.Add(Wrong("GH5706", file, $"class {sample.Strata[h]}", $"The stratum has {n} sample units; its variance needs at least 2.", "Sample more units there, or merge the stratum with another."));
        }
        Stop(faults);
        return sample;
    }

    private static string[] Names(Layer table, string column, string file, List<Fault> faults)
    {
        var names = new string[table.RowCount];
        for (var row = 0; row < names.Length; row++)
        {
            names[row] = table[column].TextAt(row) ?? "";
            if (names[row].Length == 0) faults.Add(Wrong("GH5704", file, $"line {row + 2}", $"The row has no {column}.", "Name every class.", row + 2));
            else if (Array.IndexOf(names, names[row], 0, row) >= 0) faults.Add(Wrong("GH5701", file, $"line {row + 2}", $"'{names[row]}' stands twice.", "Keep one of the rows.", row + 2));
        }
        if (names.Length < 2) faults.Add(Wrong("GH5702", file, "", $"There are {names.Length} classes.", "An accuracy assessment needs two or more."));
        return names;
    }

    private static double[] Pixel(Layer table, string file, List<Fault> faults)
    {
        var pixels = new double[table.RowCount];
        for (var row = 0; row < pixels.Length; row++)
        {
            var column = table["mapped_pixels"];
            pixels[row] = column.Type is FieldType.Integer or FieldType.Real ? column.Number(row) : double.TryParse(column.TextAt(row), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
            if (!(pixels[row] > 0) || !double.IsFinite(pixels[row])) faults.Add(Wrong("GH5703", file, $"line {row + 2}", $"mapped_pixels '{column.TextAt(row)}' is not a number above 0.", "Give the number of pixels (or the area) that the map has in the class.", row + 2));
        }
        return pixels;
    }

    private static long? Whole(Column column, int row) => long.TryParse(column.TextAt(row), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static IEnumerable<string?> Texts(Layer table, string column) => Enumerable.Range(0, table.RowCount).Select(table[column].TextAt);

    private static void Require(Layer table, string file, string[] columns, List<Fault> faults)
    {
        foreach (var name in columns.Where(c => !table.Has(c))) faults.Add(Wrong("GH5700", file, $"column {name}", $"There is no column '{name}'; there are {string.Join(", ", table.Columns.Select(c => c.Name))}.", "docs/methods/deforestation.md shows the form of the table."));
    }

    private static void Stop(List<Fault> faults)
    {
        if (faults.Count > 0) throw new InvalidInputException(faults);
    }

    private static Fault Wrong(string code, string file, string place, string message, string remedy, int? line = null) => new(FaultSeverity.Error, code, file, place, message, remedy, line);
}
