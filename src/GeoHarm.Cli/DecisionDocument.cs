using System.Globalization;
using GeoHarm.Engine.Evaluation;
using GeoHarm.Engine.Publication;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Charts;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>Options compared, as JSON, as tables, as a chart and for people. The same numbers in each.</summary>
internal sealed class DecisionDocument
{
    private readonly DecisionResult result;
    private readonly DecisionTable table;
    private readonly DecisionTable? delivered;
    private readonly IReadOnlyList<(int Criterion, double Weight)> weights;
    private readonly Audience audience;
    private readonly double[] efficient;
    private readonly bool[] efficientOnAverage;
    private readonly IReadOnlyList<IReadOnlyList<OptionAtWorst>?> worst;
    private readonly string[] instruments;
    private readonly Layer rated;

    public DecisionDocument(DecisionResult result, IReadOnlyList<int> criteria, IReadOnlyList<(int Criterion, double Weight)> weights, string sum, string id, Audience audience)
    {
        (this.result, this.weights, this.audience, Id) = (result, weights, audience, id);
        DecisionTable Of(DecisionTable all) => weights.Count == 0 ? all.By(criteria) : all.WithSum(sum, weights).By([.. criteria, all.Criteria.Count]);
        table = Of(result.Designed);
        delivered = result.Delivered is null ? null : Of(result.Delivered);
        (efficient, efficientOnAverage) = (ParetoFront.Probability(table), ParetoFront.OnAverage(table));
        worst = [.. table.Criteria.Select((c, i) => c.IsOrdinal ? null : WorstCase.Of(table, i))];
        instruments = [.. result.Options.Select(o => string.Join(", ", o.Policy.Select(m => ScenarioReader.NameOf(m.Instrument) + (m.Sequencing ? " with sequencing" : "")).Distinct()))];
        rated = CsvLayer.Read(Study.Embedded("harm/options.csv"), "rated");
    }

    public string Id { get; }

    /// <summary>Largest standard error of a share of draws, 0.5 / sqrt(members): that of a share of one half.</summary>
    private double RankShareError => 0.5 / Math.Sqrt(table.Members);

    private IEnumerable<int> Options => Enumerable.Range(0, table.Options.Count);

    private IEnumerable<int> Cardinal => Enumerable.Range(0, table.Criteria.Count).Where(c => !table.Criteria[c].IsOrdinal);

    private IEnumerable<AnswerFlip> Flips => result.Flips.Where(f => table.Criteria.Contains(OptionDraws.Criteria[f.Criterion]));

    private IEnumerable<int> Rated => Enumerable.Range(0, rated.RowCount).Where(r => rated["how"].TextAt(r) == "rated");

    private static IEnumerable<string> Threats(Layer rated) => rated.Columns.Select(c => c.Name).Where(n => n is not ("option" or "how" or "scenario" or "reason" or "source"));

    public object Json(IReadOnlyList<string> files, double? seconds) => new
    {
        decisionId = Id, members = table.Members, rankShareError = RankShareError, seed = result.Options[0].Seed, doNothing = table.Options[result.DoNothing],
        options = Options.Select(OptionForm),
        criteria = Enumerable.Range(0, table.Criteria.Count).Select(CriterionForm),
        weights = weights.ToDictionary(w => OptionDraws.Criteria[w.Criterion].Key, w => w.Weight),
        publishedCostPerKilogram = result.Published is not { } p ? null : new
        {
            eradication = p.EradicationDollars, interdiction = p.InterdictionDollars, ratio = p.Ratio, source = p.Source, unit = "US$ per kg avoided",
            workshopRatio = new { low = p.WorkshopLow, high = p.WorkshopHigh, source = p.WorkshopSource },
        },
        flips = Flips.Select(FlipForm),
        confirmed = result.Confirmed.Select(c => new { flip = FlipForm(c.Flip), bestBelow = table.Options[c.BestBelow], bestAbove = table.Options[c.BestAbove], confirms = c.BestBelow != c.BestAbove }),
        rated = Rated.Select(r => new
        {
            option = rated["option"].TextAt(r), harmByThreat = Threats(rated).ToDictionary(t => t, t => rated[t].TextAt(r)), reason = rated["reason"].TextAt(r), source = rated["source"].TextAt(r),
        }),
        inputs = result.Inputs, audience = audience.ToString().ToLowerInvariant(), files, seconds, caveats = result.Caveats,
    };

