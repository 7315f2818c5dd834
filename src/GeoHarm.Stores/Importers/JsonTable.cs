using System.Text.Json;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Tables in JSON: the answer of an open-data interface (an array of flat records), or ports keyed by UN/LOCODE.</summary>
internal static class JsonTable
{
    /// <summary>An array of records as a table; nested values are left out.</summary>
    public static TextTable Records(string path, byte[] bytes)
    {
        using var document = Parse(path, bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw Refuse(path, "The JSON holds no array of records.");
        var header = new List<string>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<(int, IReadOnlyList<string>)>();
        foreach (var record in document.RootElement.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object) throw Refuse(path, $"Entry {rows.Count + 1} is no record.");
            var cells = new List<string>(new string[header.Count]);
            foreach (var field in record.EnumerateObject())
            {
                if (field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) continue;
                if (places.TryAdd(field.Name, header.Count)) header.Add(field.Name);
                while (cells.Count < header.Count) cells.Add("");
                cells[places[field.Name]] = field.Value.ValueKind == JsonValueKind.Null ? "" : field.Value.ToString();
            }
            rows.Add((rows.Count + 1, [.. cells.Select(c => c ?? "")]));
        }
        return TextTable.FromRows(path, header, rows, "JSON records");
    }

    /// <summary>Ports with their position; those without coordinates are told and left out.</summary>
    public static ImportOutcome Ports(string path, byte[] bytes, Provenance origin)
    {
        using var document = Parse(path, bytes);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw Refuse(path, "The JSON holds no ports.");
        var (codes, names, countries, points, faults) = (new List<string?>(), new List<string?>(), new List<string?>(), new List<NetTopologySuite.Geometries.Geometry?>(), new List<Fault>());
        var rows = 0;
        foreach (var port in document.RootElement.EnumerateObject())
        {
            rows++;
            string? Text(string field) => port.Value.ValueKind == JsonValueKind.Object && port.Value.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (port.Value.ValueKind != JsonValueKind.Object || !port.Value.TryGetProperty("coordinates", out var place) || place.ValueKind != JsonValueKind.Array || place.GetArrayLength() < 2)
            {
                faults.Add(new Fault(FaultSeverity.Warning, "GH4064", path, $"port {port.Name}", "The port has no coordinates; it is left out.", "Nothing to do."));
                continue;
            }
            codes.Add(port.Name);
            names.Add(Text("name"));
            countries.Add(Text("country"));
            points.Add(new NetTopologySuite.Geometries.Point(place[0].GetDouble(), place[1].GetDouble()));
        }
        var layer = new Layer(
            "sea_ports", [Column.Text("locode", codes), Column.Text("name", names), Column.Text("country", countries)], points, Spatial.Crs.CoordinateSystem.Wgs84,
            provenance: origin with { Source = "npm sea-ports", Licence = "MIT" }, title: "Sea ports");
        return new ImportOutcome("sea-ports", [layer], rows, [], new Dictionary<string, double>(), JoinReport.None, faults, []);
    }

    private static JsonDocument Parse(string path, byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException failure)
        {
            throw Refuse(path, $"The JSON is broken: {failure.Message}");
        }
    }

    private static InvalidInputException Refuse(string path, string message) =>
        new([new Fault(FaultSeverity.Error, "GH4045", path, "", message, "Download the file again, or give it as CSV.")]);
}
