using System.Text.Json;

namespace GeoHarm.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private const string Sound = "CODDEPTO,DEPARTAMENTO,CODMPIO,MUNICIPIO,2002,2003,2004\n05,ANTIOQUIA,05031,AMALFI,\"1,002.0\",- 0,5.5\n52,NARIÑO,52835,TUMACO,10,20,30\n";
    private readonly string folder = Directory.CreateTempSubdirectory("geoharm-cli-data-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Check_import_and_list_agree()
    {
        var file = Put("coca.csv", Sound);
        var (code, output, error) = CommandLineTests.Run("data", "check", file, "--json");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Empty(error);
        var check = JsonDocument.Parse(output).RootElement.GetProperty("files")[0];
        Assert.Equal("coca-municipal", check.GetProperty("format").GetString());
        Assert.Equal(2, check.GetProperty("rows").GetInt32());
        Assert.Equal([2002, 2003, 2004], check.GetProperty("years").EnumerateArray().Select(y => y.GetInt32()));
        Assert.Equal(1012, check.GetProperty("totals").GetProperty("2002").GetDouble());
        Assert.Equal(2, check.GetProperty("matched").GetInt32());
        Assert.Equal("year 2002", check.GetProperty("faults")[0].GetProperty("feature").GetString());

        var store = Path.Combine(folder, "study.gpkg");
        (code, output, _) = CommandLineTests.Run("data", "import", file, "--into", store, "--json");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal("coca_municipal", JsonDocument.Parse(output).RootElement.GetProperty("layer").GetString());
        Assert.Equal(6, JsonDocument.Parse(output).RootElement.GetProperty("rows").GetInt32());

        (code, output, _) = CommandLineTests.Run("data", "ls", store, "--json");
        Assert.Equal(ExitCode.Ok, code);
        var layer = JsonDocument.Parse(output).RootElement.GetProperty("layers")[0];
        Assert.Equal("open", layer.GetProperty("sensitivity").GetString());
        Assert.Equal(64, layer.GetProperty("sha256").GetString()!.Length);
        Assert.Equal(["coca.csv", "study.gpkg"], Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public void A_bad_file_ends_with_3_all_its_faults_and_no_store()
    {
        var file = Put("coca.csv", Sound + "05,ANTIOQUIA,05031,AMALFI,1,2\n05,ANTIOQUIA,05040,ANORI,-1,x,3\n");
        var store = Path.Combine(folder, "study.gpkg");
        var (code, output, _) = CommandLineTests.Run("data", "import", file, "--into", store, "--json");
        Assert.Equal(ExitCode.Input, code);
        var problem = JsonDocument.Parse(output).RootElement;
        Assert.Equal(3, problem.GetProperty("status").GetInt32());
        string[] codes = [.. problem.GetProperty("faults").EnumerateArray().Where(f => f.GetProperty("severity").GetString() == "error").Select(f => f.GetProperty("code").GetString()!)];
        Assert.Equal(["GH4012", "GH4021", "GH4022"], codes.Order());
        Assert.False(File.Exists(store));
        (code, output, _) = CommandLineTests.Run("data", "check", file, Path.Combine(folder, "absent.csv"), "--json");
        Assert.Equal(ExitCode.Input, code);
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void Strict_makes_warnings_errors()
    {
        var file = Put("coca.csv", Sound);
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("data", "check", file, "--strict").Code);
        Assert.Equal(ExitCode.Input, CommandLineTests.Run("data", "import", file, "--into", Path.Combine(folder, "s.gpkg"), "--strict").Code);
        Assert.False(File.Exists(Path.Combine(folder, "s.gpkg")));
    }

    [Fact]
    public void A_dry_run_writes_nothing_and_a_missing_store_ends_with_5()
    {
        var file = Put("coca.csv", Sound);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("data", "import", file, "--into", Path.Combine(folder, "s.gpkg"), "--dry-run").Code);
        Assert.False(File.Exists(Path.Combine(folder, "s.gpkg")));
        Assert.Equal(ExitCode.StoreOrNetwork, CommandLineTests.Run("data", "ls", Path.Combine(folder, "s.gpkg")).Code);
    }

    [Fact]
    public void A_study_of_ones_own_begins_as_the_embedded_one_and_takes_imports()
    {
        var study = Path.Combine(folder, "mine");
        var (code, output, _) = CommandLineTests.Run("init", study, "--json");
        Assert.Equal(ExitCode.Ok, code);
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("layers").GetArrayLength() > 5);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("init", study).Code);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("data", "import", Put("coca.csv", Sound), "--into", Path.Combine(study, "study.gpkg")).Code);
        (_, output, _) = CommandLineTests.Run("data", "ls", Path.Combine(study, "study.gpkg"), "--json");
        Assert.Contains("coca_municipal", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_ends_in_parquet_takes_layers_as_GeoParquet_and_counts_their_versions()
    {
        var file = Put("towns.csv", "code,people\n05001,10\n05002,20\n");
        var store = Path.Combine(folder, "study.parquet");
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("data", "import", file, "--into", store).Code);
        Assert.Equal(ExitCode.Ok, CommandLineTests.Run("data", "import", file, "--into", store).Code);
        var layer = JsonDocument.Parse(CommandLineTests.Run("data", "ls", store, "--json").Output).RootElement.GetProperty("layers")[0];
        Assert.Equal(("towns", 2, 2), (layer.GetProperty("name").GetString(), layer.GetProperty("rows").GetInt32(), layer.GetProperty("version").GetInt32()));
        Assert.Equal(64, layer.GetProperty("sha256").GetString()!.Length);
        var check = JsonDocument.Parse(CommandLineTests.Run("data", "check", Path.Combine(store, "towns.parquet"), "--json").Output).RootElement.GetProperty("files")[0];
        Assert.Equal(("geoparquet", 2), (check.GetProperty("format").GetString(), check.GetProperty("rows").GetInt32()));
    }

    [Fact]
    public void A_set_that_cannot_be_fetched_comes_with_the_way_to_it()
    {
        var (code, output, _) = CommandLineTests.Run("data", "get", "countries", "--json");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("npm pack", JsonDocument.Parse(output).RootElement.GetProperty("howToObtain").GetString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, CommandLineTests.Run("data", "get", "nothing").Code);
    }

    private string Put(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
