using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;

namespace GeoHarm.House;

/// <summary>What data/study promises to whoever computes with it: keys, counts, a network that holds together and crosses no land.</summary>
public sealed class StudyDataTests : IDisposable
{
    /// <summary>The backbone of the Americas from the Arctic to Cape Horn: what crosses it by sea goes through the canal.</summary>
    private static readonly LineString Divide = new(
    [
        new(-115, 60), new(-106, 30), new(-100, 20), new(-95, 17), new(-91, 15), new(-86.5, 14.5), new(-85.5, 12.6), new(-84, 10), new(-82, 8.6), new(-80.3, 8.7),
        new(-79.6, 9.05), new(-78.5, 9.1), new(-77.4, 7.6), new(-76, 5), new(-75.5, 0), new(-78, -5), new(-70, -17), new(-69.5, -30), new(-71.5, -45), new(-72, -51),
    ]);

    private readonly GeoPackageStore study = GeoPackageStore.OpenReadOnly(Path.Combine(Repository.Root, "data", "study", "study.gpkg"));

    public void Dispose() => study.Dispose();

    [Fact]
    public void Every_department_has_its_zone()
    {
        var zones = study.Read("zones");
        var departments = Texts(zones, "dane").Where(d => d is not null).ToList();
        Assert.Equal(33, departments.Distinct().Count());
        Assert.All(departments, d => Assert.Equal(2, d!.Length));
        Assert.Empty(Texts(study.Read("coca_department"), "dane").Except(departments));
        Assert.Empty(Texts(study.Read("forest_loss_department"), "dane").Except(departments));
    }

    [Fact]
    public void Zones_are_unique_valid_and_named_with_their_accents()
    {
        var zones = study.Read("zones");
        Assert.Equal(zones.RowCount, Texts(zones, "zone").Distinct().Count());
        Assert.All(Enumerable.Range(0, zones.RowCount), r => Assert.True(zones.GeometryAt(r)!.IsValid, zones["zone"].TextAt(r)));
        Assert.Contains("Nariño", Texts(zones, "name"));
        Assert.Contains("Curaçao", Texts(zones, "name"));
        Assert.All(Enumerable.Range(0, zones.RowCount), r => Assert.True(zones.GeometryAt(r)!.Distance(new Point(zones["lon"].Number(r), zones["lat"].Number(r))) < 1e-3, zones["zone"].TextAt(r)));
    }

    [Fact]
    public void Colombia_has_its_area() =>
        Assert.Equal(1_142_000, Rows(study.Read("zones")).Where(r => r("country") == "COL").Sum(r => double.Parse(r("area_km2")!, System.Globalization.CultureInfo.InvariantCulture)), 1_142_000 * 0.01);

    [Fact]
    public void Links_join_known_zones_once_a_mode_and_none_is_shorter_than_allowed()
    {
        var zones = Texts(study.Read("zones"), "zone").ToHashSet();
        var links = study.Read("links");
        Assert.Equal(links.RowCount, Rows(links).Select(r => (r("a"), r("b"), r("mode"))).Distinct().Count());
        Assert.All(Rows(links), r => Assert.True(zones.Contains(r("a")) && zones.Contains(r("b")) && string.CompareOrdinal(r("a"), r("b")) < 0));
        Assert.All(links["length_km"].Reals.ToArray(), km => Assert.InRange(km, 25, 25_000));
        Assert.Equal(["air", "boat", "land", "ship"], Texts(links, "mode").Distinct().Order());
    }

    [Fact]
    public void Every_zone_reaches_a_consumer()
    {
        var zones = study.Read("zones");
        var links = Rows(study.Read("links")).Select(r => (r("a")!, r("b")!)).ToList();
        var consumers = Rows(zones).Where(r => r("consumer") is not null).Select(r => r("zone")!).ToList();
        Assert.Empty(Texts(zones, "zone").Except(Reached(consumers, links)));
        Assert.NotEmpty(Texts(zones, "zone").Except(Reached(consumers, [.. links.Where(l => l.Item1 != "COL.SA" && l.Item2 != "COL.SA")])));
    }

    [Fact]
    public void Only_the_canal_crosses_the_Americas()
    {
        var lanes = study.Read("sea_lanes");
        var crossing = Enumerable.Range(0, lanes.RowCount).Select(r => lanes.GeometryAt(r)!).Where(l => l.Intersects(Divide)).ToList();
        Assert.NotEmpty(crossing);
        Assert.All(crossing, l => Assert.True(l.Intersection(Divide).Distance(new Point(-79.6, 9.05)) < 0.3, l.ToText()));
    }

