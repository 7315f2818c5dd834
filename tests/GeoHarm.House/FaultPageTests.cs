using System.Text.RegularExpressions;

namespace GeoHarm.House;

/// <summary>docs/faults.md has one row for every fault code that src can give, under a room that gives it, and no row of a code that is gone.</summary>
public partial class FaultPageTests
{
    private const string Page = "docs/faults.md";

    [Fact]
    public void Every_fault_code_has_its_row_and_every_row_its_code() =>
        Assert.Empty(Faults(Repository.Files("src", "*.cs").Select(f => (Repository.Relative(f), File.ReadAllText(f))), File.ReadAllText(Path.Combine(Repository.Root, Page))));

    [Theory]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |", "GH9002 of src/GeoHarm.Maps/A.cs has no row")]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |\n| GH9002 | Maps | Why. | How. |\n| GH9003 | Maps | Why. | How. |", "GH9003 is given by no code of src")]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |\n| GH9002 | Maps | Why. | How. |\n| GH9001 | Maps | Again. | How. |", "GH9001 has 2 rows")]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |\n| GH9002 | Stores | Why. | How. |", "GH9002 is not given by Stores")]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |\n| GH9002 | Maps | Why. | |", "GH9002: a cell is empty or holds program text")]
    [InlineData("| GH9001 | Maps | It is cut short. | Mend it. |\n| GH9002 | Maps | Column {name} | How. |", "GH9002: a cell is empty or holds program text")]
    public void A_page_that_lies_is_reported(string rows, string expected)
    {
        // GH9003 stands in a comment alone: nobody can be given it.
        var code = "/// <summary>GH9003.</summary>\nthrow Wrong(\"GH9001\"); // as GH9003 was\nnotes.Add($\"GH9002 {x}\");";
        Assert.Equal(expected, Assert.Single(Faults([("src/GeoHarm.Maps/A.cs", code)], "| code | room | what is wrong | what to do |\n|---|---|---|---|\n" + rows + "\n")));
    }

    private static List<string> Faults(IEnumerable<(string Path, string Code)> sources, string page)
    {
        var given = sources.SelectMany(s => Code().Matches(Comment().Replace(s.Code, "")).Select(m => (Code: m.Value, s.Path))).ToLookup(g => g.Code, g => g.Path);
        var rows = page.Split('\n').Where(l => l.StartsWith("| GH", StringComparison.Ordinal)).Select(l => l.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToLookup(r => r[0]);
        var faults = given.Where(g => !rows.Contains(g.Key)).Select(g => $"{g.Key} of {g.First()} has no row").ToList();
        foreach (var row in rows)
        {
            var cells = row.First();
            if (!given.Contains(row.Key)) faults.Add($"{row.Key} is given by no code of src");
            else if (row.Count() > 1) faults.Add($"{row.Key} has {row.Count()} rows");
            else if (!given[row.Key].Any(p => p.StartsWith($"src/GeoHarm.{cells[1]}/", StringComparison.Ordinal))) faults.Add($"{row.Key} is not given by {cells[1]}");
            else if (cells.Length != 4 || cells.Any(c => c.Length == 0 || c.AsSpan().ContainsAny('{', '}') || c.Contains("StringComparison", StringComparison.Ordinal))) faults.Add($"{row.Key}: a cell is empty or holds program text");
        }
        return faults;
    }

    [GeneratedRegex(@"\bGH\d{4}\b")]
    private static partial Regex Code();

    /// <summary>From // to the end of the line, unless it is part of an address (://).</summary>
    [GeneratedRegex(@"(?<!:)//.*")]
    private static partial Regex Comment();
}
