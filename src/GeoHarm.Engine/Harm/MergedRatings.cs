namespace GeoHarm.Engine.Harm;

/// <summary>How several raters spread over one ordinal scale. Levels are compared and counted, never averaged.</summary>
/// <param name="Worse">The worse of the two middle ratings: the median where their number is odd.</param>
/// <param name="Milder">The milder of the two.</param>
/// <param name="Worst">Worst rating given.</param>
/// <param name="Mildest">Mildest rating given.</param>
/// <param name="QuartileSteps">Steps of the scale between the first and the third quartile (nearest rank).</param>
/// <param name="FarShare">Share of pairs of raters who are two steps or more apart; NaN for a single rater.</param>
public sealed record LevelSpread(string Worse, string Milder, string Worst, string Mildest, int QuartileSteps, double FarShare);

/// <summary>One harm as several raters see it.</summary>
/// <param name="Type">The harm.</param>
/// <param name="Raters">Number who rated it.</param>
/// <param name="Severity">Spread of severity; null where nobody rated it.</param>
/// <param name="Incidence">Spread of incidence.</param>
/// <param name="Priority">Spread of the priorities that each rater's own rating gives.</param>
/// <param name="Rating">The merged rating: of two medians the worse, as a precaution; null where nobody rated it.</param>
/// <param name="MergedPriority">Its priority by the matrix; "" where there is none.</param>
/// <param name="Rank">Rank in the consensus; 0 where nobody rated it.</param>
/// <param name="BordaRank">Rank by Borda's count, for comparison.</param>
public sealed record RatedHarm(
    HarmType Type, int Raters, LevelSpread? Severity, LevelSpread? Incidence, LevelSpread? Priority, Rating? Rating, string MergedPriority, int Rank, int BordaRank);

/// <summary>The ratings of a workshop merged: medians, ranges, disagreement, and a rank-order consensus of priorities (Greenfield and Paoli 2013;
/// models 6: ordinal, so ranks are not added or averaged).</summary>
/// <param name="Harms">All harms of the taxonomy, in its order.</param>
/// <param name="Raters">Number of raters.</param>
/// <param name="Consensus">Kemeny's order of the rated harms by priority; items number <paramref name="RatedIds"/>.</param>
/// <param name="Borda">Borda's order of the same.</param>
/// <param name="RatedIds">Ids of the rated harms.</param>
/// <param name="RatedByAll">Harms that all have rated: those over which W is taken.</param>
/// <param name="SeverityConcordance">Kendall's W of severity, ties corrected; NaN where undefined.</param>
/// <param name="IncidenceConcordance">Kendall's W of incidence.</param>
/// <param name="PriorityConcordance">Kendall's W of priority.</param>
public sealed record MergedRatings(
    IReadOnlyList<RatedHarm> Harms, int Raters, RankOrder Consensus, RankOrder Borda, IReadOnlyList<string> RatedIds, int RatedByAll,
    double SeverityConcordance, double IncidenceConcordance, double PriorityConcordance)
{
    /// <summary>The merged rating of each harm that has one, as a sheet of one rater.</summary>
    public IReadOnlyList<Rating> Ratings => [.. Harms.Select(h => h.Rating).OfType<Rating>()];

    /// <summary>Merges sheets; the order of the sheets changes nothing.</summary>
    /// <param name="sheets">Ratings of each rater.</param>
    /// <param name="harms">The taxonomy.</param>
    /// <param name="matrix">The matrix whose scales were used.</param>
    /// <param name="options">Settings of the consensus.</param>
    public static MergedRatings Of(IReadOnlyList<IReadOnlyList<Rating>> sheets, IReadOnlyList<HarmType> harms, HarmMatrix matrix, RankConsensusOptions? options = null)
    {
        var (severities, incidences, priorities) = (matrix.Severities.ToList(), matrix.Incidences.ToList(), matrix.Priorities.ToList());
        List<Dictionary<string, Rating>> byRater = [.. sheets.Select(s => s.ToDictionary(r => r.Harm, StringComparer.Ordinal))];
        List<HarmType> rated = [.. harms.Where(h => byRater.Exists(r => r.ContainsKey(h.Id)))];
        List<IReadOnlyList<int>> Levels(Func<Rating, int> level) => [.. byRater.Select(own => (IReadOnlyList<int>)[.. rated.Select(h => own.TryGetValue(h.Id, out var r) ? level(r) : -1)])];
        var bySeverity = Levels(r => severities.IndexOf(r.Severity));
        var byIncidence = Levels(r => incidences.IndexOf(r.Incidence));
        var byPriority = Levels(r => priorities.IndexOf(matrix[r.Severity, r.Incidence]));
        var wins = RankConsensus.Preferences(byPriority);
        var (consensus, borda) = (RankConsensus.Kemeny(wins, options), RankConsensus.Borda(wins));
        return new MergedRatings([.. harms.Select(Row)], sheets.Count, consensus, borda, [.. rated.Select(h => h.Id)], rated.Count(h => byRater.TrueForAll(r => r.ContainsKey(h.Id))),
            RankConsensus.Concordance(bySeverity), RankConsensus.Concordance(byIncidence), RankConsensus.Concordance(byPriority));

        RatedHarm Row(HarmType harm)
        {
            var item = rated.IndexOf(harm);
            if (item < 0) return new RatedHarm(harm, 0, null, null, null, null, "", 0, 0);
            LevelSpread Spread(IReadOnlyList<string> scale, List<IReadOnlyList<int>> levels) => Of(scale, [.. levels.Select(l => l[item]).Where(l => l >= 0).Order()]);
            var (severity, incidence) = (Spread(severities, bySeverity), Spread(incidences, byIncidence));
            // Notes without the names of those who wrote them, and in an order that does not give them away.
            var notes = string.Join("; ", byRater.Select(r => r.GetValueOrDefault(harm.Id)?.Note ?? "").Where(n => n.Length > 0).Order(StringComparer.Ordinal));
            return new RatedHarm(harm, byRater.Count(r => r.ContainsKey(harm.Id)), severity, incidence, Spread(priorities, byPriority),
                new Rating(harm.Id, severity.Worse, incidence.Worse, notes), matrix[severity.Worse, incidence.Worse], consensus.Rank[item], borda.Rank[item]);
        }
    }

    private static LevelSpread Of(IReadOnlyList<string> scale, int[] sorted)
    {
        var count = sorted.Length;
        var far = 0;
        for (var a = 0; a < count; a++) for (var b = a + 1; b < count; b++) if (sorted[b] - sorted[a] >= 2) far++;
        int Quartile(int quarter) => sorted[(quarter * count + 3) / 4 - 1];
        return new LevelSpread(scale[sorted[(count - 1) / 2]], scale[sorted[count / 2]], scale[sorted[0]], scale[sorted[^1]],
            Quartile(3) - Quartile(1), count < 2 ? double.NaN : far / (count * (count - 1) / 2.0));
    }
}
