using System.CommandLine;
using System.Globalization;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Options shared by every verb that runs scenarios.</summary>
internal sealed class RunSettings
{
    public Option<string?> Study { get; } = new("--study") { Description = "Your own study: a .gpkg or a folder (default: the embedded one)" };

    public Option<string?> Out { get; } = new("--out") { Description = "Folder for results; refuses to overwrite without --force" };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace what stands at --out" };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Say what would be read, computed and written; write nothing" };

    public Option<long?> Seed { get; } = new("--seed") { Description = "Seed of all draws (overrides the scenario's)" };

    public Option<int?> Members { get; } = new("--members") { Description = "Number of draws (overrides the scenario's; default 200)" };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads (default: all cores); changes no bit of the result" };

    public Option<string> Audience { get; } = Audiences();

    public Option<string?> AsOf { get; } = AsOfOption();

    public Option<double?> MonteCarloError { get; } = new("--monte-carlo-error") { Description = "Double the members until the Monte Carlo error of every total and burden is below this share of its interval, such as 0.05" };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Keep finished members beside --out while it runs, and go on from them after an interruption" };

    public Option<string> Framing { get; } = Framings();

    /// <summary>The options of verbs that run the whole chain.</summary>
    public IEnumerable<Symbol> ForRuns => [.. All, MonteCarloError, Resume, Framing];

    public IEnumerable<Symbol> All => [Study, Out, Force, DryRun, Seed, Members, Threads, Audience, AsOf];

    public RunChoices Read(ParseResult parse)
    {
        var seed = parse.GetValue(Seed);
        var members = parse.GetValue(Members);
        var threads = parse.GetValue(Threads);
        if (seed < 0) throw Problem.Usage("--seed takes a whole number of 0 or more.");
        if (members is < 1 or > 100_000) throw Problem.Usage("--members takes a whole number from 1 to 100000.");
        if (threads is < 1 or > 1024) throw Problem.Usage("--threads takes a whole number from 1 to 1024.");
        var (error, resume) = (parse.GetValue(MonteCarloError), parse.GetValue(Resume));
        if (error is <= 0 or > 1) throw Problem.Usage("--monte-carlo-error takes a share above 0, such as 0.05.");
        if (resume && parse.GetValue(Out) is null) throw Problem.Usage("--resume keeps members beside --out: give --out.");
        return new RunChoices(parse.GetValue(Study), parse.GetValue(Out), parse.GetValue(Force), parse.GetValue(DryRun), seed, members,
            threads ?? Environment.ProcessorCount, AudienceOf(parse, Audience), DateOf(parse, AsOf)) { MonteCarloError = error, Resume = resume, Framing = parse.GetValue(Framing) ?? Wording.HarmReduction };
    }

    /// <summary>The option --framing.</summary>
    public static Option<string> Framings()
    {
        var option = new Option<string>("--framing") { Description = "Audience that the report is worded for: harm-reduction, cost-benefit or targeted-enforcement; the numbers are the same", DefaultValueFactory = _ => Wording.HarmReduction };
        option.AcceptOnlyFromAmong([.. Wording.Framings]);
        return option;
    }

    /// <summary>Today, as dates are written.</summary>
    public static string Today => DateTime.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The audience chosen.</summary>
    public static Audience AudienceOf(ParseResult parse, Option<string> audience) => Enum.Parse<Audience>(parse.GetValue(audience)!, ignoreCase: true);

    /// <summary>The date chosen, or today.</summary>
    public static string DateOf(ParseResult parse, Option<string?> option)
    {
        var asOf = parse.GetValue(option);
        if (asOf is not null && !DateOnly.TryParseExact(asOf, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) throw Problem.Usage("--as-of takes a date such as 2026-01-31.");
        return asOf ?? Today;
    }

    /// <summary>The option --as-of.</summary>
    public static Option<string?> AsOfOption() => new("--as-of") { Description = "Date the publication rules refer to, yyyy-mm-dd (default: today)" };

    /// <summary>The option --audience.</summary>
    public static Option<string> Audiences()
    {
        var option = new Option<string>("--audience") { Description = "public, analyst or steward", DefaultValueFactory = _ => "public" };
        option.AcceptOnlyFromAmong("public", "analyst", "steward");
        return option;
    }
}

/// <summary>The choices of one call, checked.</summary>
internal sealed record RunChoices(
    string? Study, string? Out, bool Force, bool DryRun, long? Seed, int? Members, int Threads, Audience Audience, string AsOf)
{
    /// <summary>Share of intervals that Monte Carlo error may reach; null for the members asked for.</summary>
    public double? MonteCarloError { get; init; }

    /// <summary>Audience that the report is worded for.</summary>
    public string Framing { get; init; } = Wording.HarmReduction;

    /// <summary>Whether finished members are kept and gone on from.</summary>
    public bool Resume { get; init; }
}