    private object OptionForm(int o) => new
    {
        name = table.Options[o], title = result.Options[o].Title, instruments = instruments[o], isDoNothing = o == result.DoNothing,
        efficientShare = efficient[o], efficientOnAverage = efficientOnAverage[o],
        designed = Cardinal.ToDictionary(c => table.Criteria[c].Key, c => Form(table.At(o, c), table.Criteria[c].Unit)),
        change = Cardinal.ToDictionary(c => table.Criteria[c].Key, c => Form(Change(table, o, c), table.Criteria[c].Unit)),
        delivered = delivered is null ? null : Cardinal.ToDictionary(c => table.Criteria[c].Key, c => Form(delivered.At(o, c), table.Criteria[c].Unit)),
        deliveredChange = delivered is null ? null : Cardinal.ToDictionary(c => table.Criteria[c].Key, c => Form(Change(delivered, o, c), table.Criteria[c].Unit)),
        harmsByPriority = Counts(result.HarmsByPriority[o]), harmsByPolicy = Counts(result.PolicyHarmsByPriority[o]),
        costPerKilogram = CostForm(result.Costs[o]),
    };

    private object CriterionForm(int c)
    {
        var ranks = RankShares.Of(table, c);
        return new
        {
            key = table.Criteria[c].Key, unit = table.Criteria[c].Unit, ordinal = table.Criteria[c].IsOrdinal,
            leastOnAverage = worst[c] is null ? null : table.Options[table.LeastOnAverage(c)],
            leastMaximumHarm = Least(c, w => w.MostHarm), leastHarmInTwenty = Least(c, w => w.HarmInTwenty), leastMaximumRegret = Least(c, w => w.MostRegret), leastRegretInTwenty = Least(c, w => w.RegretInTwenty),
            rankShares = Options.ToDictionary(o => table.Options[o], o => Options.Select(r => ranks[o * table.Options.Count + r])),
            worst = worst[c]?.Select(w => new { option = table.Options[w.Option], mostHarm = w.MostHarm, harmInTwenty = w.HarmInTwenty, mostRegret = w.MostRegret, regretInTwenty = w.RegretInTwenty, meanRegret = w.MeanRegret }),
        };
    }

    /// <summary>Options of least worst; all that tie.</summary>
    private string[]? Least(int c, Func<OptionAtWorst, double> measure) => worst[c] is not { } all ? null : [.. all.Where(w => measure(w) == all.Min(measure)).Select(w => table.Options[w.Option])];

    private object FlipForm(AnswerFlip f) => new
    {
        criterion = OptionDraws.Criteria[f.Criterion].Key, input = f.Input, best = table.Options[f.Best], rival = table.Options[f.Rival], rivalIsBetter = f.Above ? "above" : "below",
        value = result.ValueAt(f.Input, f.At), low = result.ValueAt(f.Input, f.Low), high = result.ValueAt(f.Input, f.High), unit = result.UnitOf(f.Input), quantile = f.At, shareExplained = f.ShareExplained,
    };

    private static object CostForm(CostPerKilogram cost) => new
    {
        avoidedKg = Form(cost.AvoidedKilograms, "kg a year"), shareOfDrawsAvoiding = cost.ShareAvoiding,
        published = cost.Published is { } p ? new { low = p.Least, high = p.Most, unit = "US$ per kg avoided" } : null,
        budget = cost.BudgetDollars, kgPerMillionDollars = cost.PerMillion is { } per ? Form(per, "kg per US$ million") : null, dollarsPerKg = cost.Dollars,
    };

    private Dictionary<string, object> Counts(IReadOnlyList<(int Median, int Low, int High)> counts) =>
        result.Priorities.Zip(counts).ToDictionary(c => c.First, c => (object)new { median = c.Second.Median, low = c.Second.Low, high = c.Second.High });

    private Interval Change(DecisionTable of, int o, int c) => Interval.OfDraws(of.Difference(o, result.DoNothing, c));

    private static object Form(Interval interval, string unit) => new { value = interval.Value, low = interval.Low, high = interval.High, unit };

