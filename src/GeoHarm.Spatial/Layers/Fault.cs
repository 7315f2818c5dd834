namespace GeoHarm.Spatial.Layers;

/// <summary>How bad a fault is.</summary>
public enum FaultSeverity
{
    /// <summary>The work can go on; the exit code does not change.</summary>
    Warning,

    /// <summary>The input cannot be used; exit code 3.</summary>
    Error,
}

/// <summary>One thing wrong with an input, where it is and what to do about it. Checks return all of them at once.</summary>
/// <param name="Severity">Warning or error.</param>
/// <param name="Code">Stable code GHnnnn; docs/faults.md has a paragraph for each.</param>
/// <param name="File">File name as the user gave it.</param>
/// <param name="Place">Line ("line 12"), feature ("feature 7", "CODMPIO 05001"), column or layer; empty for the whole file.</param>
/// <param name="Message">What is wrong, with the value found.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Line">Line number from 1, where there is one.</param>
public sealed record Fault(FaultSeverity Severity, string Code, string File, string Place, string Message, string Remedy, int? Line = null)
{
    /// <summary>An error at a line.</summary>
    public static Fault AtLine(string code, string file, int line, string message, string remedy) =>
        new(FaultSeverity.Error, code, file, $"line {line}", message, remedy, line);
}

/// <summary>An input that cannot be used, with every fault found in it. Edges turn it into exit code 3.</summary>
public sealed class InvalidInputException(IReadOnlyList<Fault> faults)
    : Exception(string.Join(Environment.NewLine, faults.Select(f => $"{f.File}: {f.Place}: {f.Code} {f.Message}")))
{
    /// <summary>All faults, in the order of the input.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
