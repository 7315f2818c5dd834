using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoHarm.Stores.Tests;

/// <summary>Layers that hold what is easily lost: every geometry type, nulls of every column type, odd names.</summary>
public static class SampleLayers
{
    public const string BogotaTm = """PROJCS["Colombia Bogota zone",GEOGCS["Bogota 1975",DATUM["Bogota_1975",SPHEROID["International 1924",6378388,297]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",4.59904722222222],PARAMETER["central_meridian",-74.0809166666667],PARAMETER["scale_factor",1],PARAMETER["false_easting",1000000],PARAMETER["false_northing",1000000],UNIT["metre",1]]""";

    public static readonly string[] Shapes =
    [
        "POINT (1 2)", "POINT Z (1 2 3)", "POINT M (1 2 4)", "POINT ZM (1 2 3 4)", "POINT EMPTY",
        "LINESTRING (0 0, 1 1, 2 0.5)", "LINESTRING Z (0 0 1, 1 1 2)", "LINESTRING EMPTY",
        "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))", "POLYGON Z ((0 0 1, 4 0 1, 4 4 1, 0 0 1))", "POLYGON EMPTY",
        "MULTIPOINT ((1 2), (3 4))", "MULTIPOINT EMPTY", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", "MULTILINESTRING EMPTY",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", "MULTIPOLYGON EMPTY",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))", "GEOMETRYCOLLECTION EMPTY",
    ];

    public static Geometry Shape(string wkt) => new WKTReader { IsOldNtsCoordinateSyntaxAllowed = false }.Read(wkt);

    /// <summary>One row a shape and a last one without geometry; every column has nulls.</summary>
    public static Layer Everything(CoordinateSystem? crs = null, string name = "everything", IEnumerable<string>? shapes = null)
    {
        var geometries = (shapes ?? Shapes).Select(Shape).Append(null).ToArray();
        var rows = Enumerable.Range(0, geometries.Length).ToArray();
        return new Layer(
            name,
            [
                Column.Text("code", rows.Select(r => r % 5 == 4 ? null : $"0500{r}")),
                Column.Text("Año \"ñ\" 名", rows.Select(r => r % 3 == 0 ? null : r % 3 == 1 ? "" : "Nariño, 'x';\n\"y\" 🌿")),
                Column.Integer("count", rows.Select(r => r % 4 == 3 ? (long?)null : r == 0 ? long.MaxValue : r == 1 ? long.MinValue : r), "people"),
                Column.Real("area_ha", rows.Select(r => r % 4 == 2 ? double.NaN : r == 0 ? 0.1 + 0.2 : r == 1 ? -1.5 : r == 3 ? double.Epsilon : r * 1e300), "ha"),
                Column.Date("day", rows.Select(r => r % 2 == 0 ? (DateOnly?)null : new DateOnly(2001, 1, 1).AddDays(r * 400))),
            ],
            geometries,
            crs ?? CoordinateSystem.Wgs84,
            Sensitivity.Sensitive,
            new Provenance("SIMCI / UNODC", "CC BY-SA 4.0", new string('a', 64), "coca-export 1"),
            "Everything, with accents: ñ",
            ["association, not causation", "a \"second\" caveat"]);
    }

    public static Layer Table(string name = "table", int rows = 100) => new(
        name,
        [
            Column.Text("code", Enumerable.Range(0, rows).Select(r => r.ToString("D5"))),
            Column.Integer("year", Enumerable.Range(0, rows).Select(r => (long?)(2001 + r % 20))),
            Column.Real("coca_ha", Enumerable.Range(0, rows).Select(r => r * 1.25), "ha"),
        ]);

    /// <summary>Parts as one layer again.</summary>
    public static Layer Joined(IReadOnlyList<Layer> parts) => new(
        parts[0].Name, [.. parts[0].Columns.Select((_, i) => Column.Concatenate([.. parts.Select(p => p.Columns[i])]))],
        parts[0].HasGeometry ? [.. parts.SelectMany(p => Enumerable.Range(0, p.RowCount).Select(p.GeometryAt))] : null, parts[0].Crs, parts[0].Sensitivity, parts[0].Provenance, parts[0].Title, parts[0].Caveats);

    public static void AssertSame(Layer expected, Layer actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Title, actual.Title);
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.Equal(expected.Crs, actual.Crs);
        Assert.Equal(expected.Sensitivity, actual.Sensitivity);
        Assert.Equal(expected.Provenance, actual.Provenance);
        Assert.Equal(expected.Caveats, actual.Caveats);
        Assert.Equal(expected.HasGeometry, actual.HasGeometry);
        Assert.Equal(expected.Columns.Select(c => (c.Name, c.Type, c.Unit)), actual.Columns.Select(c => (c.Name, c.Type, c.Unit)));
        foreach (var column in expected.Columns)
        {
            for (var row = 0; row < expected.RowCount; row++) Assert.Equal(column.TextAt(row), actual[column.Name].TextAt(row));
        }
        for (var row = 0; row < expected.RowCount; row++) AssertSame(expected.GeometryAt(row), actual.GeometryAt(row), $"row {row}");
    }

    public static void AssertSame(Geometry? expected, Geometry? actual, string where)
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{where}: one geometry is null: {expected} and {actual}");
            return;
        }
        Assert.Equal(expected.GeometryType, actual.GeometryType);
        Assert.Equal(expected.IsEmpty, actual.IsEmpty);
        Assert.True(expected.EqualsExact(actual), $"{where}: {expected} became {actual}");
        var (a, b) = (expected.Coordinates, actual.Coordinates);
        for (var i = 0; i < a.Length; i++)
        {
            Assert.True(a[i].Z.Equals(b[i].Z) && a[i].M.Equals(b[i].M), $"{where}: vertex {i} of {expected}: z, m {a[i].Z}, {a[i].M} became {b[i].Z}, {b[i].M}");
        }
    }
}
