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

    /// <summary>Cases that share an instrument, a zone or a country with the scenario, most alike first. Instrument weighs
    /// most: what was done says more than where.</summary>
    public static IReadOnlyList<PastCase> Like(IReadOnlyList<PastCase> cases, Scenario scenario)
    {
        var instruments = scenario.Policy.Select(m => ScenarioReader.NameOf(m.Instrument)).ToHashSet(StringComparer.Ordinal);
        var places = scenario.Policy.SelectMany(m => m.Places.Concat(m.Towards)).ToHashSet(StringComparer.Ordinal);
        var countries = places.Select(p => p.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        int Likeness(PastCase c) => (instruments.Contains(c.Instrument) ? 4 : 0) + (c.Zones.Any(places.Contains) ? 2 : 0) + (c.Countries.Any(countries.Contains) ? 1 : 0);
        return [.. cases.Where(c => Likeness(c) > 0).OrderByDescending(Likeness).ThenBy(c => c.Id, StringComparer.Ordinal)];
    }
}
