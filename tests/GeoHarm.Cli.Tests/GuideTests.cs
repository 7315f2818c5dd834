using System.Runtime.CompilerServices;

namespace GeoHarm.Cli.Tests;

public sealed class GuideTests
{
    public static TheoryData<string> Languages => ["en", "es", "pt"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_command_of_the_guide_is_understood(string language)
    {
        var commands = Commands(language);
        Assert.True(commands.Length >= 12);
        var tree = CommandLine.Tree(TextWriter.Null, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.All(commands, c =>
        {
            var errors = tree.Parse(c.Split(' ')[1..]).Errors.Select(e => e.Message).ToArray();
            Assert.True(errors.Length == 0, $"{c}: {string.Join(' ', errors)}");
        });
    }

    [Fact]
    public void The_guides_give_the_same_commands_in_every_language()
    {
        // One language is run (EndToEnd): the others must not differ in more than the language asked for.
        var english = Commands("en");
        foreach (var language in new[] { "es", "pt" }) Assert.Equal(english, Commands(language).Select(c => c.Replace(" --lang " + language, "", StringComparison.Ordinal)));
    }

    private static string[] Commands(string language, [CallerFilePath] string here = "") =>
        [.. File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/guide", language + ".md")).Where(l => l.StartsWith("geoharm ", StringComparison.Ordinal))];
}
