using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>An end other than success, with its exit code; shaped as RFC 9457 when written as JSON.</summary>
/// <param name="type">Stable short name, such as "usage" or "invalid-input".</param>
/// <param name="title">One sentence.</param>
/// <param name="exitCode">Process exit code.</param>
/// <param name="detail">What exactly, and what to do.</param>
/// <param name="faults">Every fault of the input.</param>
internal sealed class Problem(string type, string title, int exitCode, string detail, IReadOnlyList<Fault>? faults = null) : Exception(detail)
{
    public string Type { get; } = type;

    public string Title { get; } = title;

    public int Code { get; } = exitCode;

    public IReadOnlyList<Fault> Faults { get; } = faults ?? [];

    /// <summary>A wrong call of the program.</summary>
    public static Problem Usage(string detail) => new("usage", "The command cannot be understood.", ExitCode.Usage, detail);

    /// <summary>A use that GeoHarm does not offer, because it would help someone target people or choose a route.</summary>
    public static Problem UseNotSupported(string detail) => new("use-not-supported", "GeoHarm does not offer this use.", ExitCode.Usage, detail);

    /// <summary>Something that exists already and may not be overwritten, or cannot be written or read.</summary>
    public static Problem Store(string detail) => new("store", "A file or store cannot be used.", ExitCode.StoreOrNetwork, detail);

    /// <summary>Any exception as the end it stands for.</summary>
    public static Problem From(Exception exception) => exception switch
    {
        Problem problem => problem,
        OperationCanceledException => new Problem("interrupted", "Interrupted.", ExitCode.Interrupted, "The work was stopped; nothing half-written was left."),
        InvalidInputException invalid => new Problem("invalid-input", "The input cannot be used.", ExitCode.Input, $"{invalid.Faults.Count(f => f.Severity == FaultSeverity.Error)} error(s); see faults.", invalid.Faults),
        GeoHarm.Engine.Publication.NotPublishableException withheld => UseNotSupported(withheld.Message),
        GeoHarm.Engine.Scenarios.UseNotSupportedException refused => UseNotSupported(refused.Message),
        GeoHarm.Engine.Scenarios.NotConvergedException notConverged => new Problem("not-converged", "The model did not converge.", ExitCode.NotConverged, notConverged.Message),
        UnauthorizedAccessException or IOException => Store(exception.Message),
        System.Net.Http.HttpRequestException => new Problem("network", "The network cannot be reached.", ExitCode.StoreOrNetwork, exception.Message),
        _ when exception.GetType().Name is "StoreException" or "GdalException" => Store(exception.Message),
        _ => new Problem("failure", "GeoHarm failed.", ExitCode.Failure, exception.Message),
    };
}
