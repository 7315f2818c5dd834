namespace GeoHarm.House;

/// <summary>Arrows go down only; siblings never import each other; packages stay in the rooms that may see them.</summary>
public class FloorTests
{
    private static readonly Dictionary<string, string[]> MaySee = new(StringComparer.Ordinal)
    {
        ["GeoHarm.Spatial"] = [],
        ["GeoHarm.Routing"] = [],
        ["GeoHarm.Gdal"] = [],
        ["GeoHarm.Engine"] = ["GeoHarm.Spatial", "GeoHarm.Routing"],
        ["GeoHarm.Stores"] = ["GeoHarm.Spatial", "GeoHarm.Gdal"],
        ["GeoHarm.Maps"] = ["GeoHarm.Spatial"],
        ["GeoHarm.Service"] = ["GeoHarm.Engine", "GeoHarm.Stores", "GeoHarm.Maps", "GeoHarm.Spatial", "GeoHarm.Routing"],
        ["GeoHarm.Cli"] = ["GeoHarm.Service", "GeoHarm.Engine", "GeoHarm.Stores", "GeoHarm.Maps", "GeoHarm.Spatial", "GeoHarm.Routing", "GeoHarm.Gdal"],
    };

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["GeoHarm.Spatial"] = ["NetTopologySuite", "ProjNET"],
        ["GeoHarm.Routing"] = [],
        ["GeoHarm.Gdal"] = [],
        ["GeoHarm.Engine"] = ["MathNet.Numerics", "YamlDotNet"],
        ["GeoHarm.Stores"] = ["Microsoft.Data.Sqlite", "Npgsql", "Npgsql.NetTopologySuite", "NetTopologySuite.IO.GeoJSON4STJ", "NetTopologySuite.IO.GeoPackage", "CsvHelper", "ParquetSharp", "Apache.Arrow"],
        ["GeoHarm.Maps"] = ["SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "NetTopologySuite.IO.VectorTiles.Mapbox", "protobuf-net", "ScottPlot", "Microsoft.Data.Sqlite"],
        ["GeoHarm.Cli"] = ["System.CommandLine"],
    };

    [Fact]
    public void Every_project_sees_only_the_floors_below_it() => Assert.Empty(Violations(Repository.SourceProjects().Values));

    [Fact]
    public void A_sibling_import_is_reported() =>
        Assert.Contains(Violations([new ProjectFile("GeoHarm.Maps", ["GeoHarm.Engine"], [])]), v => v.Contains("GeoHarm.Maps -> GeoHarm.Engine", StringComparison.Ordinal));

    [Fact]
    public void A_package_in_the_wrong_room_is_reported() =>
        Assert.Contains(Violations([new ProjectFile("GeoHarm.Routing", [], ["MathNet.Numerics"])]), v => v.Contains("MathNet.Numerics", StringComparison.Ordinal));

    [Fact]
    public void An_unplanned_project_is_reported() =>
        Assert.Contains(Violations([new ProjectFile("GeoHarm.Common", [], [])]), v => v.Contains("no room", StringComparison.Ordinal));

    [Fact]
    public void Every_source_project_has_its_test_project() =>
        Assert.Empty(Repository.SourceProjects().Keys.Where(p => !File.Exists(Path.Combine(Repository.Root, "tests", p + ".Tests", p + ".Tests.csproj"))));

    private static List<string> Violations(IEnumerable<ProjectFile> projects)
    {
        var found = new List<string>();
        foreach (var project in projects)
        {
            if (!MaySee.TryGetValue(project.Name, out var below)) { found.Add($"{project.Name}: no room in the house"); continue; }
            found.AddRange(project.Projects.Except(below).Select(p => $"{project.Name} -> {p}: not a floor below"));
            found.AddRange(project.Packages.Except(MayUse[project.Name]).Select(p => $"{project.Name} uses {p}: not its dependency"));
        }
        return found;
    }
}