    /// <summary>The tables that leave.</summary>
    public IEnumerable<PublishedLayer> Tables()
    {
        var forms = new List<(string Form, DecisionTable Table)> { ("designed", table) };
        if (delivered is not null) forms.Add(("delivered", delivered));
        var cells = (from f in forms from o in Options from c in Cardinal select (f.Form, o, c, Value: f.Table.At(o, c), Change: Change(f.Table, o, c))).ToList();
        yield return Released("options", "Options by cardinal criteria, as designed and as they would be carried out",
            [Column.Text("option", cells.Select(r => table.Options[r.o])), Column.Text("implementation", cells.Select(r => r.Form)), Column.Text("criterion", cells.Select(r => table.Criteria[r.c].Key)), Column.Text("unit", cells.Select(r => table.Criteria[r.c].Unit)),
             .. Three("value", cells.Select(r => r.Value)), .. Three("change", cells.Select(r => r.Change))]);
        yield return Ranks();
        var worsts = (from c in Cardinal from w in worst[c]! select (c, w)).ToList();
        yield return Released("worst", "Options at their worst, and their regret",
            [Column.Text("criterion", worsts.Select(r => table.Criteria[r.c].Key)), Column.Text("unit", worsts.Select(r => table.Criteria[r.c].Unit)), Column.Text("option", worsts.Select(r => table.Options[r.w.Option])),
             Column.Real("most_harm", worsts.Select(r => r.w.MostHarm)), Column.Real("harm_in_twenty", worsts.Select(r => r.w.HarmInTwenty)), Column.Real("most_regret", worsts.Select(r => r.w.MostRegret)), Column.Real("regret_in_twenty", worsts.Select(r => r.w.RegretInTwenty)), Column.Real("mean_regret", worsts.Select(r => r.w.MeanRegret))]);
        yield return Released("efficient", "Pareto: options that no other dominates",
            [Column.Text("option", table.Options), Column.Text("instruments", instruments), Column.Real("share_of_draws", efficient), Column.Text("on_average", efficientOnAverage.Select(e => e ? "yes" : "no"))]);
        var harms = (from cause in new[] { "any", "policy" } from o in Options from p in Enumerable.Range(0, result.Priorities.Count) select (cause, o, p, Count: (cause == "any" ? result.HarmsByPriority : result.PolicyHarmsByPriority)[o][p])).ToList();
        yield return Released("harms", "Number of harms at each priority over all zones: counted, never added across priorities",
            [Column.Text("cause", harms.Select(h => h.cause)), Column.Text("option", harms.Select(h => table.Options[h.o])), Column.Text("priority", harms.Select(h => result.Priorities[h.p])),
             Column.Integer("median", harms.Select(h => (long?)h.Count.Median)), Column.Integer("low", harms.Select(h => (long?)h.Count.Low)), Column.Integer("high", harms.Select(h => (long?)h.Count.High))]);
        yield return Released("cost", $"Kilograms kept from their market against doing nothing, and what one costs; published: {Said(result.Published)}",
            [Column.Text("option", table.Options), .. Three("avoided_kg", result.Costs.Select(c => c.AvoidedKilograms)), Column.Real("share_of_draws_avoiding", result.Costs.Select(c => c.ShareAvoiding)),
             Column.Real("published_low", result.Costs.Select(c => c.Published?.Least ?? double.NaN), "US$ per kg"), Column.Real("published_high", result.Costs.Select(c => c.Published?.Most ?? double.NaN), "US$ per kg"),
             Column.Real("budget", result.Costs.Select(c => c.BudgetDollars ?? double.NaN), "US$"), Column.Real("dollars_per_kg", result.Costs.Select(c => c.Dollars ?? double.NaN), "US$ per kg")]);
        var flips = Flips.ToList();
        yield return Released("flips", "Values of priors beyond which another option does less harm on average",
            [Column.Text("criterion", flips.Select(f => OptionDraws.Criteria[f.Criterion].Key)), Column.Text("input", flips.Select(f => f.Input)), Column.Text("best", flips.Select(f => table.Options[f.Best])), Column.Text("rival", flips.Select(f => table.Options[f.Rival])),
             Column.Text("rival_is_better", flips.Select(f => f.Above ? "above" : "below")), Column.Real("value", flips.Select(f => result.ValueAt(f.Input, f.At))), Column.Real("value_low", flips.Select(f => result.ValueAt(f.Input, f.Low))), Column.Real("value_high", flips.Select(f => result.ValueAt(f.Input, f.High))),
             Column.Text("unit", flips.Select(f => result.UnitOf(f.Input))), Column.Real("quantile", flips.Select(f => f.At)), Column.Real("share_explained", flips.Select(f => f.ShareExplained))]);
        int[] rows = [.. Rated];
        yield return Released("rated", "Options without a figure: harm by threat against present policy", [.. rated.Columns.Where(c => c.Name is not ("how" or "scenario")).Select(c => c.Take(rows))]);
    }

