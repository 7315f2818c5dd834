using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public class CommandLineTests
{
    internal static (int Code, string Output, string Error) Run(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = CommandLine.Run(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public void An_unknown_verb_is_a_usage_error_with_a_suggestion()
    {
        var (code, output, error) = Run("completoin");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains("Did you mean 'completion'?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--json", "completoin")]
    [InlineData("completoin", "--json")]
    public void Json_in_any_position_gives_one_problem_document(params string[] args)
    {
        var (code, output, _) = Run(args);
        Assert.Equal(ExitCode.Usage, code);
        var problem = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, problem.GetProperty("status").GetInt32());
        Assert.EndsWith("/usage", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, problem.GetProperty("faults").ValueKind);
    }

    [Fact]
    public void Help_of_a_verb_leads_with_examples()
    {
        var (code, output, _) = Run("completion", "--help");
        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("Examples:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -F _geoharm geoharm")]
    [InlineData("zsh", "bashcompinit")]
    [InlineData("fish", "complete -c geoharm")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_knows_every_verb_and_the_options_of_all(string shell, string mark)
    {
        var (code, output, _) = Run("completion", shell);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains(mark, output, StringComparison.Ordinal);
        Assert.All(Verbs.All(), verb => Assert.Contains(verb.Name, output, StringComparison.Ordinal));
        Assert.Contains("json", output, StringComparison.Ordinal);
    }
}
