using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public sealed class RoutesCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("routes").FullName;

    private const string Net = """
        <NUMBER OF ZONES> 2
        <NUMBER OF NODES> 4
        <FIRST THRU NODE> 1
        <NUMBER OF LINKS> 5
        <END OF METADATA>
        ~ init term capacity length time b power speed toll type ;
        1 3 1 100 0.00000001 1000000000 1 0 0 1 ;
        1 4 1 100 50 0.02 1 0 0 1 ;
        3 2 1 100 50 0.02 1 0 0 1 ;
        3 4 1 100 10 0.1 1 0 0 1 ;
        4 2 1 100 0.00000001 1000000000 1 0 0 1 ;

        """;

    private const string Trips = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6\n<END OF METADATA>\nOrigin 1\n 2 : 6.0;\n";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string name, string text)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Solve_reports_the_equilibrium_of_Braess_and_writes_its_flows()
    {
        var flows = Path.Combine(folder, "flows.csv");
        var (code, output, _) = CommandLineTests.Run("routes", "solve", "--net", File("net", Net), "--trips", File("trips", Trips), "--gap", "1e-12", "--flows", flows, "--json");
        Assert.Equal(0, code);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.True(result.GetProperty("converged").GetBoolean());
        Assert.Equal(552, result.GetProperty("totalCost").GetDouble(), 1e-4); // 6 trips at 92
        foreach (var key in new[] { "objective", "relativeGap", "iterations", "seconds", "peakMemoryMb" }) Assert.True(result.TryGetProperty(key, out _), key);
        var lines = System.IO.File.ReadAllLines(flows);
        Assert.Equal("from,to,flow,cost", lines[0]);
        Assert.Equal(6, lines.Length);
        Assert.Equal(2, double.Parse(lines[2].Split(',')[2]), 1e-6);
    }

    [Fact]
    public void Every_fault_of_both_files_comes_with_exit_3()
    {
        var (code, output, _) = CommandLineTests.Run("routes", "solve", "--json",
            "--net", File("net", Net.Replace("1 4 1 100 50", "4 4 1 100 -50")), "--trips", File("trips", Trips.Replace("6.0", "nan")));
        Assert.Equal(3, code);
        var codes = JsonDocument.Parse(output).RootElement.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("code").GetString()).ToArray();
        Assert.Equal(["GH7109", "GH7112", "GH7124"], codes);
    }

    [Fact]
    public void Trips_without_a_path_come_with_exit_3()
    {
        var (code, output, _) = CommandLineTests.Run("routes", "solve", "--json", "--net", File("net", Net), "--trips", File("trips", Trips.Replace("Origin 1\n 2", "Origin 2\n 1")));
        Assert.Equal(3, code);
        Assert.Contains("GH7420", output);
    }

    [Fact]
    public void Stopping_early_is_exit_4_with_the_gap()
    {
        var (code, output, _) = CommandLineTests.Run("routes", "solve", "--json", "--net", File("net", Net), "--trips", File("trips", Trips), "--gap", "0", "--rounds", "2");
        Assert.Equal(4, code);
        Assert.False(JsonDocument.Parse(output).RootElement.GetProperty("converged").GetBoolean());
    }

    [Fact]
    public void The_Markovian_equilibrium_nears_Braess_as_theta_rises()
    {
        string net = File("net", Net), trips = File("trips", Trips);
        double TotalCost(string theta)
        {
            var (code, output, _) = CommandLineTests.Run("routes", "solve", "--model", "mte", "--theta", theta, "--net", net, "--trips", trips, "--gap", "1e-10", "--json");
            Assert.Equal(0, code);
            return JsonDocument.Parse(output).RootElement.GetProperty("totalCost").GetDouble();
        }
        double near = Math.Abs(TotalCost("20") - 552), far = Math.Abs(TotalCost("0.1") - 552);
        Assert.True(near < 1 && near < far / 4, $"{near} {far}");
        Assert.Equal(2, CommandLineTests.Run("routes", "solve", "--model", "mte", "--theta", "0", "--net", net, "--trips", trips).Code);
    }

    [Fact]
    public void Surface_costs_are_mean_friction_times_distance()
    {
        // An ESRI ASCII grid needs no other program to make; a sidecar names its coordinate system.
        var friction = File("f.asc", "ncols 3\nnrows 2\nxllcorner 1000\nyllcorner 2000\ncellsize 10\nNODATA_value -9999\n1 2 3\n1 -9999 5\n");
        File("f.prj", "PROJCS[\"p\",GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]],PROJECTION[\"Cylindrical_Equal_Area\"],PARAMETER[\"standard_parallel_1\",30],PARAMETER[\"central_meridian\",0],PARAMETER[\"false_easting\",0],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1]]");
        var target = Path.Combine(folder, "cost.tif");
        var (code, output, error) = CommandLineTests.Run("routes", "surface", friction, "--from", "1005,2015", "--out", target, "--json");
        Assert.True(code == 0, output + error);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(6, result.GetProperty("cells").GetInt64());
        Assert.Equal(5, result.GetProperty("reached").GetInt64());
        Assert.Equal(15 + 10 * Math.Sqrt(2) * 3.5, result.GetProperty("maxCost").GetDouble(), 1e-9);
        using var written = GeoHarm.Stores.Files.GdalRaster.Open(target).OpenReader();
        var cells = new double[6];
        written.Read(new GeoHarm.Spatial.Rasters.RasterWindow(0, 0, 3, 2), cells);
        Assert.Equal([0, 15, 40, 10, -1], cells[..5]);
    }

    [Fact]
    public void A_start_outside_or_on_a_barrier_is_a_fault()
    {
        var friction = File("f.asc", "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n1 -9999\n");
        File("f.prj", "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],UNIT[\"degree\",0.0174532925199433]]");
        var (code, output, _) = CommandLineTests.Run("routes", "surface", friction, "--from", "1.5,0.5", "--from", "9,9", "--out", Path.Combine(folder, "c.tif"), "--json");
        Assert.Equal(3, code);
        Assert.Contains("GH7324", output);
        Assert.Contains("GH7322", output);
        Assert.False(System.IO.File.Exists(Path.Combine(folder, "c.tif")));
    }

    [Fact]
    public void Push_gives_zones_corridors_and_a_check_and_its_lines_join_zones()
    {
        var target = Path.Combine(folder, "push");
        var (code, output, error) = CommandLineTests.Run("routes", "push", "--scenario", "data/scenarios/do-nothing.yaml", "--burden", "tonnes", "--bearer", "Central America", "--out", target, "--json");
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal("tonnes", result.GetProperty("burden").GetString());
        Assert.InRange(result.GetProperty("check").GetProperty("maxRelativeError").GetDouble(), 0, 1e-6);
        Assert.Equal(544, result.GetProperty("zones").GetArrayLength());
        Assert.All(result.GetProperty("zones").EnumerateArray().Take(5), z => Assert.True(z.TryGetProperty("zone", out _) && z.TryGetProperty("name", out _) && z.TryGetProperty("dBurden", out _)));
        var zones = result.GetProperty("zones").EnumerateArray().Select(z => z.GetProperty("zone").GetString()).ToHashSet();
        Assert.All(result.GetProperty("corridors").EnumerateArray(), c => Assert.True(zones.Contains(c.GetProperty("from").GetString()) && zones.Contains(c.GetProperty("to").GetString())));
        using var store = GeoHarm.Stores.GeoPackage.GeoPackageStore.OpenReadOnly(Path.Combine(target, "push.gpkg"));
        var lines = store.Read("push_corridors");
        Assert.All(Enumerable.Range(0, lines.RowCount), r => Assert.Equal(2, lines.GeometryAt(r)!.NumPoints));
        Assert.True(System.IO.File.Exists(Path.Combine(target, "push_zones.csv")));
    }

    [Theory]
    [InlineData("es", "Toneladas por zona")]
    [InlineData("pt", "Toneladas por zona")]
    public void The_push_map_is_drawn_in_the_language_asked_with_its_data_beside(string language, string words)
    {
        var target = Path.Combine(folder, "push.svg");
        var (code, output, error) = CommandLineTests.Run("routes", "push", "--scenario", "data/scenarios/gracias-2011.yaml", "--picture", target, "--lang", language, "--json");
        Assert.True(code == 0, error + output);
        Assert.Contains("<title>" + words, System.IO.File.ReadAllText(target));
        Assert.Contains("d_burden_per_cent", System.IO.File.ReadAllText(Path.Combine(folder, "push.csv")));
        Assert.Contains("from_name", System.IO.File.ReadAllText(Path.Combine(folder, "push-2.csv")));
        using var metadata = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(folder, "push.metadata.json")));
        Assert.Equal(language, metadata.RootElement.GetProperty("language").GetString());
        Assert.Equal(2, CommandLineTests.Run("routes", "push", "--scenario", "data/scenarios/gracias-2011.yaml", "--picture", Path.Combine(folder, "push.docx")).Code);
    }

    [Fact]
    public void The_sweep_writes_and_draws_how_often_each_country_receives_most()
    {
        var (target, picture) = (Path.Combine(folder, "sweep"), Path.Combine(folder, "sweep.png"));
        var (code, output, error) = CommandLineTests.Run("routes", "sweep", "--scenario", "data/scenarios/do-nothing.yaml", "--places", "CRI", "PAN", "--out", target, "--picture", picture, "--json");
        Assert.True(code == 0, error + output);
        var ranks = System.IO.File.ReadAllLines(Path.Combine(target, "sweep_ranks.csv")).Skip(1).Select(l => l.Split(',')).ToArray();

        // Two policies: the shares of the first rank are halves or wholes and sum to one.
        Assert.Equal(1, ranks.Sum(r => double.Parse(r[2], System.Globalization.CultureInfo.InvariantCulture)), 12);
        var first = JsonDocument.Parse(output).RootElement.GetProperty("variants").EnumerateArray().Where(v => v.GetProperty("level").GetString() == "country").Select(v => v.GetProperty("countries")[0].GetProperty("zone").GetString()).ToArray();
        Assert.Equal(2, first.Length);
        Assert.Contains(ranks[0][0], first);
        Assert.True(new System.IO.FileInfo(picture).Length > 20_000);
    }

    [Fact]
    public void Sweep_names_who_receives_with_capacity_beside()
    {
        var (code, output, error) = CommandLineTests.Run("routes", "sweep", "--scenario", "data/scenarios/do-nothing.yaml", "--places", "CRI", "--from", "Andes", "--control", "0.4", "--json");
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.InRange(result.GetProperty("maxBalanceError").GetDouble(), 0, 1e-9);
        var country = result.GetProperty("variants").EnumerateArray().First(v => v.GetProperty("unit").GetString() == "CRI");
        var recipient = country.GetProperty("countries")[0];
        Assert.True(recipient.GetProperty("gain").GetDouble() > 0 && recipient.GetProperty("homicideRate").GetDouble() > 0);
        Assert.Equal("structure not validated", result.GetProperty("mark").GetString());
        Assert.Equal(2, CommandLineTests.Run("routes", "sweep", "--scenario", "data/scenarios/do-nothing.yaml", "--places", "Atlantis").Code);
    }

    [Fact]
    public void Simulate_gives_tables_by_step_country_and_zone_and_compares_with_observed_series()
    {
        var target = Path.Combine(folder, "simulate");
        var (code, output, error) = CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--replicates", "2", "--months", "48", "--seed", "9", "--out", target, "--json");
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal((48, 2, 9), (result.GetProperty("months").GetInt32(), result.GetProperty("replicates").GetInt32(), result.GetProperty("seed").GetInt32()));
        Assert.InRange(result.GetProperty("maxBalanceError").GetDouble(), 0, 1e-10);
        var series = Assert.Single(result.GetProperty("series").EnumerateArray()); // only Costa Rica has three years before 2004
        Assert.Equal("Costa Rica", series.GetProperty("name").GetString());
        Assert.InRange(series.GetProperty("correlation").GetDouble(), -1, 1);
        Assert.Equal(series.GetProperty("correlation").GetDouble(), result.GetProperty("skill").GetProperty("meanCorrelation").GetDouble());
        Assert.Equal(48, result.GetProperty("steps").GetArrayLength());
        Assert.Equal((87, 544), (result.GetProperty("countries").GetArrayLength(), result.GetProperty("zones").GetArrayLength()));
        var year = result.GetProperty("countries")[0].GetProperty("years")[3].GetProperty("sentIn");
        Assert.True(year.GetProperty("low").GetDouble() <= year.GetProperty("value").GetDouble() && year.GetProperty("value").GetDouble() <= year.GetProperty("high").GetDouble());
        Assert.Contains(result.GetProperty("caveats").EnumerateArray(), c => c.GetString()!.Contains("Months are steps of a model", StringComparison.Ordinal));
        using var store = GeoHarm.Stores.GeoPackage.GeoPackageStore.OpenReadOnly(Path.Combine(target, "simulate.gpkg"));
        Assert.Equal((544, 48 * 87, 48 * 544, 3), (store.Read("simulate_zones").RowCount, store.Read("simulate_country_months").RowCount, store.Read("simulate_zone_months").RowCount, store.Read("simulate_series").RowCount));
        Assert.True(System.IO.File.Exists(Path.Combine(target, "simulate_country_months.csv")));
        Assert.Equal(2, CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--replicates", "0").Code);
        Assert.Equal(2, CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--months", "0").Code);
    }

    [Fact]
    public void The_experiment_on_hardening_stands_beside_the_published_finding_and_names_no_zone()
    {
        var (code, output, error) = CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--experiment", "soar", "--replicates", "1", "--months", "26", "--json");
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["none", "few", "few-by-lot", "randomised", "spread", "half", "all"], result.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Contains("SOAR", result.GetProperty("published").GetProperty("finding").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"zone\"", output, StringComparison.Ordinal);
        Assert.Equal(2, CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--experiment", "soar", "--months", "24").Code);
        Assert.Equal(2, CommandLineTests.Run("routes", "simulate", "--scenario", "data/scenarios/transit-2000.yaml", "--experiment", "patrol").Code);
    }

    [Fact]
    public void Backcast_compares_every_structure_with_what_was_observed()
    {
        var (code, output, error) = CommandLineTests.Run("routes", "backcast", "--scenario", "data/scenarios/antilles-2003.yaml", "--draws", "2", "--json");
        Assert.True(code == 0, error + output);
        var series = JsonDocument.Parse(output).RootElement.GetProperty("series");
        Assert.Equal(["reference", "layered", "wardrop"], series.EnumerateArray().Select(s => s.GetProperty("structure").GetString()));
        Assert.Equal(2, CommandLineTests.Run("routes", "backcast", "--scenario", "data/scenarios/do-nothing.yaml").Code);
    }

    [Fact]
    public void Allocate_answers_with_options_prices_and_layers_by_place_and_year()
    {
        var target = Path.Combine(folder, "allocate");
        string[] call = ["routes", "allocate", "--scenario", "data/scenarios/do-nothing.yaml", "--burden", "tonnes", "--bearer", "Central America", "--places", "CRI", "PAN", "--draws", "1", "--json"];
        var (code, output, error) = CommandLineTests.Run([.. call, "--out", target]);
        Assert.True(code == 0, error + output);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.True(result.GetProperty("converged").GetBoolean());
        foreach (var aim in new[] { "total", "minimax" })
        {
            var answer = result.GetProperty(aim);
            var options = answer.GetProperty("options").EnumerateArray().ToArray();
            Assert.Equal(["nothing", "pure", "spread", "part", "mixed", "reduced"], options.Select(o => o.GetProperty("name").GetString()));
            var spread = options[2];
            Assert.InRange(spread.GetProperty("relativeGap").GetDouble(), 0, 1e-4);
            Assert.Equal(0.7, spread.GetProperty("units").EnumerateArray().Sum(u => u.GetProperty("hazard").GetDouble()), 1e-4);
            Assert.True(spread.GetProperty("value").GetDouble() <= options[1].GetProperty("value").GetDouble() * (1 + 1e-4));
            Assert.True(spread.GetProperty("shadowPriceOverDraws").GetProperty("low").GetDouble() <= spread.GetProperty("shadowPriceOverDraws").GetProperty("high").GetDouble());
            Assert.Contains(answer.GetProperty("choice").GetString(), options.Select(o => o.GetProperty("name").GetString()));
        }
        Assert.Equal(3, result.GetProperty("draws").GetInt32());
        Assert.InRange(result.GetProperty("check").GetProperty("maxRelativeError").GetDouble(), 0, 1e-6);
        Assert.Equal("structure not validated", result.GetProperty("mark").GetString());
        using var store = GeoHarm.Stores.GeoPackage.GeoPackageStore.OpenReadOnly(Path.Combine(target, "allocation.gpkg"));
        Assert.Equal((544, 2), (store.Read("allocation_zones").RowCount, store.Read("allocation_units").RowCount));
        Assert.True(System.IO.File.Exists(Path.Combine(target, "allocation_units.csv")));
        foreach (var wrong in new string[][] { ["--budget", "0"], ["--places", "Atlantis"], ["--places", "CRI.GU"], ["--draws", "-1"] }) Assert.Equal(2, CommandLineTests.Run([.. call[..8], .. wrong, "--json"]).Code);
    }
}
