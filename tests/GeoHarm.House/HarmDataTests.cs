using System.Text.Json;
using GeoHarm.Stores.GeoPackage;
using YamlDotNet.RepresentationModel;

namespace GeoHarm.House;

/// <summary>The harm tables speak one language and hold what the workshop asked for; every case has the form of its schema.</summary>
public class HarmDataTests
{
    private static readonly string[] Required = ["incarceration", "killings by the state", "fragmentation", "food", "licit crops", "psychological", "trust in"];

    [Fact]
    public void Every_word_of_the_taxonomy_is_defined()
    {
        var taxonomy = DataTests.Rows("harm/taxonomy.csv");
        var bearers = DataTests.Rows("harm/bearers.csv").ToDictionary(b => b["bearer"], b => b["kinds"].Split(';'), StringComparer.Ordinal);
        var threats = DataTests.Rows("harm/threats.csv").Select(t => t["threat"]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(6, threats.Count);
        Assert.Equal(taxonomy.Count, taxonomy.Select(t => t["id"]).Distinct().Count());
        Assert.All(taxonomy, t =>
        {
            Assert.Contains(t["kind"], bearers[t["bearer"]]);
            Assert.Contains(t["threat"], threats);
            Assert.Contains(t["cause"], (string[])["activity", "policy", "both"]);
            Assert.Contains(t["proximity"], (string[])["proximate", "remote"]);
            Assert.NotEmpty(t["source"]);
        });
        Assert.All(threats, threat => Assert.Contains(taxonomy, t => t["threat"] == threat));
    }

    [Fact]
    public void Every_rule_is_of_the_taxonomy_word_for_word()
    {
        var taxonomy = DataTests.Rows("harm/taxonomy.csv").ToDictionary(t => t["id"], StringComparer.Ordinal);
        var severities = DataTests.Rows("harm/severity.csv").Select(s => s["level"]).ToList();
        var rules = DataTests.Rows("harm/rules.csv");
        Assert.All(rules, r =>
        {
            Assert.True(taxonomy.TryGetValue(r["id"], out var t), $"harm/taxonomy.csv lacks {r["id"]}: add its row");
            Assert.All(new[] { "activity", "harm", "kind", "bearer", "threat", "cause", "proximity" }, field => Assert.Equal(r[field], t![field]));
            Assert.Equal("rule", t!["how"]);
            Assert.Contains(r["severity"], severities);
        });
        Assert.Equal(rules.Count, taxonomy.Values.Count(t => t["how"] == "rule"));
    }

    [Fact]
    public void The_harms_that_are_easily_forgotten_are_there() => Assert.Empty(Missing(DataTests.Rows("harm/taxonomy.csv").Select(t => t["harm"])));

    [Fact]
    public void A_forgotten_harm_is_reported() => Assert.Equal(Required.Length - 1, Missing(["food insecurity"]).Count());

    [Fact]
    public void No_option_of_the_workshop_is_hidden_because_a_number_is_missing()
    {
        string[] wanted =
        [
            "do nothing", "aerial spraying", "manual eradication", "interdiction", "alternative development", "proper sequencing", "community-led eradication", "tolerated or rationalised cultivation",
            "decriminalised growers", "focused deterrence on the most violent", "mid-level instead of high-value targets", "sparing small operators", "discretion for low-level offenders",
        ];
        var options = DataTests.Rows("harm/options.csv");
        var threats = DataTests.Rows("harm/threats.csv").Select(t => t["threat"]).ToList();
        Assert.Equal(wanted, options.Select(o => o["option"]));
        Assert.All(options, o =>
        {
            Assert.NotEmpty(o["reason"]);
            Assert.NotEmpty(o["source"]);
            // What a scenario computes has no rating that could contradict it; what none can has one for every threat.
            Assert.Equal(o["how"] == "computed", o["scenario"].Length > 0);
            Assert.All(threats, t => Assert.Contains(o[t], o["how"] == "computed" ? [""] : (string[])["less", "more", "unknown"]));
        });
        Assert.Equal(6, options.Count(o => o["how"] == "rated"));
    }

    [Fact]
    public void Scales_and_matrix_agree()
    {
        var severities = DataTests.Rows("harm/severity.csv").Select(s => s["level"]);
        var incidences = DataTests.Rows("harm/incidence.csv").Select(s => s["level"]).ToList();
        var cells = DataTests.Rows("harm/matrix_gp.csv").Select(c => (c["severity"], c["incidence"])).ToHashSet();
        Assert.Equal(25, cells.Count);
        Assert.All(severities, s => Assert.All(incidences, i => Assert.Contains((s, i), cells)));
    }

    [Theory]
    [InlineData("catastrophic", "E E H H M")]
    [InlineData("critical", "E H H M L")]
    [InlineData("marginal", "H M M L L")]
    [InlineData("negligible", "M L L L L")]
    public void The_matrix_of_the_army_is_the_published_one(string severity, string row)
    {
        var matrix = DataTests.Rows("harm/matrix_army.csv").ToDictionary(c => (c["severity"], c["incidence"]), c => c["priority"]);
        Assert.Equal(20, matrix.Count);
        string[] columns = ["frequent", "likely", "occasional", "seldom", "unlikely"];
        Assert.Equal(row, string.Join(' ', columns.Select(c => char.ToUpperInvariant(matrix[(severity, c)][0]))));
    }

    public static TheoryData<string> Cases() => [.. Repository.Files("data/cases", "*.yaml").Select(Path.GetFileNameWithoutExtension).Select(id => id!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_case_has_the_form_of_its_schema(string id)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "data", "cases", id + ".yaml"));
        Assert.Empty(Faults(text));
        Assert.Equal(id, Field(Record(text), "id"));
    }

