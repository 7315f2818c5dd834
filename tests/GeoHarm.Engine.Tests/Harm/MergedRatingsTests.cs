using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Tests.Scenarios;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Harm;

public class MergedRatingsTests
{
    private static readonly HarmMatrix Matrix = MatrixOf("gp");
    private static readonly IReadOnlyList<HarmType> Harms = HarmTaxonomy.Read(SmallStudy.FromCsv("harm/taxonomy.csv", "t", []),
        HarmAssessment.ReadRules(SmallStudy.FromCsv("harm/rules.csv", "r", []), Matrix, "rules.csv"));

    private static HarmMatrix MatrixOf(string form) => HarmMatrix.Read(SmallStudy.FromCsv($"harm/matrix_{form}.csv", "m", []), form);

    private static Rating Of(string harm, string severity, string incidence, string note = "") => new(harm, severity, incidence, note);

    private static RatedHarm Row(MergedRatings merged, string id) => merged.Harms.Single(h => h.Type.Id == id);

    [Fact]
    public void By_hand_four_raters_of_one_harm()
    {
        string[] severities = ["catastrophic", "grave", "moderate", "moderate"], incidences = ["rarely", "rarely", "rarely", "persistently"];
        var merged = MergedRatings.Of([.. severities.Zip(incidences, (s, i) => (IReadOnlyList<Rating>)[Of("trafficking.couriers", s, i, "because " + s)])], Harms, Matrix);
        var row = Row(merged, "trafficking.couriers");
        // Two middle severities, grave and moderate: both said, the worse stands. Pairs two steps or more apart: 1-3, 1-4, 2-3, 2-4 of 6.
        Assert.Equal(new LevelSpread("grave", "moderate", "catastrophic", "moderate", 3, 4 / 6.0), row.Severity);
        Assert.Equal(new LevelSpread("rarely", "rarely", "persistently", "rarely", 3, 0.5), row.Incidence);
        // Priorities: high, medium, low, high.
        Assert.Equal(new LevelSpread("high", "medium", "high", "low", 1, 2 / 6.0), row.Priority);
        Assert.Equal(("medium", 4), (row.MergedPriority, row.Raters));
        Assert.Equal("because catastrophic; because grave; because moderate; because moderate", row.Rating!.Note);
        Assert.Equal(Harms.Count, merged.Harms.Count);
        Assert.All(merged.Harms.Where(h => h.Raters == 0), h => Assert.Null(h.Rating));
    }

    [Fact]
    public void A_harm_without_a_figure_keeps_its_rating_and_its_reason_into_the_harm_table()
    {
        var rules = HarmAssessment.ReadRules(SmallStudy.FromCsv("harm/rules.csv", "r", []), Matrix, "rules.csv");
        var merged = MergedRatings.Of([[Of("eradication.trust", "catastrophic", "continuously"), Of("cultivation.forest", "marginal", "rarely"), Of("eradication.killings", "grave", "rarely")]], Harms, Matrix);
        Assert.Equal((false, "medium"), (Row(merged, "eradication.killings").Type.IsQuantified, Row(merged, "eradication.killings").MergedPriority));
        Assert.Contains("no figure by zone", Row(merged, "eradication.killings").Type.Reason, StringComparison.Ordinal);
        Dictionary<string, double> outcomes = new(StringComparer.Ordinal) { ["treated_ha"] = 1, ["forest_loss_ha"] = 6000 };
        var rows = HarmAssessment.Assess(HarmAssessment.Rated(rules, merged.Ratings), Matrix, [new HarmEvidence("Z", "Z", new Dictionary<string, double>(), outcomes)]);
        var trust = rows.Single(r => r.Harm == "trust in institutions lost");
        Assert.Equal(("catastrophic", "continuously", "very high", false), (trust.Severity, trust.IncidenceAfter, trust.PriorityAfter, trust.Quantified));
        // A quantified harm takes the workshop's severity; its incidence follows the outcome.
        var forest = rows.Single(r => r.Harm == "forest felled for coca");
        Assert.Equal(("marginal", "continuously", "medium"), (forest.Severity, forest.IncidenceAfter, forest.PriorityAfter));
    }

    [Fact]
    public void The_order_of_raters_changes_no_bit()
    {
        for (uint round = 0; round < 50; round++)
        {
            var random = new CounterRandom(7, round, 0);
            List<IReadOnlyList<Rating>> sheets = [];
            for (var rater = 0; rater < 5; rater++)
            {
                var sheet = new List<Rating>();
                foreach (var harm in Harms) if (random.NextBelow(5) > 0) sheet.Add(Of(harm.Id, Matrix.Severities[random.NextBelow(5)], Matrix.Incidences[random.NextBelow(5)], $"note {random.NextBelow(9)}"));
                sheets.Add(sheet);
            }
            var (one, other) = (MergedRatings.Of(sheets, Harms, Matrix), MergedRatings.Of([.. Enumerable.Reverse(sheets)], Harms, Matrix));
            Assert.Equal(one.Harms, other.Harms);
            Assert.Equal(one.Consensus.Order, other.Consensus.Order);
            Assert.Equal((one.SeverityConcordance, one.PriorityConcordance, one.Consensus.Disagreements), (other.SeverityConcordance, other.PriorityConcordance, other.Consensus.Disagreements));
            Assert.True(one.Consensus.Disagreements <= one.Borda.Disagreements, $"seed 7, round {round}");
        }
    }