    /// <summary>Rank shares of every criterion, side by side.</summary>
    public PictureSpec Picture(string language)
    {
        var words = Wording.In(language);
        var ranks = Ranks();
        var panels = Enumerable.Range(0, table.Criteria.Count).Select(c =>
        {
            int[] rows = [.. Options.Select(o => c * table.Options.Count + o)];
            var part = PublicationGate.Release(new Layer("ranks", [.. ranks.Layer.Columns.Select(column => column.Take(rows))], provenance: ranks.Layer.Provenance, title: ranks.Layer.Title), audience, result.Caveats);
            var key = table.Criteria[c].Key;
            return (Panel)new RankChart(part, "option", [.. Options.Select(r => $"rank_{r + 1}")]) { Title = words.Has("criterion." + key) ? words["criterion." + key] : key };
        }).ToList();
        var height = 70 + (panels.Count + 1) / 2 * (70 + 26 * table.Options.Count);
        return new PictureSpec
        {
            Name = "rank-shares", Title = words["picture.ranks"], Subtitle = words.Format("picture.ranksSub", table.Members), Panels = panels, Columns = panels.Count == 1 ? 1 : 2, Language = language, Size = new PictureSize(842, Math.Max(320, height)),
            Credits = new Credits { Source = "GeoHarm decide", Licence = RunFolder.InputsLicence, RunId = Id, Date = result.Options[0].ToYear.ToString(CultureInfo.InvariantCulture), Caveats = [.. result.Caveats.Except(PublicationGate.ModelCaveats)] },
            AltText = string.Join(" ", panels.Select((p, c) => $"{p.Title}: {string.Join(", ", Options.Select(o => $"{table.Options[o]} {words.Percent(RankShares.Of(table, c)[o * table.Options.Count])}"))}.")),
        };
    }

    private PublishedLayer Ranks()
    {
        var rows = (from c in Enumerable.Range(0, table.Criteria.Count) let shares = RankShares.Of(table, c) from o in Options select (c, o, shares)).ToList();
        return Released("ranks", "Share of draws in which each option takes each rank; rank 1 is the least harm",
            [Column.Text("criterion", rows.Select(r => table.Criteria[r.c].Key)), Column.Text("option", rows.Select(r => table.Options[r.o])),
             .. Options.Select(rank => Column.Real($"rank_{rank + 1}", rows.Select(r => r.shares[r.o * table.Options.Count + rank])))]);
    }

    private PublishedLayer Released(string name, string title, IReadOnlyList<Column> columns)
    {
        var layer = new Layer(name, columns, provenance: new Provenance("GeoHarm decide", "Apache-2.0; see data/README.md for the inputs"), title: title);
        return PublicationGate.Release(result.IsSensitive ? layer.WithSensitivity(Sensitivity.Sensitive) : layer, audience, result.Caveats);
    }

    private static IEnumerable<Column> Three(string name, IEnumerable<Interval> intervals)
    {
        var all = intervals.ToList();
        return [Column.Real(name, all.Select(i => i.Value)), Column.Real(name + "_low", all.Select(i => i.Low)), Column.Real(name + "_high", all.Select(i => i.High))];
    }

    private static string Said(PublishedCosts? p) => p is null ? "none in this study" : string.Create(CultureInfo.InvariantCulture,
        $"US$ {p.EradicationDollars:N0} (eradication) and {p.InterdictionDollars:N0} (interdiction) per kg, ratio {p.Ratio:0.00} ({p.Source}); ratio {p.WorkshopLow:0} to {p.WorkshopHigh:0} ({p.WorkshopSource})");

