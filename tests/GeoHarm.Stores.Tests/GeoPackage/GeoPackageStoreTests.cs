using System.Diagnostics;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Stores.Tests.GeoPackage;

public sealed class GeoPackageStoreTests : LayerStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder["study.gpkg"];

    public void Dispose() => folder.Dispose();

    protected override ILayerStore Open() => GeoPackageStore.Open(File);

    [Fact]
    public void A_closed_store_leaves_one_file()
    {
        using (var store = Open()) store.Write(SampleLayers.Everything());
        Assert.Equal(["study.gpkg"], folder.Files());
    }

    [Fact]
    public void Reading_only_makes_no_file_beside_the_store_even_in_a_folder_without_write_permission()
    {
        using (var store = Open()) store.Write(SampleLayers.Everything());
        var before = System.IO.File.ReadAllBytes(File);
        var mode = System.IO.File.GetUnixFileMode(folder.Root);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead);
        System.IO.File.SetUnixFileMode(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using var store = GeoPackageStore.OpenReadOnly(File);
            SampleLayers.AssertSame(SampleLayers.Everything(), store.Read("everything"));
            Assert.Equal(["study.gpkg"], folder.Files());
            Assert.Throws<StoreException>(() => store.Write(SampleLayers.Table()));
        }
        finally
        {
            System.IO.File.SetUnixFileMode(folder.Root, mode);
        }
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_path_with_characters_of_an_address_is_read()
    {
        var odd = folder["a b%20#x?y=1&ñ.gpkg"];
        using (var store = GeoPackageStore.Open(odd)) store.Write(SampleLayers.Table());
        using var again = GeoPackageStore.OpenReadOnly(odd);
        Assert.Equal(100, again.Read("table").RowCount);
    }

    [Fact]
    public void A_file_that_is_no_package_is_refused_with_a_remedy_and_kept()
    {
        var text = folder.Put("notes.gpkg", new string('x', 5000));
        Assert.NotEmpty(Assert.Throws<StoreException>(() => GeoPackageStore.Open(text)).Remedy);
        Assert.Throws<StoreException>(() => GeoPackageStore.OpenReadOnly(text));
        Assert.Throws<StoreException>(() => GeoPackageStore.OpenReadOnly(folder["absent.gpkg"]));
        Assert.Throws<StoreException>(() => GeoPackageStore.Open(folder["no/such/folder.gpkg"]));
        Assert.Equal(new string('x', 5000), System.IO.File.ReadAllText(text));
    }

    [Fact]
    public void Versions_of_a_layer_are_counted()
    {
        using var store = GeoPackageStore.Open(File);
        Assert.Equal(0, store.VersionOf("table"));
        store.Write(SampleLayers.Table());
        store.Write(SampleLayers.Table());
        Assert.Equal(2, store.VersionOf("table"));
        store.Remove("table");
        Assert.Empty(store.Layers());
    }

    [Fact]
    public void Several_layers_are_written_all_or_none()
    {
        using var store = GeoPackageStore.Open(File);
        Assert.Throws<InvalidInputException>(() => store.WriteAll([SampleLayers.Table(), new Layer("gpkg_bad", [])]));
        Assert.Empty(store.Layers());
        store.WriteAll([SampleLayers.Table(), SampleLayers.Everything()]);
        Assert.Equal(2, store.Layers().Count);
    }

    [Fact]
    public void Ogrinfo_opens_the_store_and_counts_the_same_rows()
    {
        Assert.SkipUnless(Ogr.Present, "ogrinfo (gdal-bin) is not installed");
        using (var store = GeoPackageStore.Open(File)) store.WriteAll([SampleLayers.Everything(), SampleLayers.Table()]);
        var summary = Ogr.Info("-ro", "-al", "-so", File);
        Assert.DoesNotContain("ERROR", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", summary, StringComparison.Ordinal);
        Assert.Contains($"Feature Count: {SampleLayers.Shapes.Length + 1}", summary, StringComparison.Ordinal);
        Assert.Contains("Feature Count: 100", summary, StringComparison.Ordinal);
        Assert.Contains("ID[\"EPSG\",4326]", summary, StringComparison.Ordinal);
        Assert.Contains("day: Date", summary, StringComparison.Ordinal);
        using (var store = GeoPackageStore.Open(folder["flat.gpkg"])) store.Write(SampleLayers.Everything(shapes: SampleLayers.Shapes.Where(s => !s.Contains(" Z", StringComparison.Ordinal) && !s.Contains(" M ", StringComparison.Ordinal))));
        var rows = Ogr.Info("-ro", "-al", File) + Ogr.Info("-ro", "-al", folder["flat.gpkg"]);
        Assert.DoesNotContain("ERROR", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", rows, StringComparison.Ordinal);
        Assert.Contains("MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))", rows, StringComparison.Ordinal);
        Assert.Contains("POINT ZM (1 2 3 4)", rows, StringComparison.Ordinal);
        Assert.Contains("POINT EMPTY", rows, StringComparison.Ordinal);
        Assert.Contains("POLYGON EMPTY", rows, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_of_other_programs_are_read()
    {
        Assert.SkipUnless(Ogr.Present, "ogr2ogr (gdal-bin) is not installed");
        var csv = folder.Put("in.csv", "code,n,x,day,wkt\n05001,7,1.5,2001-02-03,POINT (1 2)\n05002,,,,\n");
        folder.Put("in.csvt", "String,Integer,Real,Date,WKT");
        Ogr.Run("ogr2ogr", "-f", "GPKG", File, csv, "-a_srs", "EPSG:3116", "-oo", "EMPTY_STRING_AS_NULL=YES", "-oo", "KEEP_GEOM_COLUMNS=NO", "-nln", "foreign");
        using var store = GeoPackageStore.OpenReadOnly(File);
        var layer = store.Read("foreign");
        Assert.Equal(["code", "n", "x", "day"], layer.Columns.Select(c => c.Name));
        Assert.Equal("05001", layer["code"].TextAt(0));
        Assert.Equal(7, layer["n"].IntegerAt(0));
        Assert.Equal(1.5, layer["x"].Number(0));
        Assert.Equal(new DateOnly(2001, 2, 3), layer["day"].DateAt(0));
        Assert.True(layer["x"].IsNull(1));
        Assert.Equal(3116, layer.Crs!.Epsg);
        SampleLayers.AssertSame(SampleLayers.Shape("POINT (1 2)"), layer.GeometryAt(0), "row 0");
        using var writable = GeoPackageStore.Open(File);
        writable.Write(SampleLayers.Table());
        Assert.Equal(2, writable.Layers().Count);
    }
}

/// <summary>GDAL's command line, as an independent reader.</summary>
internal static class Ogr
{
    public static bool Present { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "ogrinfo")));

    public static string Info(params string[] arguments) => Run("ogrinfo", arguments);

    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }
}
