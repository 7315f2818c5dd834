using System.Globalization;
using System.Text.RegularExpressions;
using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;
using YamlDotNet.RepresentationModel;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Reads a scenario from its YAML text. All faults at once, each with its line.</summary>
public static partial class ScenarioReader
{
    private const int MostMembers = 100_000;
    private const double MostRiskFactor = 100;

    // Inputs that would tell where and when people or patrols are: refused as a use, not as a typing error.
    private static readonly HashSet<string> NotSupported =
    [
        "hours", "hour", "time_of_day", "gate", "gates", "patrol", "patrols", "asset", "assets", "coordinates", "vertices", "route", "routes", "waypoints",
        "time", "times", "days", "day", "month", "months", "schedule", "checkpoint", "checkpoints", "vessel", "vessels", "aircraft", "radar", "position", "positions", "path", "paths", "arcs", "corridor", "corridors",
    ];

    /// <summary>Whether a key or option asks for what is finer than a place and a year.</summary>
    public static bool IsFinerThanSupported(string word) => NotSupported.Contains(word.Replace('-', '_'));

    private static readonly Dictionary<string, TransitStructure> Structures = new(StringComparer.Ordinal)
    {
        ["reference"] = TransitStructure.Reference,
        ["layered"] = TransitStructure.Layered,
        ["wardrop"] = TransitStructure.Wardrop,
    };

    private static readonly Dictionary<string, Instrument> Instruments = new(StringComparer.Ordinal)
    {
        ["aerial-spraying"] = Instrument.AerialSpraying,
        ["manual-eradication"] = Instrument.ManualEradication,
        ["voluntary-eradication"] = Instrument.VoluntaryEradication,
        ["substitution-programme"] = Instrument.SubstitutionProgramme,
        ["interdiction"] = Instrument.Interdiction,
    };

    /// <summary>Modes of transport that a measure may name.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["land", "boat", "ship", "air"];

    /// <summary>The instrument of a name in scenario files; null when there is none of that name.</summary>
    public static Instrument? InstrumentOf(string name) => Instruments.TryGetValue(name, out var known) ? known : null;

    /// <summary>The name an instrument has in scenario files.</summary>
    public static string NameOf(Instrument instrument) => Instruments.First(i => i.Value == instrument).Key;

    /// <summary>Parses a scenario; throws <see cref="InvalidInputException"/> with every fault, or
    /// <see cref="UseNotSupportedException"/> when the file asks for what GeoHarm does not do.</summary>
    /// <param name="text">YAML text.</param>
    /// <param name="file">Name for messages.</param>
    public static Scenario Read(string text, string file)
    {
        var faults = new List<Fault>();
        var root = YamlMapping.Parse(text, file, faults) ?? throw new InvalidInputException(faults);
        var name = root.Text("name");
        if (name.Length > 0 && !NameForm().IsMatch(name))
        {
            faults.Add(Fault.AtLine("GH1003", file, root.LineOf("name"), $"'name: {name}' is not a plain name.", "Use letters, digits and hyphens, at most 60, such as putumayo-2000."));
        }
        Refuse(root, file);
        var years = root.Mapping("years", required: true);
        var baseline = (int)(years?.Whole("baseline", null, 1950, 2100) ?? 1950);
        var to = (int)(years?.Whole("to", null, 1950, 2100) ?? 1950);
        var without = years?.Years("fit_without", required: false);
        years?.RefuseOthers();
        if (years is not null && years.Has("baseline") && years.Has("to") && to <= baseline)
        {
            faults.Add(Fault.AtLine("GH1005", file, years.LineOf("to"), $"'years.to: {to}' is not after 'years.baseline: {baseline}'.", "Project to a later year than the baseline."));
        }
        var policy = root.Mappings("policy", required: true).Select(m => Measure(m, file, baseline, to, faults)).ToList();
        var priors = Priors(root.Mapping("priors", required: false), file, faults);
        var structure = root.Text("structure", "reference");
        if (!Structures.ContainsKey(structure)) faults.Add(Fault.AtLine("GH1003", file, root.LineOf("structure"), $"Unknown structure '{structure}'.", $"Use one of: {string.Join(", ", Structures.Keys)}."));
        var implementation = root.Text("implementation", "designed");
        if (implementation is not ("designed" or "delivered")) faults.Add(Fault.AtLine("GH1003", file, root.LineOf("implementation"), $"'implementation: {implementation}' is neither designed nor delivered.", "Write designed for the policy as it stands, delivered for the share of it that would be carried out."));
        var scenario = new Scenario(
            name, root.Text("title", name), root.Text("description", ""), baseline, to, without, policy,
            (ulong)root.Whole("seed", 1, 0, long.MaxValue), (int)root.Whole("members", Scenario.DefaultMembers, 1, MostMembers),
            root.Number("kappa_km", double.PositiveInfinity, 1, double.PositiveInfinity, "kilometres"), priors, root.Texts("caveats", required: false))
        {
            Attraction = Attraction(root),
            Structure = Structures.GetValueOrDefault(structure),
            IsDelivered = implementation == "delivered",
            Observed = [.. root.Mappings("observed", required: false).Select(Observed)],
        };
        root.RefuseOthers();
        return faults.Count == 0 ? scenario : throw new InvalidInputException([.. faults.OrderBy(f => f.Line)]);
    }

    /// <summary>attraction: {power, floor}: hectares that reappear follow area^power, with a floor share spread over all units.</summary>
    private static (double, double)? Attraction(YamlMapping root)
    {
        if (root.Mapping("attraction", required: false) is not { } entry) return null;
        var set = (entry.Number("power", null, 0, 2, "a power of area"), entry.Number("floor", null, 1e-6, 1, "a share"));
        entry.RefuseOthers();
        return set;
    }

