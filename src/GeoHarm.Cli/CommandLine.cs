using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

namespace GeoHarm.Cli;

/// <summary>The tree of verbs and the conventions they all keep: global options in any position, one way to fail.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Json = new("--json") { Description = "One JSON document on stdout, nothing else", Recursive = true };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No progress, no warnings on stderr", Recursive = true };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "More detail on stderr", Recursive = true };
    private static readonly Option<bool> Strict = new("--strict") { Description = "Warnings are errors", Recursive = true };
    private static readonly Option<bool> NoColor = new("--no-color") { Description = "No colour (also NO_COLOR)", Recursive = true };
    private static readonly Option<string> Lang = Language();

    /// <summary>Parses and runs; never throws.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var root = Tree(output, error, cancel, args);
        var parse = root.Parse(args);
        var terminal = TerminalOf(parse, output, error, args);
        if (parse.Errors.Count > 0 && parse.Action is not ExamplesFirst)
        {
            var finer = parse.UnmatchedTokens.Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a[2..].Split('=')[0]).FirstOrDefault(GeoHarm.Engine.Scenarios.ScenarioReader.IsFinerThanSupported);
            if (finer is not null) return terminal.Fail(Problem.UseNotSupported($"'--{finer}': policies and results are by country or admin-1 unit and year, never by hour, gate, patrol, asset or path."));
            var detail = string.Join(" ", parse.Errors.Select(e => e.Message).Distinct());
            return terminal.Fail(Problem.Usage($"{detail}{DidYouMean(parse)} See 'geoharm --help'."));
        }
        return parse.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>A verb: its name, what it does, examples that lead its help, its options, and its work.</summary>
    public static Command Verb(string name, string description, string[] examples, IEnumerable<Symbol> symbols, Func<ParseResult, Terminal, CancellationToken, int> work)
    {
        var command = new VerbCommand(name, description, examples, work);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option) command.Options.Add(option);
            else if (symbol is Argument argument) command.Arguments.Add(argument);
        }
        return command;
    }

    /// <summary>A noun: a group of verbs.</summary>
    public static Command Noun(string name, string description, params Command[] verbs)
    {
        var command = new Command(name, description);
        foreach (var verb in verbs) command.Subcommands.Add(verb);
        return command;
    }

    /// <summary>The root with the verbs that these arguments can mean, all of them without any, wired to these writers.</summary>
    public static RootCommand Tree(TextWriter output, TextWriter error, CancellationToken cancel, params string[] args)
    {
        var root = new RootCommand("GeoHarm maps where drug-crop eradication and interdiction push cultivation, forest loss, people and trafficking, and who bears it.");
        foreach (Option option in new Option[] { Json, Quiet, Verbose, Strict, NoColor, Lang }) root.Options.Add(option);
        foreach (var command in Verbs.For(args)) root.Subcommands.Add(command);
        Wire(root, output, error, cancel);
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { Action: HelpAction inner } help) help.Action = new ExamplesFirst(inner, output);
        return root;
    }

    private static void Wire(Command command, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (command is VerbCommand verb)
        {
            verb.SetAction(parse =>
            {
                var terminal = TerminalOf(parse, output, error, []);
                try
                {
                    return verb.Work(parse, terminal, cancel);
                }
#pragma warning disable CA1031 // the edge of the program: every end becomes an exit code and a sentence
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    if (terminal.Verbose) error.WriteLine(exception);
                    return terminal.Fail(Problem.From(exception));
                }
            });
        }
        foreach (var child in command.Subcommands) Wire(child, output, error, cancel);
    }

    private static Terminal TerminalOf(ParseResult parse, TextWriter output, TextWriter error, string[] args) => new(
        output, error, parse.GetValue(Json) || args.Contains("--json"), parse.GetValue(Quiet), parse.GetValue(Verbose), parse.GetValue(Strict),
        parse.GetResult(Lang) is { Errors: var e } && !e.Any() ? parse.GetValue(Lang) ?? "en" : "en");

    private static Option<string> Language()
    {
        var option = new Option<string>("--lang") { Description = "Language of prose: en, es, pt", Recursive = true, DefaultValueFactory = _ => "en" };
        option.AcceptOnlyFromAmong("en", "es", "pt");
        return option;
    }

    private static string DidYouMean(ParseResult parse)
    {
        if (parse.UnmatchedTokens.Count == 0) return "";
        var word = parse.UnmatchedTokens[0];
        var nearest = parse.CommandResult.Command.Subcommands.Select(c => c.Name)
            .Concat(parse.CommandResult.Command.Options.Select(o => o.Name))
            .Select(n => (Name: n, Distance: Distance(word, n))).Where(n => n.Distance <= Math.Max(2, word.Length / 3)).OrderBy(n => n.Distance).FirstOrDefault();
        return nearest.Name is null ? "" : $" Did you mean '{nearest.Name}'?";
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(row[j], row[j - 1]));
                diagonal = row[j];
                row[j] = cost;
            }
        }
        return row[b.Length];
    }

    private sealed class VerbCommand(string name, string description, string[] examples, Func<ParseResult, Terminal, CancellationToken, int> work) : Command(name, description)
    {
        public string[] Examples { get; } = examples;

        public Func<ParseResult, Terminal, CancellationToken, int> Work { get; } = work;
    }

    private sealed class ExamplesFirst(HelpAction inner, TextWriter output) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var examples = parseResult.CommandResult.Command switch
            {
                VerbCommand verb => verb.Examples,
                RootCommand => ["geoharm demo --out out/demo", "geoharm run data/scenarios/putumayo-2000.yaml --out out/putumayo", "geoharm check"],
                var noun => [.. noun.Subcommands.OfType<VerbCommand>().SelectMany(v => v.Examples.Take(1))],
            };
            if (examples.Length > 0)
            {
                output.WriteLine("Examples:");
                foreach (var example in examples) output.WriteLine("  " + example);
                output.WriteLine();
            }
            return inner.Invoke(parseResult);
        }
    }

    /// <summary>Version of the program, part of every run id.</summary>
    public static string Version { get; } = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
