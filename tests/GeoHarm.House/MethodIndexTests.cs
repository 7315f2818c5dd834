using System.Text.RegularExpressions;

namespace GeoHarm.House;

/// <summary>docs/methods/README.md leads to every page of the folder, and to no page that is not there.</summary>
public partial class MethodIndexTests
{
    [Fact]
    public void Every_page_of_methods_is_in_the_index_and_every_link_leads_to_a_page()
    {
        var folder = Path.Combine(Repository.Root, "docs", "methods");
        Assert.Empty(Faults(File.ReadAllText(Path.Combine(folder, "README.md")), Directory.EnumerateFiles(folder, "*.md").Select(f => Path.GetFileName(f)!)));
    }

    [Theory]
    [InlineData("| [a](a.md) | x |", "b.md is not in the index")]
    [InlineData("[a](a.md), [b](b.md), [c](c.md)", "c.md is in the index and is no page")]
    public void An_index_that_lies_is_reported(string index, string expected) => Assert.Equal(expected, Assert.Single(Faults(index, ["README.md", "a.md", "b.md"])));

    private static List<string> Faults(string index, IEnumerable<string> pages)
    {
        var there = pages.Where(p => p != "README.md").ToHashSet(StringComparer.Ordinal);
        var linked = Link().Matches(index).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        return [.. there.Except(linked).Select(p => $"{p} is not in the index"), .. linked.Except(there).Select(p => $"{p} is in the index and is no page")];
    }

    [GeneratedRegex(@"\]\(([a-z0-9-]+\.md)\)")]
    private static partial Regex Link();
}
