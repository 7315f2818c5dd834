using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public sealed class HarmAndCasesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-harm-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private static JsonElement Json(params string[] args)
    {
        var (code, output, error) = CommandLineTests.Run([.. args, "--json"]);
        Assert.True(code == ExitCode.Ok, error + output);
        return JsonDocument.Parse(output).RootElement;
    }

    [Fact]
    public void The_matrix_in_force_has_twenty_cells_in_the_army_form_and_twenty_five_in_the_other()
    {
        Assert.Equal(20, Json("harm", "matrix").GetProperty("cells").GetArrayLength());
        Assert.Equal(25, Json("harm", "matrix", "--form", "gp").GetProperty("cells").GetArrayLength());
    }

    [Fact]
    public void The_cases_most_like_a_scenario_lead_with_its_own_history()
    {
        var like = Json("cases", "--like", "data/scenarios/putumayo-2000.yaml").GetProperty("cases");
        Assert.Equal("putumayo-narino", like[0].GetProperty("id").GetString());
        Assert.Equal(4, like[0].GetProperty("alike").GetProperty("matches").GetInt32());
        Assert.Equal(JsonValueKind.Null, Json("cases").GetProperty("cases")[0].GetProperty("alike").ValueKind);
        Assert.True(like.GetArrayLength() < Json("cases").GetProperty("cases").GetArrayLength());
        Assert.All(Json("cases").GetProperty("cases").EnumerateArray(), c => Assert.NotEmpty(c.GetProperty("source").GetString()!));
    }

    [Fact]
    public void Outcomes_of_a_workshop_are_rated_and_a_missing_column_is_a_fault()
    {
        var file = At("outcomes.csv");
        File.WriteAllText(file, "zone,side,people_out\nX,before,0\nX,after,30000\n");
        var row = Assert.Single(Json("harm", "assess", file).GetProperty("rows").EnumerateArray());
        Assert.Equal(("catastrophic", "continuously", "very high", "policy"),
            (row.GetProperty("severity").GetString(), row.GetProperty("incidence").GetString(), row.GetProperty("priority").GetString(), row.GetProperty("cause").GetString()));
        File.WriteAllText(file, "place,people_out\nX,1\n");
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("harm", "assess", file).Code);
    }

    [Fact]
    public void A_workshop_fills_the_template_and_its_sheets_are_merged_and_used()
    {
        var template = At("template.csv");
        Json("harm", "ratings", "template", "--out", template);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("harm", "ratings", "template", "--out", template).Code);
        var lines = File.ReadAllLines(template);
        string Filled(params (string Id, string Rating)[] ratings) =>
            string.Join("\r\n", lines.Select(l => ratings.FirstOrDefault(r => l.StartsWith(r.Id + ",", StringComparison.Ordinal)) is { Rating: { } rating } ? l.Replace(",,,", $",{rating},", StringComparison.Ordinal) : l));
        var (ana, ben, eva) = (At("ana.csv"), At("ben.csv"), At("eva.csv"));
        File.WriteAllText(ana, Filled(("eradication.displaced", "grave,regularly"), ("eradication.killings", "catastrophic,rarely")));
        File.WriteAllText(ben, Filled(("eradication.displaced", "catastrophic,regularly"), ("eradication.killings", "catastrophic,occasionally")));
        // As a spreadsheet program set to Spanish saves it: semicolons, Windows-1252.
        File.WriteAllBytes(eva, System.Text.Encoding.Latin1.GetBytes("id;severity;incidence;note\r\neradication.displaced;serious;regularly;así lo vivimos\r\n"));
        var merged = At("merged.csv");
        var document = Json("harm", "ratings", "merge", ana, ben, eva, "--out", merged);
        var displaced = document.GetProperty("harms").EnumerateArray().Single(h => h.GetProperty("id").GetString() == "eradication.displaced");
        Assert.Equal(("grave", "regularly", "high", 3, "así lo vivimos"), (displaced.GetProperty("severity").GetString(), displaced.GetProperty("incidence").GetString(), displaced.GetProperty("priority").GetString(), displaced.GetProperty("raters").GetInt32(), displaced.GetProperty("note").GetString()));
        Assert.Equal("Kemeny", document.GetProperty("consensus").GetProperty("method").GetString());
        Assert.True(document.GetProperty("consensus").GetProperty("exact").GetBoolean());
        var cells = Json("harm", "matrix", "--form", "gp", "--ratings", merged).GetProperty("cells").EnumerateArray();
        Assert.Equal("eradication.displaced", cells.Single(c => c.GetProperty("severity").GetString() == "grave" && c.GetProperty("incidence").GetString() == "regularly").GetProperty("harms")[0].GetString());
        var outcomes = At("outcomes.csv");
        File.WriteAllText(outcomes, "zone,side,people_out\nX,before,0\nX,after,30000\n");
        var assessed = Json("harm", "assess", outcomes, "--ratings", merged);
        Assert.Equal(("grave", "very high"), (assessed.GetProperty("rows")[0].GetProperty("severity").GetString(), assessed.GetProperty("rows")[0].GetProperty("priority").GetString()));
        var kept = Assert.Single(assessed.GetProperty("unquantified").EnumerateArray());
        Assert.Equal(("eradication.killings", "catastrophic"), (kept.GetProperty("id").GetString(), kept.GetProperty("severity").GetString()));
        Assert.NotEmpty(kept.GetProperty("reason").GetString()!);
        // Raters in another order: the same file, byte for byte.
        var again = At("again.csv");
        Json("harm", "ratings", "merge", eva, ana, ben, "--out", again);
        Assert.Equal(File.ReadAllBytes(merged), File.ReadAllBytes(again));
        Assert.DoesNotContain("ana", File.ReadAllText(merged).Split(','));
    }

    [Fact]
    public void A_sheet_with_ten_faults_names_them_all_and_nothing_is_written()
    {
        var (sheet, merged) = (At("bad.csv"), At("merged.csv"));
        File.WriteAllLines(sheet,
        [
            "id,activity,harm,harm_type,bearer,severity,incidence,note", "#,explains,,,,,,", "x.y,,,,,grave,rarely,", "cultivation.forest,,,health,,grave,rarely,", "cultivation.licit,,,privacy,,grave,rarely,",
            "eradication.food,,,,farmers,grave,rarely,", "eradication.health,,,,,terrible,rarely,", "eradication.income,,,,,grave,often,", "eradication.trust,,,,,grave,,", "arrival.host,,,,,,rarely,",
            "interdiction.prison,,,,,grave,rarely,", "interdiction.prison,,,,,grave,rarely,", "interdiction.privacy,,grave",
        ]);
        var (code, output, _) = CommandLineTests.Run("harm", "ratings", "merge", sheet, "--out", merged, "--json");
        var faults = JsonDocument.Parse(output).RootElement.GetProperty("faults").EnumerateArray().ToList();
        Assert.Equal((ExitCode.Input, 10), (code, faults.Count));
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 12, 13], faults.Select(f => f.GetProperty("line").GetInt32()));
        Assert.All(faults, f => Assert.True(f.GetProperty("file").GetString() == sheet && f.GetProperty("code").GetString()!.StartsWith("GH", StringComparison.Ordinal) && f.GetProperty("remedy").GetString()!.Length > 0));
        Assert.False(File.Exists(merged));
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("harm", "ratings", "merge", sheet, sheet).Code);
    }

    [Fact]
    public void A_matrix_that_is_not_monotone_is_named_cell_by_cell_with_its_line()
    {
        var file = At("matrix.csv");
        File.WriteAllText(file, "severity,incidence,priority\ngrave,often,high\ngrave,rarely,low\nmarginal,often,high\nmarginal,rarely,high\n");
        var (code, output, _) = CommandLineTests.Run("harm", "matrix", "--file", file, "--json");
        var fault = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("faults").EnumerateArray());
        Assert.Equal((ExitCode.Input, "GH5003", 5), (code, fault.GetProperty("code").GetString(), fault.GetProperty("line").GetInt32()));
    }
}
