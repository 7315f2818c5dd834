using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public class HarmAndCasesTests
{
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
        Assert.True(like.GetArrayLength() < Json("cases").GetProperty("cases").GetArrayLength());
        Assert.All(Json("cases").GetProperty("cases").EnumerateArray(), c => Assert.NotEmpty(c.GetProperty("source").GetString()!));
    }

    [Fact]
    public void Outcomes_of_a_workshop_are_rated_and_a_missing_column_is_a_fault()
    {
        var file = Path.GetTempFileName() + ".csv";
        try
        {
            File.WriteAllText(file, "zone,side,people_out\nX,before,0\nX,after,30000\n");
            var row = Assert.Single(Json("harm", "assess", file).GetProperty("rows").EnumerateArray());
            Assert.Equal(("catastrophic", "continuously", "very high", "policy"),
                (row.GetProperty("severity").GetString(), row.GetProperty("incidence").GetString(), row.GetProperty("priority").GetString(), row.GetProperty("cause").GetString()));
            File.WriteAllText(file, "place,people_out\nX,1\n");
            Assert.Equal(ExitCode.Input, CommandLineTests.Run("harm", "assess", file).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
