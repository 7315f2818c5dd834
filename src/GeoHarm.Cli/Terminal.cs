using System.Text;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>What a verb sees of the console: results go to stdout, progress and warnings to stderr; with --json
/// exactly one JSON document goes to stdout and nothing else.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool json, bool quiet, bool verbose, bool strict, string language)
{
    private readonly List<Fault> warnings = [];
    private long lastProgress = Environment.TickCount64;

    /// <summary>Whether the caller asked for JSON.</summary>
    public bool Json { get; } = json;

    /// <summary>Whether progress should be left out.</summary>
    public bool Quiet { get; } = quiet;

    /// <summary>Whether detail was asked for.</summary>
    public bool Verbose { get; } = verbose;

    /// <summary>Whether warnings count as errors.</summary>
    public bool Strict { get; } = strict;

    /// <summary>Language of prose: en, es or pt.</summary>
    public string Language { get; } = language;

    /// <summary>Warnings said so far.</summary>
    public IReadOnlyList<Fault> Warnings => warnings;

    /// <summary>The text of an object in the one JSON form of GeoHarm.</summary>
    public static string ToJson(object value) => JsonForm.Of(value);

    /// <summary>Ends a verb with its result: <paramref name="document"/> as JSON, or <paramref name="prose"/> for people.</summary>
    public void Result(object document, Action<TextWriter> prose)
    {
        if (Strict && warnings.Count > 0) throw new InvalidInputException([.. warnings.Select(w => w with { Severity = FaultSeverity.Error })]);
        if (Json) output.WriteLine(ToJson(document));
        else prose(output);
    }

    /// <summary>Raw text as the result, for verbs whose output is not JSON (completion scripts).</summary>
    public void Text(string text) => output.Write(text);

    /// <summary>A warning: to stderr, and into faults[]; an error under --strict.</summary>
    public void Warn(Fault fault)
    {
        warnings.Add(fault);
        if (!Quiet && !Json) error.WriteLine(Line(fault));
    }

    /// <summary>Progress: a line at most every ten seconds, on stderr; <paramref name="share"/> from 0 to 1.</summary>
    public void Progress(string what, double share)
    {
        if (Quiet || (!Verbose && Environment.TickCount64 - lastProgress < 10_000)) return;
        lastProgress = Environment.TickCount64;
        error.WriteLine($"{what}: {share * 100:0} %");
    }

    /// <summary>A remark for people who asked for detail.</summary>
    public void Detail(string text)
    {
        if (Verbose && !Quiet) error.WriteLine(text);
    }

    /// <summary>Writes the end that a problem stands for and returns its exit code.</summary>
    public int Fail(Problem problem)
    {
        if (Json)
        {
            output.WriteLine(ToJson(new
            {
                type = "https://geoharm.org/problems/" + problem.Type,
                title = problem.Title,
                status = problem.Code,
                detail = problem.Message,
                faults = problem.Faults.Select(FaultForm),
            }));
        }
        else
        {
            foreach (var fault in problem.Faults) error.WriteLine(Line(fault));
            error.WriteLine($"geoharm: {problem.Title} {problem.Message}");
        }
        return problem.Code;
    }

    /// <summary>A fault as the contract writes it.</summary>
    public static object FaultForm(Fault fault) => new
    {
        severity = fault.Severity, code = fault.Code, file = fault.File, line = fault.Line, feature = fault.Line is null ? fault.Place : null,
        message = fault.Message, remedy = fault.Remedy,
    };

    private static string Line(Fault fault)
    {
        var text = new StringBuilder($"{fault.File}: ");
        if (fault.Place.Length > 0) text.Append(fault.Place).Append(": ");
        text.Append(fault.Severity == FaultSeverity.Error ? "error " : "warning ").Append(fault.Code).Append(": ").Append(fault.Message);
        return text.Append(" -> ").Append(fault.Remedy).ToString();
    }
}