    private static PolicyMeasure Measure(YamlMapping entry, string file, int baseline, int to, List<Fault> faults)
    {
        Refuse(entry, file);
        var word = entry.Text("instrument");
        if (word.Length > 0 && !Instruments.ContainsKey(word))
        {
            faults.Add(Fault.AtLine("GH1003", file, entry.LineOf("instrument"), $"Unknown instrument '{word}'.", $"Use one of: {string.Join(", ", Instruments.Keys)}."));
        }
        var instrument = Instruments.GetValueOrDefault(word, Instrument.Interdiction);
        var eradication = Instruments.ContainsKey(word) && instrument != Instrument.Interdiction;
        var years = entry.Years("years", required: true) ?? (baseline + 1, to);
        if (entry.Has("years") && (years.From <= baseline || years.To > to) && to > baseline)
        {
            faults.Add(Fault.AtLine("GH1005", file, entry.LineOf("years"), $"'{entry.Path}.years' reaches outside {baseline + 1} to {to}.", "Measures act after the baseline year and not after the last one."));
        }
        var measure = new PolicyMeasure(
            instrument, entry.Texts("places", required: true), years.From, years.To,
            eradication ? Hectares(entry, years) : TreatedHectares.None,
            eradication && entry.Truth("sequencing"),
            word == "interdiction" ? entry.Number("control", entry.Has("risk_factor") ? 0 : null, 0, 1, "the share of cargo stopped") : 0,
            word == "interdiction" ? entry.Texts("modes", required: false, Modes) : [],
            word == "interdiction" ? entry.Texts("towards", required: false) : [],
            entry.Line,
            eradication && entry.Has("announced") ? (int)entry.Whole("announced", null, baseline + 1, years.From) : null,
            eradication && entry.Truth("randomised"));
        if (word == "interdiction")
        {
            measure = measure with
            {
                From = entry.Texts("from", required: false),
                RiskFactor = entry.Number("risk_factor", 1, 1, MostRiskFactor, "the factor on the risk of the ways met"),
                Announced = !entry.Has("announced") || entry.Truth("announced"),
                Presence = entry.Truth("randomised") ? 1.0 / measure.Places.Count : 1,
            };
            if (measure.From.Count > 0 && measure.Towards.Count > 0)
            {
                faults.Add(Fault.AtLine("GH1013", file, entry.LineOf("from"), $"'{entry.Path}' has both 'from' and 'towards'.", "Keep one: 'from' meets what comes in from an origin region, 'towards' both ways between the places and others."));
            }
        }
        entry.RefuseOthers();
        return measure;
    }

    /// <summary>Refuses, as a use, whatever is finer than place and year.</summary>
    private static void Refuse(YamlMapping mapping, string file)
    {
        if (mapping.Keys.FirstOrDefault(k => NotSupported.Contains(k)) is not { } key) return;
        throw new UseNotSupportedException($"{file}, line {mapping.LineOf(key)}: '{key}' is finer than GeoHarm takes: policies are given by country or admin-1 unit and year, never by hour, gate, patrol, asset or route.");
    }

    private static ObservedOutcome Observed(YamlMapping entry)
    {
        Refuse(entry, entry.Path);
        var outcome = new ObservedOutcome(entry.Text("place"), entry.Truth("rises"), entry.Text("source"), entry.Line);
        entry.RefuseOthers();
        return outcome;
    }

    private static TreatedHectares Hectares(YamlMapping entry, (int From, int To) years)
    {
        const double most = 1e7;
        switch (entry.Node("hectares", required: true))
        {
            case YamlScalarNode { Value: "observed" }:
                return new TreatedHectares(true, new Dictionary<int, double>());
            case YamlScalarNode { Value.Length: > 0 } scalar when YamlMapping.TryNumber(scalar, out var value) && value is >= 0 and <= most:
                return new TreatedHectares(false, Enumerable.Range(years.From, years.To - years.From + 1).ToDictionary(y => y, _ => value));
            case YamlMappingNode mapping:
                var byYear = new Dictionary<int, double>();
                foreach (var (key, node) in mapping.Children)
                {
                    if (int.TryParse((key as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var year)
                        && year >= years.From && year <= years.To && YamlMapping.TryNumber(node, out var hectares) && hectares is >= 0 and <= most) byYear[year] = hectares;
                    else entry.Wrong("hectares", key, "is not a year of the measure with hectares from 0 to 1e7", "Write year: hectares, such as 2001: 32506.");
                }
                return new TreatedHectares(false, byYear);
            case { } other:
                entry.Wrong("hectares", other, "is neither 'observed' nor hectares from 0 to 1e7", "Write observed, a number a year, or year: hectares lines.");
                return TreatedHectares.None;
            default:
                return TreatedHectares.None;
        }
    }

    private static Dictionary<string, PriorOverride> Priors(YamlMapping? mapping, string file, List<Fault> faults)
    {
        var priors = new Dictionary<string, PriorOverride>(StringComparer.Ordinal);
        if (mapping is null) return priors;
        foreach (var key in mapping.Keys.ToList())
        {
            if (mapping.Mapping(key, required: true) is not { } entry) continue;
            var central = entry.Number("central", null, -1e12, 1e12, "a number");
            var prior = new PriorOverride(central, entry.Number("low", central, -1e12, 1e12, "a number"), entry.Number("high", central, -1e12, 1e12, "a number"));
            entry.RefuseOthers();
            if (!(prior.Low <= prior.Central && prior.Central <= prior.High))
            {
                faults.Add(Fault.AtLine("GH1006", file, entry.Line, $"'priors.{key}': low <= central <= high does not hold.", "Order the three numbers."));
            }
            priors[key] = prior;
        }
        return priors;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
    private static partial Regex NameForm();
}