    [Fact]
    public void A_case_names_zones_of_the_study()
    {
        using var study = GeoPackageStore.OpenReadOnly(Path.Combine(Repository.Root, "data", "study", "study.gpkg"));
        var zones = study.Read("zones");
        var known = Enumerable.Range(0, zones.RowCount).Select(r => zones["zone"].TextAt(r)).ToHashSet();
        var named = Repository.Files("data/cases", "*.yaml").SelectMany(f => ((YamlSequenceNode)Record(File.ReadAllText(f)).Children["zones"]).Select(z => z.ToString())).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(z => !known.Contains(z)));
    }

    [Fact]
    public void What_a_report_says_of_a_case_has_words_in_every_language()
    {
        using var phrases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src/GeoHarm.Maps/Reports/phrases.json")));
        var known = phrases.RootElement.EnumerateArray().Select(p => p.GetProperty("en").GetString()).ToHashSet();
        var said = Repository.Files("data/cases", "*.yaml").Select(f => Record(File.ReadAllText(f))).SelectMany(c => new[] { Field(c, "title"), Field(c, "outcome").Trim() }).ToList();
        Assert.True(said.Count > 40);
        Assert.Empty(said.Where(text => !known.Contains(text)));
        Assert.DoesNotContain("Coca went away.", known);
    }

    [Fact]
    public void A_broken_case_is_reported()
    {
        var text = File.ReadAllText(Repository.Files("data/cases", "*.yaml").First());
        Assert.NotEmpty(Faults(text.Replace("strength_of_evidence:", "strength:", StringComparison.Ordinal)));
        Assert.NotEmpty(Faults(text.Replace("basis: ", "basis: hearsay or ", StringComparison.Ordinal)));
        Assert.NotEmpty(Faults(text[..text.IndexOf("sources:", StringComparison.Ordinal)]));
    }

    private static IEnumerable<string> Missing(IEnumerable<string> harms) =>
        Required.Where(word => !harms.Any(h => h.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static YamlMappingNode Record(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Field(YamlMappingNode record, string name) => record.Children.TryGetValue(name, out var value) ? value.ToString() : "";

    private static List<string> Faults(string text)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "data", "cases", "case.schema.json")));
        return Check(Record(text), schema.RootElement, "case");
    }

    /// <summary>The part of JSON Schema that the case schema uses: required, properties, additionalProperties, items, enum, minItems, maxItems, pattern, integer.</summary>
    private static List<string> Check(YamlNode node, JsonElement schema, string at)
    {
        var faults = new List<string>();
        if (schema.TryGetProperty("properties", out var properties))
        {
            if (node is not YamlMappingNode map) return [$"{at} is not a record"];
            faults.AddRange(schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!).Where(r => !map.Children.ContainsKey(r)).Select(r => $"{at} lacks {r}"));
            foreach (var (key, value) in map.Children)
            {
                if (properties.TryGetProperty(key.ToString(), out var part)) faults.AddRange(Check(value, part, $"{at}.{key}"));
                else faults.Add($"{at} has unknown {key}");
            }
            return faults;
        }
        if (schema.TryGetProperty("items", out var items))
        {
            if (node is not YamlSequenceNode list) return [$"{at} is not a list"];
            if (schema.TryGetProperty("minItems", out var least) && list.Children.Count < least.GetInt32()) faults.Add($"{at} is too short");
            if (schema.TryGetProperty("maxItems", out var most) && list.Children.Count > most.GetInt32()) faults.Add($"{at} is too long");
            return [.. faults, .. list.Children.SelectMany((n, i) => Check(n, items, $"{at}[{i}]"))];
        }
        var text = node is YamlScalarNode scalar ? scalar.Value ?? "" : "";
        if (text.Length == 0) faults.Add($"{at} is empty");
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => w.GetString() == text)) faults.Add($"{at} is '{text}'");
        if (schema.TryGetProperty("pattern", out var pattern) && !System.Text.RegularExpressions.Regex.IsMatch(text, pattern.GetString()!)) faults.Add($"{at} is '{text}'");
        if (schema.TryGetProperty("type", out var type) && type.GetString() == "integer" && !int.TryParse(text, out _)) faults.Add($"{at} is no whole number");
        return faults;
    }
}
