using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using NetTopologySuite.Geometries;

namespace GeoHarm.EndToEnd.CommandLine;

/// <summary>Every command of docs/guide is run, in order, where the files lie that the guide speaks of. Draws are cut to a few, nothing
/// else is changed. The other languages give the same commands (Cli.Tests), so that one language is run.</summary>
public sealed class GuideTests
{
    private const int Side = 6;
    private static readonly string[] Codes = [.. Enumerable.Range(0, Side * Side).Select(i => (86_100 + i).ToString(CultureInfo.InvariantCulture))];

    [Fact]
    public void Every_command_of_the_guide_runs_and_leaves_what_it_names()
    {
        using var scratch = new ScratchFolder();
        Files(scratch);
        var commands = File.ReadAllLines(Path.Combine(GeoHarmProcess.Root, "docs/guide/en.md")).Where(l => l.StartsWith("geoharm ", StringComparison.Ordinal)).ToArray();
        Assert.True(commands.Length > 30);
        foreach (var command in commands)
        {
            var words = command.Split(' ')[1..];
            if (words[0] is "demo" or "run") words = [.. words, "--members", "6"];
            var end = GeoHarmProcess.RunUnder($"cd '{scratch.Path}';", null, [.. words, "-q"]);

            // Two runs of other scenarios differ: that is what 'diff' then says.
            Assert.True(end.Code == (words[0] == "diff" ? 6 : 0), $"{command}: exit {end.Code}\n{end.Error}{end.Output}");
            if (words.Contains("--dry-run")) continue;
            foreach (var named in words.Where(w => w.StartsWith("out/", StringComparison.Ordinal)).Select(w => w.Replace("results.gpkg:overlay", "results.gpkg", StringComparison.Ordinal)))
                Assert.True(File.Exists(scratch[named]) || Directory.Exists(scratch[named]), $"{command} left no {named}");
        }

        // Each picture has its data and its origin beside it.
        var pictures = Directory.EnumerateFiles(scratch["out"], "*.png", SearchOption.AllDirectories).ToArray();
        Assert.True(pictures.Length > 30);
        Assert.All(pictures, p =>
        {
            Assert.True(new FileInfo(p).Length > 10_000, p);
            Assert.True(File.Exists(Path.ChangeExtension(p, ".csv")) && File.Exists(Path.ChangeExtension(p, ".metadata.json")), p);
        });
    }

    // The reader's own files, made up: a panel, municipalities, two rasters, a grid of coca, a matrix, a table of an official form.
    private static void Files(ScratchFolder scratch)
    {
        foreach (var name in new[] { "data", "tiles" }) Directory.CreateSymbolicLink(scratch[name], Path.Combine(GeoHarmProcess.Root, name));
        var panel = new StringBuilder("divipola,year,coca_ha,sprayed_ha\n");
        for (var i = 0; i < Codes.Length; i++)
        {
            for (var year = 1999; year <= 2008; year++)
                panel.Append(CultureInfo.InvariantCulture, $"{Codes[i]},{year},{50 + (i * 31 + year * 17 + i * i * year % 7) % 23 + (i % Side < 2 ? 100 : 0)},{(year > 2000 ? (i * 7 + year * 13 + i * year % 5) % 11 : 0)}\n");
        }
        File.WriteAllText(scratch["coca.csv"], panel.ToString());
        GeoPackageFile.WriteLayers(scratch["municipalities.gpkg"], [new Layer("municipalities",
            [Column.Text("code", Codes), Column.Real("coca_ha", Codes.Select((_, i) => (double)(i * 37 % 90 + (i % Side < 2 ? 200 : 0))), "ha")],
            [.. Codes.Select((_, i) => Box(-77 + i % Side * 0.25, i / Side * 0.25, 0.25))], CoordinateSystem.Wgs84)]);
        GeoPackageFile.WriteLayers(scratch["coca-grid.gpkg"], [new Layer("grid",
            [Column.Text("cell", Enumerable.Range(0, 16).Select(i => $"{i}")), .. new[] { 2003, 2004, 2005 }.Select(y => Column.Real($"areacoca{y}", Enumerable.Range(0, 16).Select(i => 1.0 + i % 4), "ha"))],
            [.. Enumerable.Range(0, 16).Select(i => Box(-76.9 + i % 4 * 0.01, 0.1 + i / 4 * 0.01, 0.01))], CoordinateSystem.Wgs84)]);
        Raster(scratch, "lossyear_10N_080W", (x, y) => (x / 20 + y / 20) % 2 == 0 ? 0 : (x * 7 + y * 3) % 25);
        Raster(scratch, "treecover2000_10N_080W", (_, _) => 80);
        File.WriteAllText(scratch["matrix.csv"], "class,mapped_pixels,deforestation,gain,forest,other\ndeforestation,200000,66,0,5,4\ngain,150000,0,55,8,12\nforest,3200000,1,0,153,11\nother,6450000,2,1,9,313\n");
        File.WriteAllText(scratch["sheet-1.csv"], "id,severity,incidence,note\neradication.displaced,grave,regularly,\n");
        File.WriteAllText(scratch["sheet-2.csv"], "id,severity,incidence,note\neradication.displaced,catastrophic,regularly,\n");
        File.WriteAllText(scratch["my-file.csv"], "CODDEPTO,DEPARTAMENTO,CODMPIO,MUNICIPIO,2002,2003,2004\n05,ANTIOQUIA,05031,AMALFI,\"1,002.0\",- 0,5.5\n52,NARIÑO,52835,TUMACO,10,20,30\n");
    }

    private static Geometry Box(double west, double south, double side) => new GeometryFactory().ToGeometry(new Envelope(west, west + side, south, south + side));

    private static void Raster(ScratchFolder scratch, string name, Func<int, int, int> value)
    {
        const int Cells = 200;
        var text = new StringBuilder($"ncols {Cells}\nnrows {Cells}\nxllcorner -76.9\nyllcorner 0.1\ncellsize 0.00025\n");
        for (var y = 0; y < Cells; y++) text.AppendJoin(' ', Enumerable.Range(0, Cells).Select(x => value(x, y))).Append('\n');
        File.WriteAllText(scratch[name + ".asc"], text.ToString());
        using var process = Process.Start("gdal_translate", ["-q", "-ot", "Byte", "-a_srs", "EPSG:4326", scratch[name + ".asc"], scratch[name + ".tif"]]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
