using System.Text;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>What a verb sees of the console: results go to stdout, progress and warnings to stderr; with --json
/// exactly one JSON document goes to stdout and nothing else.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool json, bool quiet, bool verbose, bool strict, string language)
{
    private readonly List<Fault> warnings = [];
    private readonly Lock oneAtATime = new();
    private long lastProgress = Environment.TickCount64;
    private bool barShown;

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

    /// <summary>Progress on stderr: a bar on a terminal, else a line at most every ten seconds; <paramref name="share"/> from 0 to 1.</summary>
    public void Progress(string what, double share)
    {
        if (Quiet) return;
        lock (oneAtATime)
        {
            var onScreen = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected && !Verbose;
            if (!Verbose && Environment.TickCount64 - lastProgress < (onScreen ? 100 : 10_000) && !(barShown && share >= 1)) return;
            lastProgress = Environment.TickCount64;
            if (!onScreen)
            {
                error.WriteLine($"{what}: {share * 100:0} %");
                return;
            }
            error.Write(Bar(what, share));
            barShown = share < 1;
        }
    }

    /// <summary>A bar of forty marks that replaces itself; the whole one wipes its line.</summary>
    internal static string Bar(string what, double share)
    {
        const int marks = 40;
        if (share >= 1) return "\r\u001b[K";
        var done = (int)(Math.Clamp(share, 0, 1) * marks);
        return $"\r\u001b[K{what} [{new string('#', done)}{new string('.', marks - done)}] {share * 100:0} %";
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