    [Theory]
    [InlineData("COL.BL", "PAN.DR")]
    [InlineData("JAM", "CRI.PU")]
    [InlineData("JAM", "CRI.GU")]
    [InlineData("COL.NA", "COL.AT")]
    [InlineData("CRI.LI", "CRI.GU")]
    [InlineData("PAN.CL", "PAN.06")]
    [InlineData("PAN.09", "PAN.06")]
    public void No_boat_crosses_the_isthmus(string caribbean, string pacific) =>
        Assert.DoesNotContain(Rows(study.Read("links")), r => r("mode") == "boat" && (r("a"), r("b")) is var (a, b) && ((a == caribbean && b == pacific) || (a == pacific && b == caribbean)));

    [Fact]
    public void The_canal_shortens_the_way_from_the_Pacific_to_the_Caribbean()
    {
        var km = Rows(study.Read("links")).Single(r => r("mode") == "ship" && r("a") == "COL.VC" && r("b") == "NLD")("length_km");
        Assert.InRange(double.Parse(km!, System.Globalization.CultureInfo.InvariantCulture), 8_500, 11_000);
    }

    [Fact]
    public void The_tables_hold_what_their_sources_hold()
    {
        double Coca(string dane, string year) => study.Read("coca_department", new LayerQuery(Equal: new Dictionary<string, string> { ["dane"] = dane, ["year"] = year }))["coca_ha"].Number(0);
        Assert.Equal((66022, 4386, 9343, 17628), (Coca("86", "2000"), Coca("86", "2004"), Coca("52", "2000"), Coca("52", "2003")));
        Assert.Equal("CC-BY-SA-4.0", study.Read("coca_department").Provenance.Licence);
        var antilles = Rows(study.Read("governance")).Single(r => r("country") == "ANT" && r("year") == "2003");
        Assert.Contains("2010", antilles("note"), StringComparison.Ordinal);
        Assert.NotNull(antilles("rule_of_law"));
        Assert.All(Rows(study.Read("transit_series")).Where(r => r("level") != "country"), r => Assert.NotNull(r("zone")));
    }

    [Theory]
    [InlineData("priors", "published/priors.csv")]
    [InlineData("national_coca", "published/national_coca.csv")]
    [InlineData("regional_shares", "published/regional_shares.csv")]
    public void The_package_is_as_new_as_the_published_tables(string table, string file)
    {
        var layer = study.Read(table);
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "data", file)).Skip(1).Where(l => l.Length > 0).Select(DataTests.Cells).ToList();
        var stale = "run `dotnet run --project data/recipes -- tables`";
        Assert.True(lines.Count == layer.RowCount, stale);
        for (var row = 0; row < lines.Count; row++)
        {
            for (var c = 0; c < layer.Columns.Count; c++)
            {
                var column = layer.Columns[c];
                var same = column.Type == FieldType.Text ? (column.TextAt(row) ?? "") == lines[row][c]
                    : lines[row][c].Length == 0 ? column.IsNull(row) : column.Number(row) == double.Parse(lines[row][c], System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(same, $"{file} line {row + 2} {column.Name}: {stale}");
            }
        }
    }

    [Fact]
    public void Nothing_lies_beside_the_package() =>
        Assert.Empty(Directory.GetFiles(Path.Combine(Repository.Root, "data", "study"), "study.gpkg-*"));

    private static HashSet<string> Reached(IEnumerable<string> starts, List<(string A, string B)> links)
    {
        var next = links.Concat(links.Select(l => (A: l.B, B: l.A))).ToLookup(l => l.A, l => l.B);
        var reached = starts.ToHashSet(StringComparer.Ordinal);
        var queue = new Queue<string>(reached);
        while (queue.TryDequeue(out var at))
        {
            foreach (var to in next[at].Where(reached.Add)) queue.Enqueue(to);
        }
        return reached;
    }

    private static IEnumerable<string?> Texts(Layer layer, string column) => Enumerable.Range(0, layer.RowCount).Select(layer[column].TextAt);

    private static IEnumerable<Func<string, string?>> Rows(Layer layer) => Enumerable.Range(0, layer.RowCount).Select(r => (Func<string, string?>)(c => layer[c].TextAt(r)));
}
