using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// The import of a large layer of features: read, cleaned and written part by part in one transaction of the store, so that no
/// more than a part is held. Faults are gathered to the end, and one that is an error breaks the writing off then: the store is as it
/// was.
/// </summary>
internal static class PartedImport
{
    /// <summary>Files below are held whole: they are no burden, and some formats show themselves by all their rows only.</summary>
    private const long LeastBytes = 8L << 20;

    /// <summary>Imports the file; null when it must be held whole.</summary>
    public static ImportReport? Import(string path, Func<ILayerStore> open, ImportRequest request, long leastBytes = LeastBytes)
    {
        if (request.Coarsen) return null;
        var source = SourceFile.Open(path);
        if (source.Kind != SourceKind.Features || source.Length < leastBytes) return null;
        var faults = new List<Fault>();
        var origin = new Provenance(Path.GetFileName(path), "unknown", source.Sha256());
        using var raw = FeatureFile.Parts(path, origin, faults, ILayerStore.RowsOfPart).GetEnumerator();
        if (!raw.MoveNext() || Recognition.Features.First(i => i.Recognises(raw.Current)) is not IPartedImporter importer) return null;
        var written = new Written();
        try
        {
            open().WriteParts(Clean(path, raw, importer, request, faults, written));
        }
        catch (HeldWhole)
        {
            return null;
        }
        return new ImportReport([written.Info!], importer.Format, written.Rows, JoinReport.None, faults);
    }

    private static IEnumerable<Layer> Clean(string path, IEnumerator<Layer> raw, IPartedImporter importer, ImportRequest request, List<Fault> faults, Written written)
    {
        var cleaning = importer.Begin(path, faults);
        Layer? last = null;
        var plots = 0;
        do
        {
            var part = cleaning.Part(raw.Current) ?? throw new HeldWhole();
            plots += PlotLike.Count(part, request.Kind ?? importer.Kind);
            written.Rows += part.RowCount;
            last = Recognition.Finish(Recognition.WithImporter(part, $"{importer.Format} {Recognition.Version}"), 0, request);
            yield return last;
        }
        while (raw.MoveNext());
        cleaning.End();
        if (plots >= PlotLike.ByTheThousand) faults.Add(PlotLike.Refusal(path, last));
        DataImport.Refuse(faults, request.Strict);
        written.Info = new LayerInfo(last.Name, last.Title, written.Rows, last.HasGeometry, last.Sensitivity, last.Provenance);
    }

    private sealed class Written
    {
        public LayerInfo? Info { get; set; }

        public long Rows { get; set; }
    }

    /// <summary>A part did not say what its column holds: the file is taken whole.</summary>
    private sealed class HeldWhole : Exception;
}
