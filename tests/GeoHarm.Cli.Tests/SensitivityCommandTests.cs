using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public sealed class SensitivityCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-sensitivity-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void One_prior_at_a_time_is_drawn_as_a_tornado_of_its_own_numbers()
    {
        var (table, picture) = (Path.Combine(folder, "swings.csv"), Path.Combine(folder, "tornado.svg"));
        var (code, output, error) = CommandLineTests.Run("sensitivity", "data/scenarios/putumayo-2000.yaml", "--method", "one-at-a-time", "--outcome", "peopleDisplaced", "--out", table, "--picture", picture, "--lang", "es", "--json");
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        var people = result.GetProperty("outcomes").EnumerateArray().Single(o => o.GetProperty("key").GetString() == "peopleDisplaced");
        var (widest, central) = (people.GetProperty("swings")[0], people.GetProperty("central").GetDouble());
        Assert.True(central > 0 && widest.GetProperty("atLow").GetDouble() < central && widest.GetProperty("atHigh").GetDouble() > central);
        Assert.Equal(2 * result.GetProperty("inputs").GetArrayLength() + 1, result.GetProperty("runs").GetInt32());
        Assert.Contains(widest.GetProperty("input").GetString()! + " es lo que más lo mueve", File.ReadAllText(picture), StringComparison.Ordinal);
        Assert.StartsWith("input,at_low,at_high\n" + widest.GetProperty("input").GetString(), File.ReadAllText(Path.Combine(folder, "tornado.csv")), StringComparison.Ordinal);
        Assert.Contains("one-at-a-time", File.ReadAllText(table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--picture", "t.png")]
    [InlineData("--method", "one-at-a-time", "--picture", "t.docx")]
    public void A_tornado_without_its_method_or_in_no_format_is_a_usage_error(params string[] options)
    {
        var (code, _, _) = CommandLineTests.Run(["sensitivity", "data/scenarios/putumayo-2000.yaml", .. options.Select(o => o.StartsWith("t.", StringComparison.Ordinal) ? Path.Combine(folder, o) : o)]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }
}
