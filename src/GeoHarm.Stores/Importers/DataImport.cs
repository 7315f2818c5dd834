using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>What an import wrote.</summary>
/// <param name="Layers">What is said of the layers written, in the order of the file.</param>
/// <param name="Format">Format recognised.</param>
/// <param name="SourceRows">Rows of the file.</param>
/// <param name="Join">Codes matched and not.</param>
/// <param name="Faults">Warnings.</param>
public sealed record ImportReport(IReadOnlyList<LayerInfo> Layers, string Format, long SourceRows, JoinReport Join, IReadOnlyList<Fault> Faults);

/// <summary>Takes a file into a store, wholly or not at all.</summary>
public static class DataImport
{
    /// <summary>From so many rows on, what reading left behind is collected before writing starts: it is dead by then, and
    /// would stand beside the writer's own garbage.</summary>
    private const int ManyRows = 50_000;

    /// <summary>
    /// Imports a file, large layers of features part by part. Throws <see cref="InvalidInputException"/> with every fault when one
    /// is an error (the store is untouched then), <see cref="StoreException"/> when the store fails.
    /// </summary>
    /// <param name="path">File.</param>
    /// <param name="open">Opens the store; called when there is something to write, the store is left to the caller.</param>
    /// <param name="request">How to take it.</param>
    public static ImportReport Import(string path, Func<ILayerStore> open, ImportRequest? request = null)
    {
        if (PartedImport.Import(path, open, request ?? new ImportRequest()) is { } report) return report;
        var outcome = Read(path, request);
        var store = open();
        if (store is IWritesTogether together) together.WriteAll(outcome.Layers);
        else foreach (var layer in outcome.Layers) store.Write(layer);
        return Report(outcome);
    }

    /// <summary>Reads a file into layers without storing them, for verbs that take a file (--panel, --zones). Throws as
    /// <see cref="Import"/> does.</summary>
    public static ImportOutcome Read(string path, ImportRequest? request = null)
    {
        var outcome = Recognition.Read(path, request ?? new ImportRequest());
        Refuse(outcome.Faults, request?.Strict ?? false);
        if (outcome.Layers.Count == 0)
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4046", path, "", $"A file of format {outcome.Format} makes no layer.", outcome.Notes.Count > 0 ? outcome.Notes[0] : "Give a table or features.")]);
        }
        if (outcome.Rows >= ManyRows) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return outcome;
    }

    /// <summary>What is said of an import that was read, written or not.</summary>
    public static ImportReport Report(ImportOutcome outcome) => new(
        [.. outcome.Layers.Select(l => new LayerInfo(l.Name, l.Title, l.RowCount, l.HasGeometry, l.Sensitivity, l.Provenance))], outcome.Format, outcome.Rows, outcome.Join, outcome.Faults);

    /// <summary>Throws when a fault is an error, or any where warnings are to count as errors.</summary>
    internal static void Refuse(IReadOnlyList<Fault> faults, bool strict)
    {
        if (faults.Any(f => strict || f.Severity == FaultSeverity.Error)) throw new InvalidInputException(strict ? [.. faults.Select(f => f with { Severity = FaultSeverity.Error })] : faults);
    }
}
