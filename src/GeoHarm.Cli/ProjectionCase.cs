using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>What a projection works on: an analyst's panel on zones, or the departments of a study.</summary>
/// <param name="Inputs">Plan, priors, kernels.</param>
/// <param name="Codes">Code of each unit.</param>
/// <param name="Names">Name of each unit.</param>
/// <param name="Shapes">Polygon of each unit, longitude and latitude.</param>
/// <param name="History">Hectares by year with what forecasts need.</param>
/// <param name="Notes">Things to know about the figures used.</param>
internal sealed record ProjectionCase(
    CultivationInputs Inputs, IReadOnlyList<string> Codes, IReadOnlyList<string> Names, IReadOnlyList<Geometry?> Shapes, CocaHistory History, IReadOnlyList<string> Notes)
{
    private static readonly string[] NameFields = ["name", "nombre", "municipality", "NOM_MPIO", "MPIO_CNMBR", "NOMBRE_MPI", "NOMBRE", "DPTO_CNMBR"];

    /// <summary>The departments of a study, as 'run' projects them.</summary>
    public static ProjectionCase OfStudy(ScenarioText text, Study study)
    {
        var inputs = ScenarioInputs.Open(text.Scenario, study.Read, text.File);
        var zones = inputs.Zones;
        var shapes = inputs.Units.Select(z => zones.Layer.GeometryAt(z)).ToArray();
        var plane = PanelInputs.Between(zones.Layer.Crs!, CoordinateSystem.EqualArea);
        var (x, y) = DistanceWeights.Centroids([.. shapes.Select(s => (Geometry?)plane.Transform(s!))]);
        int first = inputs.Coca.Keys.Min(), count = inputs.Coca.Keys.Max() - first + 1;
        var values = new double[inputs.Units.Count * count];
        foreach (var (year, hectares) in inputs.Coca)
        {
            for (var u = 0; u < hectares.Length; u++) values[u * count + year - first] = hectares[u];
        }
        string[] codes = [.. inputs.Units.Select(z => zones.Ids[z])];
        var panel = UnitPanel.FromArrays(codes, first, count, new Dictionary<string, double[]> { ["coca"] = values });
        return new ProjectionCase(inputs.Cultivation, codes, [.. inputs.Units.Select(z => zones.Names[z])], shapes, new CocaHistory(panel, "coca", ContiguityWeights.Queen(shapes), x, y), []);
    }

    /// <summary>A panel on zones. Observed hectares come from the panel's columns; where it has none for an instrument, the study's
    /// figures by department are spread over the units of the department.</summary>
    public static ProjectionCase OfPanel(ScenarioText text, ParseResult parse, PanelInputs panelInputs, IReadOnlyDictionary<Instrument, string> columns, string? nameField, Study study, Terminal terminal)
    {
        var zones = PanelInputs.ReadZones(parse.GetValue(panelInputs.Zones)!, parse.GetValue(panelInputs.ZoneId), parse.GetValue(panelInputs.Layer), parse.GetValue(panelInputs.Crs), terminal, out var layer);
        var value = parse.GetValue(panelInputs.Value)!;
        var panel = panelInputs.ReadPanel(parse, [value, .. columns.Values], missingIsZero: true, units: zones.Codes);
        if (panel.Unmatched.Count > 0) terminal.Warn(new Fault(FaultSeverity.Warning, "GH5515", parse.GetValue(panelInputs.Panel)!, $"{panel.Unmatched.Count} units", $"They have no zone and are left out: {string.Join(", ", panel.Unmatched.Take(20))}.", "Add them to a unit that has a zone with --merge CODE=CODE."));
        var history = new CocaHistory(panel, value, PanelInputs.RawWeights("queen", zones), zones.X, zones.Y);
        var years = Enumerable.Range(panel.FirstYear, panel.YearCount).ToArray();
        var coca = years.ToDictionary(y => y, y => panel.Year(value, y));
        var observed = columns.ToDictionary(c => c.Key, c => (IReadOnlyDictionary<int, double[]>)years.ToDictionary(y => y, y => panel.Year(c.Value, y)));
        var notes = new List<string>();
        var start = coca.GetValueOrDefault(text.Scenario.BaselineYear);
        foreach (var measure in text.Scenario.Policy.Where(m => m.Hectares.Observed && start is not null && !observed.ContainsKey(m.Instrument)))
        {
            if (OfDepartments(measure.Instrument, study, zones.Codes, start!) is not { } spread) continue;
            observed[measure.Instrument] = spread;
            notes.Add($"Treated hectares of {ScenarioReader.NameOf(measure.Instrument)} are the study's by department, spread over its units in proportion to their coca of {text.Scenario.BaselineYear}.");
        }
        var units = new ProjectionUnits
        {
            Codes = zones.Codes, Names = zones.Codes, Coca = coca, DistancesKilometres = history.DistancesKilometres, Observed = observed,
            PlacesOf = place => PlacesOf(place, zones.Codes, new Zones(study.Read("zones"))),
        };
        var degrees = layer.Crs!.Epsg == CoordinateSystem.Wgs84.Epsg ? null : PanelInputs.Between(layer.Crs, CoordinateSystem.Wgs84);
        return new ProjectionCase(
            units.Open(text.Scenario, study.Read("priors"), text.File), zones.Codes, NamesOf(layer, nameField, zones.Codes), [.. zones.Geometries.Select(g => degrees is null ? g : degrees.Transform(g!))], history, notes);
    }

    private static string[] NamesOf(Layer layer, string? asked, string[] codes)
    {
        var field = asked is not null ? layer.Columns.FirstOrDefault(c => c.Name.Equals(asked, StringComparison.OrdinalIgnoreCase)) ?? throw Problem.Usage($"The zones have no field '{asked}'; they have {string.Join(", ", layer.Columns.Select(c => c.Name))}.")
            : NameFields.Select(n => layer.Columns.FirstOrDefault(c => c.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(c => c is not null);
        return field is null ? codes : [.. codes.Select((code, r) => field.TextAt(r) is { Length: > 0 } name ? Read(name) : code)];
    }

    /// <summary>A name in capitals as one reads it: "VALLE DEL GUAMUEZ" is "Valle del Guamuez"; others as they are.</summary>
    private static string Read(string name)
    {
        if (!name.Any(char.IsLetter) || name.Any(char.IsLower)) return name;
        string[] small = ["DE", "DEL", "LA", "LAS", "LOS", "EL", "Y", "DA", "DO", "E"];
        return string.Join(' ', name.Split(' ').Select((word, i) => word.Length == 0 || (i > 0 && small.Contains(word)) ? word.ToLowerInvariant() : word[..1] + word[1..].ToLowerInvariant()));
    }

    /// <summary>A unit's code, first digits followed by *, dane:NN, or a zone, country or region of the study (whose departments hold the units).</summary>
    private static IReadOnlyList<int> PlacesOf(string place, string[] codes, Zones zones)
    {
        IReadOnlyList<int> Where(Func<string, bool> test) => [.. Enumerable.Range(0, codes.Length).Where(u => test(Dane(codes[u])))];
        if (place.EndsWith('*')) return Where(c => c.StartsWith(place[..^1], StringComparison.Ordinal));
        var unit = Array.IndexOf(codes, UnitPanel.Code(place.StartsWith("dane:", StringComparison.Ordinal) ? place[5..] : place));
        if (unit >= 0) return [unit];
        var departments = zones.Resolve(place).Select(z => zones.DepartmentCodes[z]).Where(d => d.Length > 0).ToHashSet(StringComparer.Ordinal);
        return Where(c => c.Length == 5 && departments.Contains(c[..2]));
    }

    private static Dictionary<int, double[]>? OfDepartments(Instrument instrument, Study study, string[] codes, double[] start)
    {
        var (table, column) = instrument switch { Instrument.AerialSpraying => ("spraying_department", "sprayed_ha"), Instrument.ManualEradication => ("manual_department", "manual_ha"), _ => ("", "") };
        if (table.Length == 0) return null;
        var layer = study.Read(table);
        var within = Enumerable.Range(0, codes.Length).Where(u => Dane(codes[u]).Length == 5).GroupBy(u => Dane(codes[u])[..2]).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        var years = new Dictionary<int, double[]>();
        for (var row = 0; row < layer.RowCount; row++)
        {
            var year = (int)layer["year"].Number(row);
            if (!years.TryGetValue(year, out var values)) years[year] = values = new double[codes.Length];
            if (within.TryGetValue(layer["dane"].TextAt(row) ?? "", out var places)) CultivationInputs.Spread(layer[column].Number(row), places, start, values);
        }
        return years;
    }

    // Codes of municipalities lost their leading zeros when they were compared; prefixes need them back.
    private static string Dane(string code) => code.Length > 0 && code.All(char.IsAsciiDigit) ? code.PadLeft(5, '0') : code;
}
