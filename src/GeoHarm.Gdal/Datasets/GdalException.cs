namespace GeoHarm.Gdal.Datasets;

/// <summary>How bad a message of GDAL is.</summary>
public enum GdalSeverity
{
    /// <summary>The call went on.</summary>
    Warning,

    /// <summary>The call failed, whatever its return value says.</summary>
    Error,
}

/// <summary>One message of GDAL.</summary>
/// <param name="Severity">Warning or error.</param>
/// <param name="Number">GDAL's number, CPLE_ of cpl_error.h (1 application, 2 memory, 3 file, 4 open, 9 interrupted ...).</param>
/// <param name="Text">GDAL's own words; may hold paths, so services do not pass it on.</param>
public sealed record GdalMessage(GdalSeverity Severity, int Number, string Text);

/// <summary>A call that GDAL failed, with every message it gave, from whatever thread.</summary>
public sealed class GdalException : Exception
{
    /// <summary>Makes the exception of what was being done and what GDAL said of it.</summary>
    public GdalException(string doing, IReadOnlyList<GdalMessage> messages)
        : base(Describe(doing, messages)) => (Doing, Messages) = (doing, messages);

    /// <summary>What was being done, such as "open loss.tif".</summary>
    public string Doing { get; }

    /// <summary>All messages, warnings too, in the order given.</summary>
    public IReadOnlyList<GdalMessage> Messages { get; }

    /// <summary>Number of the first error; 0 when GDAL failed without a word.</summary>
    public int Number => Messages.FirstOrDefault(m => m.Severity == GdalSeverity.Error)?.Number ?? 0;

    private static string Describe(string doing, IReadOnlyList<GdalMessage> messages)
    {
        var errors = messages.Where(m => m.Severity == GdalSeverity.Error).Select(m => $"{m.Text} (GDAL error {m.Number})").ToArray();
        return $"GDAL could not {doing}: {(errors.Length > 0 ? string.Join("; ", errors) : "it gave no reason")}";
    }
}
