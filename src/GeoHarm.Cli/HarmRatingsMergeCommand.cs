using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>geoharm harm ratings merge: several raters' sheets to medians, ranges, disagreement and a rank-order consensus.</summary>
internal static class HarmRatingsMergeCommand
{
    public static Command Build()
    {
        var files = new Argument<string[]>("sheet") { Description = "One filled sheet a rater: CSV (comma, semicolon or tab), XLSX or ODS", Arity = ArgumentArity.OneOrMore };
        var (form, matrix) = (HarmMatrixCommand.Form("gp"), HarmMatrixCommand.File());
        var output = new Option<string?>("--out") { Description = "CSV file of the merged ratings, which 'harm assess' and 'harm matrix' take" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb("merge", "Merges raters: medians, ranges, disagreement, rank-order consensus (Kemeny); ranks are never averaged",
            ["geoharm harm ratings merge ana.csv ben.csv eva.xlsx --out merged.csv", "geoharm harm ratings merge sheets/*.csv --json"], [files, form, matrix, output, force],
            (parse, terminal, _) =>
            {
                var inForce = HarmRatings.Matrix(parse.GetValue(matrix), parse.GetValue(form)!);
                var harms = HarmRatings.Taxonomy();
                var merged = MergedRatings.Of(HarmRatings.Sheets(parse.GetValue(files)!, harms, inForce, terminal), harms, inForce);
                var file = parse.GetValue(output);
                if (file is not null)
                {
                    using var target = new OutputFile(file, parse.GetValue(force));
                    target.Write(PublicationGate.Release(Table(merged), Audience.Public, []));
                    target.Commit();
                }
                terminal.Result(Document(merged, file), writer => Prose(merged, writer));
                return ExitCode.Ok;
            });
    }

    // The columns of a sheet first, so that the file can be read again as one.
    private static Layer Table(MergedRatings merged)
    {
        Column Text(string name, Func<RatedHarm, string?> value) => Column.Text(name, merged.Harms.Select(value));
        Column Number(string name, Func<RatedHarm, double> value) => Column.Real(name, merged.Harms.Select(value));
        Column Whole(string name, Func<RatedHarm, int> value) => Column.Integer(name, merged.Harms.Select(h => h.Raters == 0 ? null : (long?)value(h)));
        IEnumerable<Column> Spread(string name, Func<RatedHarm, LevelSpread?> of) =>
        [
            Text($"{name}_median_worse", h => of(h)?.Worse), Text($"{name}_median_milder", h => of(h)?.Milder), Text($"{name}_worst", h => of(h)?.Worst), Text($"{name}_mildest", h => of(h)?.Mildest),
            Whole($"{name}_quartile_steps", h => of(h)!.QuartileSteps), Number($"{name}_two_steps_apart", h => of(h)?.FarShare ?? double.NaN),
        ];
        return new Layer("ratings",
        [
            Text("id", h => h.Type.Id), Text("activity", h => h.Type.Activity), Text("harm", h => h.Type.Harm), Text("harm_type", h => h.Type.Kind), Text("bearer", h => h.Type.Bearer),
            Text("severity", h => h.Rating?.Severity), Text("incidence", h => h.Rating?.Incidence), Text("note", h => h.Rating?.Note),
            Column.Integer("raters", merged.Harms.Select(h => (long?)h.Raters)), Text("priority", h => h.MergedPriority),
            .. Spread("severity", h => h.Severity), .. Spread("incidence", h => h.Incidence), .. Spread("priority", h => h.Priority),
            Whole("rank", h => h.Rank), Whole("rank_borda", h => h.BordaRank), Text("quantified", h => h.Type.IsQuantified ? "yes" : "no"), Text("reason", h => h.Type.Reason),
        ]);
    }

    private static object Document(MergedRatings merged, string? file) => new
    {
        raters = merged.Raters,
        harms = merged.Harms.Select(h => new
        {
            id = h.Type.Id, activity = h.Type.Activity, harm = h.Type.Harm, bearer = h.Type.Bearer, raters = h.Raters, severity = h.Rating?.Severity, incidence = h.Rating?.Incidence, priority = h.MergedPriority,
            spread = h.Raters == 0 ? null : new { severity = Form(h.Severity!), incidence = Form(h.Incidence!), priority = Form(h.Priority!) },
            rank = h.Rank, rankBorda = h.BordaRank, quantified = h.Type.IsQuantified, reason = h.Type.Reason, note = h.Rating?.Note,
        }),
        consensus = new
        {
            method = "Kemeny", order = merged.Consensus.Order.Select(i => merged.RatedIds[i]), disagreements = merged.Consensus.Disagreements, bound = merged.Consensus.Bound,
            exact = merged.Consensus.IsExact, largestCycle = merged.Consensus.LargestCycle,
            borda = new { order = merged.Borda.Order.Select(i => merged.RatedIds[i]), disagreements = merged.Borda.Disagreements },
        },
        concordance = new { severity = merged.SeverityConcordance, incidence = merged.IncidenceConcordance, priority = merged.PriorityConcordance, harms = merged.RatedByAll },
        files = file is null ? Array.Empty<string>() : [file],
    };

    private static object Form(LevelSpread s) => new { medianWorse = s.Worse, medianMilder = s.Milder, worst = s.Worst, mildest = s.Mildest, quartileSteps = s.QuartileSteps, twoStepsApart = s.FarShare };

    private static void Prose(MergedRatings merged, TextWriter output)
    {
        foreach (var item in merged.Consensus.Order)
        {
            var h = merged.Harms.First(r => r.Type.Id == merged.RatedIds[item]);
            output.WriteLine($"{h.Rank,3}  {h.MergedPriority,-10} {h.Type.Id}: severity {Said(h.Severity!)}; incidence {Said(h.Incidence!)}; {h.Raters} raters{(h.Type.IsQuantified ? "" : $"; no figure: {h.Type.Reason}")}");
        }
        var blank = merged.Harms.Where(h => h.Raters == 0).ToList();
        if (blank.Count > 0) output.WriteLine($"Rated by nobody: {string.Join(", ", blank.Select(h => h.Type.Id))}.");
        var c = merged.Consensus;
        output.WriteLine($"Order by Kemeny's rule{(c.IsExact ? "" : $", not proved best (a cycle of {c.LargestCycle} harms)")}: {c.Disagreements} pairs of harms that a rater has the other way round, at least {c.Bound} in any order; Borda's order {merged.Borda.Disagreements}.");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Agreement (Kendall's W, ties corrected, {merged.RatedByAll} harms rated by all {merged.Raters}): severity {W(merged.SeverityConcordance)}, incidence {W(merged.IncidenceConcordance)}, priority {W(merged.PriorityConcordance)}."));
        output.WriteLine("Of two middle ratings the worse stands, as a precaution. Ratings are ordinal: counted and compared, never averaged.");
    }

    private static string W(double w) => double.IsNaN(w) ? "not defined" : w.ToString("F2", CultureInfo.InvariantCulture);

    private static string Said(LevelSpread s) =>
        (s.Worse == s.Milder ? s.Worse : $"{s.Worse} or {s.Milder}") + (s.Worst == s.Mildest ? "" : $" ({s.Worst} to {s.Mildest})");
}
