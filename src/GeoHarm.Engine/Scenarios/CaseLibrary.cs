using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Scenarios;

/// <summary>A harm of a past case.</summary>
/// <param name="Harm">The harm.</param>
/// <param name="Bearer">Who bore it.</param>
/// <param name="Cause">activity, policy or both.</param>
/// <param name="Change">up or down.</param>
public sealed record CaseHarm(string Harm, string Bearer, string Cause, string Change);

/// <summary>What happened somewhere when a policy was tried.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Title">Title.</param>
/// <param name="Place">Place in words.</param>
/// <param name="Zones">Zones of the study it touches.</param>
/// <param name="Countries">ISO3 codes.</param>
/// <param name="FromYear">First year.</param>
/// <param name="ToYear">Last year.</param>
/// <param name="Instrument">Instrument, in the words of scenario files where there is one.</param>
/// <param name="Market">Market: coca, cocaine, cannabis, ...</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Harms">Harms that grew or shrank.</param>
/// <param name="Displacement">Where it moved, as far as known.</param>
/// <param name="Strength">Strength of the evidence.</param>
/// <param name="Sources">Citations.</param>
public sealed record PastCase(
    string Id, string Title, string Place, IReadOnlyList<string> Zones, IReadOnlyList<string> Countries, int FromYear, int ToYear, string Instrument, string Market,
    string Outcome, IReadOnlyList<CaseHarm> Harms, string Displacement, string Strength, IReadOnlyList<string> Sources);

/// <summary>The case library: records read from data/cases, and the cases most like a scenario.</summary>
public static class CaseLibrary
{
    /// <summary>Reads case files; throws <see cref="InvalidInputException"/> with every fault of every file.</summary>
    /// <param name="files">Name and YAML text of each.</param>
    public static IReadOnlyList<PastCase> Read(IEnumerable<(string File, string Text)> files)
    {
        var faults = new List<Fault>();
        var cases = new List<PastCase>();
        foreach (var (file, text) in files)
        {
            if (YamlMapping.Parse(text, file, faults) is not { } root) continue;
            var years = root.Years("years", required: true) ?? (1950, 1950);
            cases.Add(new PastCase(
                root.Text("id"), root.Text("title"), root.Text("place"), root.Texts("zones", required: false), root.Texts("country", required: false), years.From, years.To,
                root.Text("instrument"), root.Text("market", ""), root.Text("outcome"),
                [.. root.Mappings("harms", required: false).Select(h => new CaseHarm(h.Text("harm"), h.Text("bearer", ""), h.Text("cause", ""), h.Text("change", "")))],
                root.Text("displacement", ""), root.Text("strength_of_evidence", ""), root.Texts("sources", required: true)));
        }
        return faults.Count == 0 ? [.. cases.OrderBy(c => c.Id, StringComparer.Ordinal)] : throw new InvalidInputException(faults);
    }

    /// <summary>Matches, of the four counted, from which on a case is said to be like a scenario: half of them.</summary>
    private const int LeastMatches = 2;

    private static readonly string[] Strengths = ["compared", "measured", "account", "contested"];

    /// <summary>
    /// Cases like a scenario, most alike first. Four things are counted, one each: an instrument of the scenario, a market its
    /// measures act on, a country and a zone they act in. Counts, not weights: nothing observed says how much an instrument outweighs
    /// a place. At least two must match. Of equals the one with the stronger evidence comes first (compared, measured, account,
    /// contested), then by id. A scenario that does nothing is like no case.
    /// </summary>
    /// <param name="cases">The library.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="zones">Zones of the study, by which places and regions are resolved.</param>
    public static IReadOnlyList<LikeCase> Like(IReadOnlyList<PastCase> cases, Scenario scenario, Zones zones)
    {
        var instruments = scenario.Policy.Select(m => ScenarioReader.NameOf(m.Instrument)).ToHashSet(StringComparer.Ordinal);
        var markets = scenario.Policy.Select(m => m.Instrument == Instrument.Interdiction ? "cocaine" : "coca").ToHashSet(StringComparer.Ordinal);
        var acted = scenario.Policy.SelectMany(m => m.Places.Concat(m.Towards).Concat(m.From)).SelectMany(zones.Resolve).ToHashSet();
        var ids = acted.Select(z => zones.Ids[z]).ToHashSet(StringComparer.Ordinal);
        var countries = acted.Select(z => zones.Countries[z]).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. cases.Select(c => new LikeCase(c, instruments.Contains(c.Instrument), markets.Contains(c.Market), c.Countries.Any(countries.Contains), c.Zones.Any(ids.Contains)))
                .Where(l => l.Matches >= LeastMatches).OrderByDescending(l => l.Matches).ThenBy(l => Array.IndexOf(Strengths, l.Case.Strength)).ThenBy(l => l.Case.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The table "cases" of a result: what matches, what came of it, how strong the evidence is.</summary>
    public static Layer Table(IReadOnlyList<LikeCase> like)
    {
        Column Text(string name, Func<LikeCase, string> value) => Column.Text(name, like.Select(value));
        Column Match(string name, Func<LikeCase, bool> value) => Column.Text(name, like.Select(l => value(l) ? "yes" : "no"));
        return new Layer("cases",
        [
            Text("case", l => l.Case.Id), Text("case_title", l => l.Case.Title), Text("case_years", l => $"{l.Case.FromYear}-{l.Case.ToYear}"), Text("instrument", l => l.Case.Instrument), Text("market", l => l.Case.Market),
            Column.Integer("matches", like.Select(l => (long?)l.Matches)),
            Match("same_instrument", l => l.SameInstrument), Match("same_market", l => l.SameMarket), Match("same_country", l => l.SameCountry), Match("same_zone", l => l.SameZone),
            Text("outcome", l => l.Case.Outcome), Text("evidence", l => l.Case.Strength), Text("source", l => string.Join("; ", l.Case.Sources)),
        ], title: "Cases most like the scenario");
    }
}

/// <summary>A case beside a scenario: what they share.</summary>
/// <param name="Case">The case.</param>
/// <param name="SameInstrument">An instrument.</param>
/// <param name="SameMarket">A market: coca where the scenario's measures act on fields, cocaine where on cargo.</param>
/// <param name="SameCountry">A country.</param>
/// <param name="SameZone">A zone of the study.</param>
public sealed record LikeCase(PastCase Case, bool SameInstrument, bool SameMarket, bool SameCountry, bool SameZone)
{
    /// <summary>How many of the four they share.</summary>
    public int Matches => new[] { SameInstrument, SameMarket, SameCountry, SameZone }.Count(same => same);
}
