using System.Globalization;
using System.Text;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using GeoHarm.Tests;

namespace GeoHarm.Engine.Tests.Displacement;

/// <summary>The validation panels and the municipal polygons, read once.</summary>
internal static class StudyPanel
{
    private static readonly Lazy<Shapefile> Polygons = new(() => Shapefile.Read(SharedData.Path("panel/mpio/mpio.shp")));
    private static readonly Lazy<UnitPanel> Davalos = new(() => UnitPanel.FromLayer(
        Csv(SharedData.Path("panel/dataset_paper3_v2.csv"), ["idmun", "year", "coca_", "asp_", "er_"]), "idmun", "year", ["coca_", "asp_", "er_"], new PanelOptions { Units = Codes }));

    private static readonly Lazy<UnitPanel> TidyPanel = new(ReadTidy);

    public static IReadOnlyList<string> Codes => Polygons.Value.Fields["MPIOS"];

    /// <summary>Touches the data first, so that a test without them is skipped and not failed.</summary>
    public static Shapefile Zones()
    {
        SharedData.Path("panel");
        return Polygons.Value;
    }

    public static UnitPanel Enforcement()
    {
        SharedData.Path("panel");
        return Davalos.Value;
    }

    /// <summary>Hectares of coca 2001-2024 over the 1,116 polygons; the units split in 2007 are merged into their parents.</summary>
    public static UnitPanel Tidy()
    {
        SharedData.Path("panel");
        return TidyPanel.Value;
    }

    public static (double[] X, double[] Y) Centroids() => DistanceWeights.Centroids(Zones().Polygons);

    public static SpatialWeights QueenWeights() => ContiguityWeights.Queen(Zones().Polygons);

    private static UnitPanel ReadTidy()
    {
        var table = Csv(SharedData.Path("coca/coca_municipal_tidy_2001-2024.csv"), ["divipola", "year", "coca_ha"]);
        var merged = new SortedDictionary<(string, int), double>();
        for (var r = 0; r < table.RowCount; r++)
        {
            var code = UnitPanel.Code(table["divipola"].TextAt(r)!);
            code = code switch { "13490" => "13600", "23682" => "23466", _ => code };
            var key = (code, int.Parse(table["year"].TextAt(r)!, CultureInfo.InvariantCulture));
            merged[key] = merged.GetValueOrDefault(key) + SharedData.Number(table["coca_ha"].TextAt(r)!);
        }
        var layer = new Layer("tidy", [Column.Text("unit", merged.Keys.Select(k => k.Item1)), Column.Integer("year", merged.Keys.Select(k => (long?)k.Item2)), Column.Real("coca", merged.Values)]);
        return UnitPanel.FromLayer(layer, "unit", "year", ["coca"], new PanelOptions { Units = Codes, MissingIsZero = true });
    }

    public static Layer Csv(string path, string[] wanted)
    {
        var lines = File.ReadAllLines(path, Encoding.Latin1);
        var header = Split(lines[0]);
        var places = wanted.Select(w => header.IndexOf(w)).ToArray();
        var cells = wanted.Select(_ => new List<string?>()).ToArray();
        foreach (var line in lines.Skip(1))
        {
            var row = Split(line);
            for (var i = 0; i < wanted.Length; i++) cells[i].Add(row[places[i]]);
        }
        return new Layer(Path.GetFileNameWithoutExtension(path), wanted.Select((w, i) => Column.Text(w, cells[i])).ToArray());
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) { fields.Add(field.ToString()); field.Clear(); }
            else field.Append(c);
        }
        fields.Add(field.ToString());
        return fields;
    }
}