    /// <summary>The comparison for people.</summary>
    public void Prose(TextWriter output)
    {
        string Number(double x) => x.ToString(Math.Abs(x) >= 100 || x == 0 ? "N0" : "G3", CultureInfo.InvariantCulture);
        string Show(Interval i) => $"{Number(i.Value)} ({Number(i.Low)} to {Number(i.High)})";
        string Percent(double share) => share.ToString("0%", CultureInfo.InvariantCulture);
        output.WriteLine($"{table.Options.Count} options on the same {table.Members} draws. Less is better throughout. Shares of draws have a standard error of up to {Percent(RankShareError)}.");
        foreach (var o in Options)
        {
            output.WriteLine($"{table.Options[o]}: {result.Options[o].Title}{(instruments[o].Length > 0 ? $" [{instruments[o]}]" : "")}");
            foreach (var c in Cardinal) output.WriteLine($"  {table.Criteria[c].Key,-26} {Show(table.At(o, c)),-40} change {Show(Change(table, o, c))} {table.Criteria[c].Unit}{(delivered is null || o == result.DoNothing ? "" : $"; as carried out {Show(Change(delivered, o, c))}")}");
            output.WriteLine($"  harms caused by the policy  {string.Join(", ", result.Priorities.Zip(result.PolicyHarmsByPriority[o]).Select(p => $"{p.First} {p.Second.Median}"))}");
            output.WriteLine($"  undominated in {Percent(efficient[o])} of draws{(efficientOnAverage[o] ? ", and on average" : "")}; keeps {Show(result.Costs[o].AvoidedKilograms)} kg a year from their market ({Percent(result.Costs[o].ShareAvoiding)} of draws keep any){(result.Costs[o].Dollars is { } d ? $", at US$ {Number(d)} per kg of your budget" : "")}");
        }
        foreach (var c in Enumerable.Range(0, table.Criteria.Count))
        {
            var ranks = RankShares.Of(table, c);
            var first = string.Join(", ", Options.Where(o => ranks[o * table.Options.Count] > 0).OrderByDescending(o => ranks[o * table.Options.Count]).Select(o => $"{table.Options[o]} {Percent(ranks[o * table.Options.Count])}"));
            output.WriteLine($"{table.Criteria[c].Key}: least harm in draws: {first}{(worst[c] is null ? "" : $"; least maximum harm: {string.Join(", ", Least(c, w => w.MostHarm)!)}; least maximum regret: {string.Join(", ", Least(c, w => w.MostRegret)!)}")}");
        }
        if (weights.Count > 0) output.WriteLine($"weighted: {string.Join(" + ", weights.Select(w => $"{Number(w.Weight)} x {OptionDraws.Criteria[w.Criterion].Key}"))}");
        output.WriteLine($"published cost per kilogram avoided: {Said(result.Published)}");
        foreach (var f in Flips.OrderByDescending(f => f.ShareExplained).Take(12))
        {
            output.WriteLine($"flips: {OptionDraws.Criteria[f.Criterion].Key}: {table.Options[f.Rival]} is better than {table.Options[f.Best]} where {f.Input} is {(f.Above ? "above" : "below")} {(double.IsNaN(result.ValueAt(f.Input, f.At)) ? $"its quantile {Number(f.At)}" : $"{Number(result.ValueAt(f.Input, f.At))} ({Number(result.ValueAt(f.Input, f.Low))} to {Number(result.ValueAt(f.Input, f.High))}) {result.UnitOf(f.Input)}")}");
        }
        foreach (var c in result.Confirmed) output.WriteLine($"run again: {c.Flip.Input} below its flip: {table.Options[c.BestBelow]} does least harm; above: {table.Options[c.BestAbove]}{(c.BestBelow == c.BestAbove ? " (the flip is not confirmed)" : "")}");
        output.WriteLine($"without a figure, rated only (data/harm/options.csv): {string.Join("; ", Rated.Select(r => rated["option"].TextAt(r)))}");
        foreach (var caveat in result.Caveats) output.WriteLine($"  ! {caveat}");
    }
}
