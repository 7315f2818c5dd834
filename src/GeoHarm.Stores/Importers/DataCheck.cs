using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>What is known of one file after a look at all of it.</summary>
/// <param name="Path">Path as given.</param>
/// <param name="Format">Short name of the format.</param>
/// <param name="Rows">Rows or features of the source.</param>
/// <param name="Years">Years found, ascending.</param>
/// <param name="Totals">National sums by year; by measure where there are no years.</param>
/// <param name="Matched">Distinct codes found in the register.</param>
/// <param name="Unmatched">Codes not found.</param>
/// <param name="Duplicated">Codes that stand more than once.</param>
/// <param name="Notes">Encoding, separator, sheet.</param>
/// <param name="Faults">All faults.</param>
public sealed record FileCheck(
    string Path, string Format, long Rows, IReadOnlyList<int> Years, IReadOnlyDictionary<string, double> Totals, int Matched,
    IReadOnlyList<string> Unmatched, IReadOnlyList<string> Duplicated, IReadOnlyList<string> Notes, IReadOnlyList<Fault> Faults);

/// <summary>Looks at files without changing anything: format, rows, years, sums, codes, every fault.</summary>
public static class DataCheck
{
    /// <summary>Parts of a Shapefile, read through their .shp, and papers that lie beside data.</summary>
    private static readonly string[] Beside = [".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".md", ".txt", ".xml"];

    /// <summary>Checks files; a folder stands for the data files in it.</summary>
    public static IReadOnlyList<FileCheck> Check(IEnumerable<string> paths, ImportRequest? request = null) =>
        [.. paths.SelectMany(Expand).Select(path => Check(path, request ?? new ImportRequest()))];

    private static FileCheck Check(string path, ImportRequest request)
    {
        ImportOutcome o;
        try
        {
            o = Recognition.Read(path, request);
        }
        catch (StoreException failure)
        {
            // One file that cannot be opened must not hide what is wrong with the others.
            return new FileCheck(path, "unreadable", 0, [], new Dictionary<string, double>(), 0, [], [], [], [new Fault(FaultSeverity.Error, "GH4049", path, "", failure.What, failure.Remedy)]);
        }
        return new FileCheck(path, o.Format, o.Rows, o.Years, o.Totals, o.Join.Matched, o.Join.Unmatched, o.Join.Duplicated, o.Notes, o.Faults);
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (!Directory.Exists(path)) return [path];
        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => !Beside.Contains(System.IO.Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal);
    }
}
