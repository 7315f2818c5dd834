using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NetTopologySuite.Geometries;

namespace GeoHarm.Tests;

/// <summary>Reads the polygons and fields of an ESRI shapefile for tests (ESRI 1998 technical description), independent of GDAL.</summary>
internal sealed class Shapefile
{
    public List<Geometry?> Polygons { get; } = [];

    public Dictionary<string, List<string>> Fields { get; } = [];

    public static Shapefile Read(string shp)
    {
        var file = new Shapefile();
        file.ReadShapes(File.ReadAllBytes(shp));
        file.ReadFields(File.ReadAllBytes(Path.ChangeExtension(shp, ".dbf")));
        return file;
    }

    private void ReadShapes(byte[] bytes)
    {
        var at = 100;
        while (at + 8 <= bytes.Length)
        {
            var length = 2 * BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            var record = bytes.AsSpan(at + 8, length);
            at += 8 + length;
            if (BinaryPrimitives.ReadInt32LittleEndian(record) != 5) { Polygons.Add(null); continue; }
            int parts = BinaryPrimitives.ReadInt32LittleEndian(record[36..]), points = BinaryPrimitives.ReadInt32LittleEndian(record[40..]);
            var rings = new List<LinearRing>();
            for (var p = 0; p < parts; p++)
            {
                var from = BinaryPrimitives.ReadInt32LittleEndian(record[(44 + 4 * p)..]);
                var to = p + 1 < parts ? BinaryPrimitives.ReadInt32LittleEndian(record[(48 + 4 * p)..]) : points;
                var ring = new Coordinate[to - from];
                for (var i = 0; i < ring.Length; i++)
                {
                    var place = record[(44 + 4 * parts + 16 * (from + i))..];
                    ring[i] = new Coordinate(BinaryPrimitives.ReadDoubleLittleEndian(place), BinaryPrimitives.ReadDoubleLittleEndian(place[8..]));
                }
                rings.Add(Geometry.DefaultFactory.CreateLinearRing(ring));
            }
            Polygons.Add(Assemble(rings));
        }
    }

    /// <summary>Clockwise rings are shells; the others are holes of the shell that holds their first vertex.</summary>
    private static Geometry Assemble(List<LinearRing> rings)
    {
        var shells = rings.Where(r => !r.IsCCW).ToList();
        var holes = shells.ToDictionary(s => s, _ => new List<LinearRing>());
        foreach (var hole in rings.Where(r => r.IsCCW))
        {
            var owner = shells.FirstOrDefault(s => s.EnvelopeInternal.Contains(hole.EnvelopeInternal)
                && NetTopologySuite.Algorithm.PointLocation.IsInRing(hole.GetCoordinateN(0), s.Coordinates));
            if (owner is not null) holes[owner].Add(hole);
        }
        return Geometry.DefaultFactory.CreateMultiPolygon(shells.Select(s => Geometry.DefaultFactory.CreatePolygon(s, [.. holes[s]])).ToArray());
    }

    private void ReadFields(byte[] bytes)
    {
        int records = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)), header = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)), size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(10));
        var offset = 1;
        for (var at = 32; bytes[at] != 0x0D; at += 32)
        {
            var name = Encoding.Latin1.GetString(bytes, at, 11).TrimEnd('\0');
            var values = new List<string>();
            for (var r = 0; r < records; r++) values.Add(Encoding.Latin1.GetString(bytes, header + r * size + offset, bytes[at + 16]).Trim());
            Fields[name] = values;
            offset += bytes[at + 16];
        }
    }
}

/// <summary>The validation data beside the checkout; tests that need it are skipped, with the reason, where it is not.</summary>
internal static class SharedData
{
    private static readonly string? Root = FindRoot();

    public static string Path(string relative)
    {
        Assert.SkipWhen(Root is null, "the validation data (a folder 'shared' beside the checkout) are not here");
        return System.IO.Path.Combine(Root!, "data", relative);
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "GeoHarm.sln")))
            {
                var shared = System.IO.Path.Combine(folder.Parent!.FullName, "shared");
                return Directory.Exists(System.IO.Path.Combine(shared, "data")) ? shared : null;
            }
        }
        return null;
    }
}
