using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace GeoHarm.House;

/// <summary>data/README.md names every file of data/ with its source, licence, recipe and hash; the tables hold what was published.</summary>
public partial class DataTests
{
    private static string Data => Path.Combine(Repository.Root, "data");

    [Fact]
    public void Every_file_is_on_the_page_with_its_hash() => Assert.Empty(Faults(Data));

    [Theory]
    [InlineData("a.csv", "1,2\n", "changed")]
    [InlineData("b.csv", "1,2\n", "is not on the page")]
    [InlineData(null, null, "has no file")]
    public void A_broken_page_is_reported(string? file, string? content, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("geoharm-data-");
        try
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData("1,1\n"u8));
            File.WriteAllText(Path.Combine(folder.FullName, "README.md"), $"| a.csv | what | source | licence | recipe | {hash} |\n");
            if (file != "a.csv" && file is not null) File.WriteAllText(Path.Combine(folder.FullName, "a.csv"), "1,1\n");
            if (file is not null) File.WriteAllText(Path.Combine(folder.FullName, file), content);
            Assert.Contains(expected, Assert.Single(Faults(folder.FullName)), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_row_without_source_or_licence_is_reported()
    {
        var folder = Directory.CreateTempSubdirectory("geoharm-data-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "a.csv"), "1,1\n");
            File.WriteAllText(Path.Combine(folder.FullName, "README.md"), $"| a.csv | what | | licence | recipe | {Convert.ToHexStringLower(SHA256.HashData("1,1\n"u8))} |\n");
            Assert.Contains("lacks source", Assert.Single(Faults(folder.FullName)), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Two_fifths_of_the_land_once_under_coca_had_been_forest()
    {
        var rows = Rows("published/forest_coca.csv").ToList();
        double Of(string key, string period) => Number(rows.Single(r => r["key"] == key && r["period"] == period)["value"]);
        Assert.Equal(0.420, Of("coca_ever_from_forest", "2001-2011") / Of("coca_ever", "2001-2011"), 5e-4);
        Assert.Equal((55_000, 23_000), (Of("felled_for_coca", "2000-2001"), Of("felled_for_coca", "2010-2011")));
        var prior = Rows("published/priors.csv").Single(r => r["key"] == "forest_share");
        Assert.Equal(["0.27", "0.36", "0.48"], rows.Where(r => r["key"] == "fields_from_forest").Select(r => r["value"]).Order());
        Assert.Equal(("0.36", "0.27", "0.48"), (prior["central"], prior["low"], prior["high"]));
        Assert.Equal(0.13, 97_622 / 761_880.0, 0.005);
    }

    [Fact]
    public void The_national_series_is_the_published_one()
    {
        var coca = Rows("published/national_coca.csv").ToDictionary(r => r["year"], r => Number(r["coca_ha"]));
        Assert.Equal(24, coca.Count);
        Assert.Equal((144807, 47788, 261386), (coca["2001"], coca["2012"], coca["2024"]));
    }

    [Fact]
    public void The_departments_hold_the_checks_of_the_survey()
    {
        var coca = Rows("sources/coca_ha_department_1999_2024.csv");
        double Ha(string code, string year) => Number(coca.Single(r => r["department_code"] == code && r["year"] == year)["coca_ha"]);
        Assert.Equal((66022, 4386), (Ha("86", "2000"), Ha("86", "2004")));
        Assert.Equal((9343, 17628), (Ha("52", "2000"), Ha("52", "2003")));
        Assert.Equal(144807, coca.Where(r => r["year"] == "2001").Sum(r => Number(r["coca_ha"])), 1.0);
        Assert.Equal(68027, coca.Where(r => r["year"] == "2009").Sum(r => Number(r["coca_ha"])), 1.0);
    }

    [Fact]
    public void The_Andes_leaked_what_was_published()
    {
        var coca = Rows("sources/andean_coca_ha_1990_2003.csv").Where(r => r["unit"] == "ha coca").ToDictionary(r => (r["country"], r["year"]), r => Number(r["value"]));
        double Change(string country) => coca[(country, "2000")] - coca[(country, "1990")];
        Assert.Equal(1.085, -Change("Colombia") / (Change("Peru") + Change("Bolivia")), 0.0005);
    }

    [Fact]
    public void Every_prior_is_ordered_sourced_and_names_its_distribution()
    {
        var priors = Rows("published/priors.csv");
        Assert.Equal(priors.Count, priors.Select(p => p["key"]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(priors, p => Assert.Null(PriorFault(p)));
    }

    [Theory]
    [InlineData("0.5", "0.6", "0.9", "triangular", "source", "order")]
    [InlineData("0.5", "0.01", "0.9", "triangular", "source", "distribution")]
    [InlineData("0.5", "0.1", "0.9", "triangular", "", "source")]
    public void A_broken_prior_is_reported(string central, string low, string high, string distribution, string source, string expected) =>
        Assert.Equal(expected, PriorFault(new() { ["central"] = central, ["low"] = low, ["high"] = high, ["distribution"] = distribution, ["source"] = source, ["status"] = "A", ["unit"] = "share" }));

    [Fact]
    public void Every_territory_of_the_homicide_table_has_a_name_row()
    {
        var known = Rows("published/territories.csv").Select(r => r["territory"]).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Rows("sources/homicide_rate_country_1990_2017.csv").Select(r => r["territory"]).Distinct().Where(t => !known.Contains(t)));
    }

    private static string? PriorFault(Dictionary<string, string> prior)
    {
        var (low, central, high) = (Number(prior["low"]), Number(prior["central"]), Number(prior["high"]));
        if (!(low <= central && central <= high)) return "order";
        if (prior["source"].Length == 0 || prior["unit"].Length == 0) return "source";
        if (prior["status"] is not ("A" or "V" or "C")) return "status";
        var spread = low > 0 && high / low > 10;
        return prior["distribution"] switch
        {
            "fixed" => low == high ? null : "distribution",
            "check" or "rank" => null,
            "log-triangular" => spread ? null : "distribution",
            "triangular" => spread ? "distribution" : null,
            _ => "distribution",
        };
    }

    /// <summary>Everything that is wrong between a data folder and the rows of its README.md.</summary>
    private static List<string> Faults(string folder)
    {
        var faults = new List<string>();
        var rows = File.ReadLines(Path.Combine(folder, "README.md")).Select(l => Row().Match(l)).Where(m => m.Success).ToList();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var file = row.Groups["file"].Value;
            if (!listed.Add(file)) faults.Add($"{file} is on the page twice");
            foreach (var part in new[] { "what", "source", "licence", "recipe" })
            {
                if (string.IsNullOrWhiteSpace(row.Groups[part].Value)) faults.Add($"{file} lacks {part}");
            }
            var path = Path.Combine(folder, file);
            if (!File.Exists(path)) faults.Add($"{file} has no file");
            else if (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) != row.Groups["hash"].Value)
                faults.Add($"{file} has changed: if on purpose, run `dotnet run --project data/recipes -- hashes`");
        }
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'));
        faults.AddRange(files.Where(f => f != "README.md" && !f.StartsWith("recipes/", StringComparison.Ordinal) && !f.StartsWith("scenarios/", StringComparison.Ordinal))
            .Where(f => !listed.Contains(f)).Order(StringComparer.Ordinal).Select(f => $"{f} is not on the page"));
        return faults;
    }

    internal static List<Dictionary<string, string>> Rows(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Data, file)).Where(l => l.Length > 0).Select(Cells).ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    internal static string[] Cells(string line) =>
        [.. Cell().Matches(line).Select(m => m.Groups[1].Success ? m.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : m.Groups[2].Value)];

    [GeneratedRegex("""(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))""")]
    private static partial Regex Cell();

    [GeneratedRegex(@"^\| (?<file>[^|]+?) \|(?<what>[^|]*)\|(?<source>[^|]*)\|(?<licence>[^|]*)\|(?<recipe>[^|]*)\| (?<hash>[0-9a-f]{64}) \|$")]
    private static partial Regex Row();
}
