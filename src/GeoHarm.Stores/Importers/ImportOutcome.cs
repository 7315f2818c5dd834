using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>How the codes of a file met the register of municipalities.</summary>
/// <param name="Matched">Distinct codes found in the register.</param>
/// <param name="Unmatched">Codes not found, as they stand in the file, each once.</param>
/// <param name="Duplicated">Codes that stand for more than one row where one was expected.</param>
public sealed record JoinReport(int Matched, IReadOnlyList<string> Unmatched, IReadOnlyList<string> Duplicated)
{
    /// <summary>No codes to match.</summary>
    public static JoinReport None { get; } = new(0, [], []);
}

/// <summary>What an importer makes of a file: clean layers, or the faults that stand against it.</summary>
/// <param name="Format">Short name of the format, such as "coca-municipal".</param>
/// <param name="Layers">Layers made; empty when a fault is an error.</param>
/// <param name="Rows">Rows of the source.</param>
/// <param name="Years">Years found, ascending.</param>
/// <param name="Totals">National sums by year; by measure where the table has no years.</param>
/// <param name="Join">Codes matched and not.</param>
/// <param name="Faults">All faults; the file can be used when none is an error.</param>
/// <param name="Notes">What was found out about the file: encoding, separator, sheet.</param>
public sealed record ImportOutcome(
    string Format,
    IReadOnlyList<Layer> Layers,
    long Rows,
    IReadOnlyList<int> Years,
    IReadOnlyDictionary<string, double> Totals,
    JoinReport Join,
    IReadOnlyList<Fault> Faults,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether the file can be used.</summary>
    public bool IsUsable => Faults.All(f => f.Severity != FaultSeverity.Error);
}

/// <summary>How a file is to be taken in.</summary>
/// <param name="Kind">What the user says it is (--as), such as "cultivation" or "ports"; null to go by its content.</param>
/// <param name="Sensitive">Whether the user marks it sensitive.</param>
/// <param name="Coarsen">Whether layers that look like plots are merged into 5 km cells on the way in instead of refused.</param>
/// <param name="LayerName">Name of the layer; null for the format's own.</param>
/// <param name="Strict">Whether a warning stands against an import as an error does.</param>
public sealed record ImportRequest(string? Kind = null, bool Sensitive = false, bool Coarsen = false, string? LayerName = null, bool Strict = false);

/// <summary>Reads one official format. One file per format; recognised by content, never by the file's name.</summary>
internal interface ITableImporter
{
    /// <summary>Short name of the format.</summary>
    string Format { get; }

    /// <summary>Whether the table is of this format; damaged files of the format must still be recognised.</summary>
    bool Recognises(TextTable table);

    /// <summary>Reads the table.</summary>
    ImportOutcome Read(TextTable table, Provenance origin);
}
