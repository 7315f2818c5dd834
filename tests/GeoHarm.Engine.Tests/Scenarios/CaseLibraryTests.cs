using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Engine.Tests.Scenarios;

public class CaseLibraryTests
{
    private static readonly Zones Zones = new(RealStudy.Read("zones"));
    private static readonly IReadOnlyList<PastCase> Library = CaseLibrary.Read(Directory.EnumerateFiles(Path.Combine(SmallStudy.Repository(), "data", "cases"), "*.yaml").Select(f => (Path.GetFileName(f), File.ReadAllText(f))));

    private static IReadOnlyList<LikeCase> Like(string policy, IReadOnlyList<PastCase>? cases = null) =>
        CaseLibrary.Like(cases ?? Library, ScenarioReader.Read($"name: test\nyears: {{baseline: 2005, to: 2006}}\npolicy: {policy}\n", "test.yaml"), Zones);

    private static PastCase Case(string id, string instrument, string market, string zone, string strength = "account") =>
        new(id, id, "", zone.Length == 0 ? [] : [zone], [zone.Length == 0 ? "THA" : zone.Split('.')[0]], 2000, 2001, instrument, market, "", [], "", strength, ["a source"]);

    [Fact]
    public void By_hand_each_of_four_things_counts_one_and_two_are_needed()
    {
        var like = Like("[{instrument: aerial-spraying, places: [COL.PU], years: 2006, hectares: 100}]",
        [
            Case("all", "aerial-spraying", "coca", "COL.PU"), Case("country", "aerial-spraying", "coca", "COL.NA"), Case("market", "manual-eradication", "coca", "PER.SM"),
            Case("method", "aerial-spraying", "opium", "COL.ME"), Case("place", "interdiction", "cocaine", "COL.PU"), Case("nothing", "interdiction", "cocaine", "NLD"),
        ]);
        Assert.Equal([("all", 4), ("country", 3), ("method", 2), ("place", 2)], like.Select(l => (l.Case.Id, l.Matches)));
        Assert.Equal((true, true, true, false), (like[1].SameInstrument, like[1].SameMarket, like[1].SameCountry, like[1].SameZone));
        Assert.Equal((false, false, true, true), (like[3].SameInstrument, like[3].SameMarket, like[3].SameCountry, like[3].SameZone));
    }

    [Fact]
    public void Of_equals_the_stronger_evidence_comes_first_and_the_order_of_the_files_changes_nothing()
    {
        PastCase[] cases = [Case("a", "interdiction", "cocaine", "", "contested"), Case("b", "interdiction", "cocaine", "", "account"), Case("c", "interdiction", "cocaine", "", "compared"), Case("d", "interdiction", "cocaine", "", "measured"), Case("e", "interdiction", "cocaine", "", "measured")];
        const string Policy = "[{instrument: interdiction, places: [MEX], years: 2006, control: 0.5}]";
        Assert.Equal(["c", "d", "e", "b", "a"], Like(Policy, cases).Select(l => l.Case.Id));
        Assert.Equal(["c", "d", "e", "b", "a"], Like(Policy, [.. cases.Reverse()]).Select(l => l.Case.Id));
    }

    [Fact]
    public void Places_given_as_regions_countries_or_codes_find_their_cases()
    {
        Assert.Equal("west-africa-transit", Like("[{instrument: interdiction, places: [West Africa], years: 2006, control: 0.5}]")[0].Case.Id);
        Assert.Equal("putumayo-narino", Like("[{instrument: aerial-spraying, places: [\"dane:86\"], years: 2006, hectares: 100}]")[0].Case.Id);
        Assert.Equal("yurumangui", Like("[{instrument: voluntary-eradication, places: [COL.VC], years: 2006, hectares: 100}]")[0].Case.Id);
        Assert.Empty(Like("[]"));
    }

    [Theory]
    [InlineData("antilles-2003.yaml", "antilles-schiphol", 4)]
    [InlineData("putumayo-2000.yaml", "putumayo-narino", 4)]
    public void A_scenario_of_the_past_finds_its_own_history_first(string file, string id, int matches)
    {
        var scenario = ScenarioReader.Read(File.ReadAllText(Path.Combine(SmallStudy.Repository(), "data", "scenarios", file)), file);
        var like = CaseLibrary.Like(Library, scenario, Zones);
        Assert.Equal((id, matches), (like[0].Case.Id, like[0].Matches));
        var table = CaseLibrary.Table(like);
        Assert.Equal(like.Count, table.RowCount);
        Assert.Equal(("yes", "yes"), (table["same_instrument"].TextAt(0), table["same_zone"].TextAt(0)));
        Assert.All(like.Zip(like.Skip(1)), pair => Assert.True(pair.First.Matches >= pair.Second.Matches));
    }
}
