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

/// <summary>What an import wrote.</summary>
/// <param name="Layer">Name of the layer; the first where a file makes several.</param>
/// <param name="Layers">All layers written.</param>
/// <param name="Format">Format recognised.</param>
/// <param name="Rows">Rows of the first layer.</param>
/// <param name="SourceRows">Rows of the file.</param>
/// <param name="Faults">Warnings.</param>
public sealed record ImportReport(string Layer, IReadOnlyList<string> Layers, string Format, long Rows, long SourceRows, IReadOnlyList<Fault> Faults);

/// <summary>Takes a file into a store, wholly or not at all.</summary>
public static class DataImport
{
    /// <summary>From so many rows on, what reading left behind is collected before writing starts: it is dead by then, and
    /// would stand beside the writer's own garbage (grid of 119,154 cells: peak 410 MB without, see benchmarks).</summary>
    private const int ManyRows = 50_000;

    /// <summary>
    /// Imports a file. Throws <see cref="InvalidInputException"/> with every fault when one is an error (the store is
    /// untouched then), <see cref="StoreException"/> when the store fails.
    /// </summary>
    public static ImportReport Import(string path, ILayerStore store, ImportRequest? request = null)
    {
        var outcome = Read(path, request);
        Store(outcome, store);
        return new ImportReport(outcome.Layers[0].Name, [.. outcome.Layers.Select(l => l.Name)], outcome.Format, outcome.Layers[0].RowCount, outcome.Rows, outcome.Faults);
    }

    /// <summary>Writes what was read into a store, all layers or none where the store can.</summary>
    public static void Store(ImportOutcome outcome, ILayerStore store)
    {
        if (store is IWritesTogether together)
        {
            together.WriteAll(outcome.Layers);
            return;
        }
        foreach (var layer in outcome.Layers) store.Write(layer);
    }

    /// <summary>Reads a file into layers without storing them, for verbs that take a file (--panel, --zones). Throws as
    /// <see cref="Import"/> does.</summary>
    public static ImportOutcome Read(string path, ImportRequest? request = null)
    {
        var outcome = Recognition.Read(path, request ?? new ImportRequest());
        if (!outcome.IsUsable) throw new InvalidInputException(outcome.Faults);
        if (outcome.Layers.Count == 0)
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4046", path, "", $"A file of format {outcome.Format} makes no layer.", outcome.Notes.Count > 0 ? outcome.Notes[0] : "Give a table or features.")]);
        }
        if (outcome.Rows >= ManyRows) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return outcome;
    }
}
