namespace GeoHarm.House;

/// <summary>Every page of docs/methods begins with the card of its model: what it answers, takes, does, assumes, must not be used for, and how it was checked.</summary>
public class MethodPageTests
{
    private static readonly string[] Fields = ["Question", "Code", "Inputs", "State", "Step", "Chance", "Assumes", "Not for", "Checked"];

    public static TheoryData<string> Pages() => [.. Repository.Files("docs/methods", "*.md").Select(f => Path.GetFileName(f)!).Where(name => name != "README.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_begins_with_its_card(string page) => Assert.Empty(Missing(File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", page))));

    [Fact]
    public void The_list_of_pages_names_every_page()
    {
        var list = File.ReadAllText(Path.Combine(Repository.Root, "docs/methods/README.md"));
        Assert.Empty(Pages().Select(row => row.Data).Where(page => page != "zonal.md" && !list.Contains($"]({page})", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_page_without_its_limits_is_reported() =>
        Assert.Equal(["Not for", "Checked"], Missing("# Model\n\n**Question.** Q\n**Code.** c\n**Inputs.** i **State.** s\n**Step.** s\n**Chance.** c\n**Assumes.** a\n\n## Later\n**Not for.** too late\n"));

    private static IEnumerable<string> Missing(string page)
    {
        var card = page.Split("\n## ")[0];
        return Fields.Where(field => !card.Contains($"**{field}.**", StringComparison.Ordinal));
    }
}
