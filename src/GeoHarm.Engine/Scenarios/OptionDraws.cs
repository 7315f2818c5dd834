using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Harm;

namespace GeoHarm.Engine.Scenarios;

/// <summary>
/// What an option does, member by member, by every criterion. Cardinal: the totals and burdens that are harms or lead to them, and the worst
/// zone of those that fall on zones, so that a harm heaped on one place shows. Ordinal: the harms of each threat, and those that the policy
/// causes, ordered by <see cref="HarmCounts"/>. What is seized and its value are no criteria: they measure enforcement, not harm.
/// </summary>
public sealed class OptionDraws
{
    /// <summary>Group of all harms.</summary>
    internal const int AllHarms = 7;

    /// <summary>Group of the harms that the policy causes.</summary>
    internal const int HarmsByPolicy = 6;

    private const int Together = 32; // members held at a time: some 60 MB on the embedded study

    private static readonly string[] Threats = ["state", "citizen security", "institutions", "economy", "environment", "public health"];

    private readonly double[] cardinal;
    private readonly HarmCounts[] counts; // groups x members: threats, harms by policy, all harms
    private readonly int members;

    private OptionDraws(int members)
    {
        this.members = members;
        (cardinal, counts) = (new double[CardinalCount * members], new HarmCounts[(AllHarms + 1) * members]);
    }

    /// <summary>Every criterion, the cardinal ones first.</summary>
    public static IReadOnlyList<Criterion> Criteria { get; } =
    [
        new("cocaHa", "ha"), new("forestLossHa", "ha"), new("peopleDisplaced", "people"), new("cocaineTonnes", "t"), new("weightedTonnes", "t x vulnerability weight"), new("deliveredTonnes", "t"),
        new("associatedForestHa", "ha"), new("carbonTonnes", "t CO2e"),
        new("forestLossHa.worstZone", "ha"), new("peopleDisplaced.worstZone", "people"), new("weightedTonnes.worstZone", "t x vulnerability weight"),
        .. Threats.Select(t => new Criterion("threat." + t.Replace(' ', '_'), "order", true)), new("harmsByPolicy", "order", true),
    ];

    private static int CardinalCount { get; } = Criteria.Count(c => !c.IsOrdinal);

    /// <summary>Runs every member of an option.</summary>
    internal static OptionDraws Of(ScenarioInputs inputs, IReadOnlyList<HarmRule> rules, HarmMatrix matrix, int threads, Action<double>? progress, CancellationToken cancel)
    {
        var routes = new RouteCase(inputs);
        var found = new OptionDraws(inputs.Scenario.Members);
        for (var first = 0; first < found.members; first += Together)
        {
            var (from, count) = (first, Math.Min(Together, found.members - first));
            var draws = new EnsembleDraws(inputs, routes.Network, count, from);
            Ensemble.Run(from, count, threads, () => new MemberRun(routes, draws), (member, own) =>
            {
                own.Run(member);
                found.Rate(member, HarmAssessment.Assess(rules, matrix, Evidence.OfMember(inputs, draws, member, own.TreatedAllYears.ToArray(), own.Sprayed.ToArray())), matrix);
            }, share => progress?.Invoke((from + share * count) / found.members), cancel);
            found.Take(inputs, draws, from, count);
        }
        return found;
    }

    /// <summary>Options side by side.</summary>
    internal static DecisionTable Table(IReadOnlyList<string> names, IReadOnlyList<OptionDraws> options)
    {
        var members = options[0].members;
        var table = new DecisionTable(names, Criteria, members);
        for (var o = 0; o < options.Count; o++) for (var c = 0; c < CardinalCount; c++) options[o].cardinal.AsSpan(c * members, members).CopyTo(table.Draws(o, c));
        for (var group = 0; group < AllHarms; group++)
        {
            for (var m = 0; m < members; m++)
            {
                var places = HarmCounts.Places([.. options.Select(option => option.counts[group * members + m])]);
                for (var o = 0; o < places.Length; o++) table.Draws(o, CardinalCount + group)[m] = places[o];
            }
        }
        return table;
    }

    /// <summary>Harms of a group at each priority: median, 5th and 95th of the members' counts, each a count that occurs.</summary>
    internal IReadOnlyList<(int Median, int Low, int High)> Counted(int group, int priorities)
    {
        var rows = new List<(int, int, int)>();
        for (var p = 0; p < priorities; p++)
        {
            int[] sorted = [.. counts.AsSpan(group * members, members).ToArray().Select(c => c.ByPriority[p]).Order()];
            int At(double share) => sorted[(int)Math.Round(share * (members - 1), MidpointRounding.AwayFromZero)];
            rows.Add((At(0.5), At(0.05), At(0.95)));
        }
        return rows;
    }

    private void Rate(int member, IReadOnlyList<HarmRow> rows, HarmMatrix matrix)
    {
        for (var t = 0; t < Threats.Length; t++) counts[t * members + member] = HarmCounts.After(rows.Where(r => r.Threat == Threats[t]), matrix);
        counts[HarmsByPolicy * members + member] = HarmCounts.After(rows.Where(r => r.Cause == "policy"), matrix);
        counts[AllHarms * members + member] = HarmCounts.After(rows, matrix);
    }

    private void Take(ScenarioInputs inputs, EnsembleDraws draws, int from, int count)
    {
        var outcomes = draws.Outcomes(inputs).ToDictionary(o => o.Key, o => o.After, StringComparer.Ordinal);
        for (var c = 0; c < CardinalCount; c++)
        {
            var into = cardinal.AsSpan(c * members + from, count);
            if (outcomes.TryGetValue(Criteria[c].Key, out var values))
            {
                values.CopyTo(into);
                continue;
            }
            var zones = Criteria[c].Key switch { "forestLossHa.worstZone" => draws.Forest, "peopleDisplaced.worstZone" => draws.PeopleOut, _ => draws.Burden };
            for (var m = 0; m < count; m++)
            {
                var worst = 0.0;
                foreach (var value in zones.After(from + m)) worst = Math.Max(worst, value);
                into[m] = worst;
            }
        }
    }
}