    [Fact]
    public void All_twenty_cells_of_the_army_matrix_come_back_from_ratings_in_its_words()
    {
        var army = MatrixOf("army");
        var expected = new Dictionary<string, string>(StringComparer.Ordinal) { ["catastrophic"] = "EEHHM", ["critical"] = "EHHML", ["marginal"] = "HMMLL", ["negligible"] = "MLLLL" };
        List<Rating> sheet = [.. army.Severities.SelectMany(s => army.Incidences.Select(i => (s, i))).Zip(Harms, (cell, harm) => Of(harm.Id, cell.s, cell.i))];
        var merged = MergedRatings.Of([sheet, sheet, sheet], Harms, army);
        Assert.Equal(20, sheet.Count);
        Assert.All(sheet, r => Assert.Equal(expected[r.Severity][army.Incidences.ToList().IndexOf(r.Incidence)], char.ToUpperInvariant(Row(merged, r.Harm).MergedPriority[0])));
        Assert.Equal((1, 0), (merged.PriorityConcordance, (int)merged.Consensus.Disagreements));
    }

    [Fact]
    public void The_ratings_of_the_Belgian_study_give_its_conclusion()
    {
        // Paoli, Greenfield and Zoutendijk 2013: fatalities of couriers grave but rare; the government's reputation persistent but marginal; harms of trafficking low overall.
        IReadOnlyList<Rating> study = [Of("trafficking.couriers", "grave", "rarely"), Of("trafficking.reputation", "marginal", "persistently")];
        var merged = MergedRatings.Of([study], Harms, Matrix);
        string[] urgent = ["very high", "high"];
        Assert.All(study, r => Assert.DoesNotContain(Row(merged, r.Harm).MergedPriority, urgent));
        Assert.Equal(("medium", "medium"), (Row(merged, "trafficking.couriers").MergedPriority, Row(merged, "trafficking.reputation").MergedPriority));
        Assert.Equal(Row(merged, "trafficking.couriers").Rank, Row(merged, "trafficking.reputation").Rank);
    }

    [Fact]
    public void A_sheet_with_ten_faults_names_all_ten_with_line_code_and_remedy()
    {
        string?[][] rows =
        [
            ["#", "explained", null, null, null, null],
            ["no.such_harm", "functional integrity", "individuals", "grave", "rarely", "GH5021"],
            ["cultivation.forest", "health", "physical and social environment", "grave", "rarely", "GH5022"],
            ["cultivation.licit", "privacy", "individuals", "grave", "rarely", "GH5022"],
            ["eradication.food", "material interests", "farmers", "grave", "rarely", "GH5023"],
            ["eradication.health", "functional integrity", "government entities", "grave", "rarely", "GH5023"],
            ["eradication.income", "material interests", "individuals", "terrible", "rarely", "GH5025"],
            ["eradication.protest", "functional integrity", "individuals", "grave", "often", "GH5026"],
            ["eradication.trust", "reputation", "government entities", "grave", null, "GH5024"],
            ["arrival.host", "material interests", "physical and social environment", null, "rarely", "GH5024"],
            ["interdiction.prison", "functional integrity", "individuals", "Grave ", "RARELY", null],
            ["interdiction.prison", "functional integrity", "individuals", "grave", "rarely", "GH5027"],
        ];
        Layer Sheet(int columns) => new("s",
        [
            .. new[] { "id", "harm_type", "bearer", "severity", "incidence" }.Take(columns).Select((name, c) => Column.Text(name, rows.Select(r => r[c]))),
            Column.Integer("line", rows.Select((_, r) => (long?)(r + 2))),
        ]);
        var faults = Assert.Throws<InvalidInputException>(() => RatingSheet.Read(Sheet(5), "ana.csv", Harms, Matrix)).Faults;
        Assert.Equal(rows.Select((r, i) => (Code: r[5], Line: (int?)(i + 2))).Where(f => f.Code is not null), faults.Select(f => ((string?)f.Code, f.Line)));
        Assert.Equal(10, faults.Count);
        Assert.All(faults, f => Assert.True(f.File == "ana.csv" && f.Message.Length > 0 && f.Remedy.Length > 0));
        Assert.Equal(["GH5020"], Assert.Throws<InvalidInputException>(() => RatingSheet.Read(Sheet(4), "ana.csv", Harms, Matrix)).Faults.Select(f => f.Code));
    }

    [Fact]
    public void The_template_read_back_says_that_nothing_is_rated_and_a_filled_row_is_read()
    {
        var template = RatingSheet.Template(Harms, Matrix, new Dictionary<string, string>());
        Layer WithLines(Layer layer) => new("s", [.. layer.Columns, Column.Integer("line", Enumerable.Range(2, layer.RowCount).Select(l => (long?)l))]);
        Assert.Equal("GH5028", Assert.Single(Assert.Throws<InvalidInputException>(() => RatingSheet.Read(WithLines(template), "t.csv", Harms, Matrix)).Faults).Code);
        Assert.Equal(Harms.Count, Enumerable.Range(0, template.RowCount).Count(r => !template["id"].TextAt(r)!.StartsWith('#')));
        string?[] Filled(string column, string word) => [.. Enumerable.Range(0, template.RowCount).Select(r => template["id"].TextAt(r) == "eradication.trust" ? word : template[column].TextAt(r))];
        var filled = new Layer("s", [.. template.Columns.Select(c => c.Name switch { "severity" => Column.Text(c.Name, Filled(c.Name, "grave")), "incidence" => Column.Text(c.Name, Filled(c.Name, "rarely")), _ => c })]);
        Assert.Equal(Of("eradication.trust", "grave", "rarely"), Assert.Single(RatingSheet.Read(WithLines(filled), "t.csv", Harms, Matrix)));
    }
}
