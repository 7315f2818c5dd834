using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Importers;

/// <summary>What the first bytes of a file say it is.</summary>
internal enum SourceKind
{
    /// <summary>A delimited table.</summary>
    Table,

    /// <summary>A workbook (XLSX, ODS).</summary>
    Workbook,

    /// <summary>JSON that is a table: an array of flat records.</summary>
    JsonTable,

    /// <summary>JSON keyed by UN/LOCODE: the ports of the npm package sea-ports.</summary>
    Ports,

    /// <summary>Features: Shapefile (plain or zipped), GeoJSON, TopoJSON, FlatGeobuf, KML.</summary>
    Features,

    /// <summary>A GeoPackage.</summary>
    GeoPackage,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>GeoTIFF, or netCDF as the relief of Debian's ferret-datasets comes.</summary>
    Raster,

    /// <summary>A TNTP traffic-assignment file.</summary>
    Tntp,

    /// <summary>Nothing that is known.</summary>
    Unknown,
}

/// <summary>A file as received: looked at once, told apart by content, hashed.</summary>
internal sealed class SourceFile
{
    /// <summary>Bytes looked at to tell the format.</summary>
    private const int HeadBytes = 1 << 16;

    private readonly byte[] head;

    private SourceFile(string path, byte[] head, long length) => (Path, this.head, Length, Kind) = (path, head, length, Recognise(path, head));

    /// <summary>Path as given.</summary>
    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>What it is.</summary>
    public SourceKind Kind { get; }

    /// <summary>The first bytes as text, for formats told by words.</summary>
    public string HeadText => Encoding.Latin1.GetString(head);

    /// <summary>Opens a file; throws <see cref="StoreException"/> when it cannot be read.</summary>
    public static SourceFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var head = new byte[(int)Math.Min(HeadBytes, stream.Length)];
            stream.ReadExactly(head);
            return new SourceFile(path, head, stream.Length);
        }
        catch (Exception failure) when (AtomicFile.Explain(path, failure) is { } explained)
        {
            throw new StoreException($"'{path}' cannot be read.", explained.Remedy, failure);
        }
    }

    /// <summary>The whole file.</summary>
    public byte[] Bytes() => Length <= Array.MaxLength
        ? File.ReadAllBytes(Path)
        : throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH4043", Path, "", "The file is larger than 2 GB.", "Split it, or give it as a GeoPackage.")]);

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Sha256()
    {
        using var stream = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static SourceKind Recognise(string path, byte[] head) => head switch
    {
        [(byte)'S', (byte)'Q', (byte)'L', (byte)'i', (byte)'t', (byte)'e', ..] => SourceKind.GeoPackage,
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => SourceKind.Parquet,
        [(byte)'f', (byte)'g', (byte)'b', 3, ..] or [0, 0, 0x27, 0x0A, ..] => SourceKind.Features,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => SourceKind.Raster,
        [(byte)'C', (byte)'D', (byte)'F', 1 or 2 or 5, ..] or [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => SourceKind.Raster,
        [(byte)'P', (byte)'K', 3, 4, ..] => Archive(path),
        _ => Text(head),
    };

    private static SourceKind Archive(string path)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var names = archive.Entries.Select(e => e.FullName).ToArray();
            if (names.Contains("xl/workbook.xml") || names.Contains("content.xml")) return SourceKind.Workbook;
            return names.Any(n => n.EndsWith(".shp", StringComparison.OrdinalIgnoreCase)) ? SourceKind.Features : SourceKind.Unknown;
        }
        catch (InvalidDataException)
        {
            return SourceKind.Unknown;
        }
    }

    private static SourceKind Text(byte[] head)
    {
        if (head.Length > 1 && head[0] is 0xFF or 0xFE) return SourceKind.Table;
        var text = Encoding.Latin1.GetString(head).TrimStart('\u00EF', '\u00BB', '\u00BF').TrimStart();
        if (text.Length == 0) return SourceKind.Table;
        if (text[0] == '[') return SourceKind.JsonTable;
        if (text[0] == '{') return Json(text);
        if (text[0] == '<' && text.Contains("<kml", StringComparison.OrdinalIgnoreCase)) return SourceKind.Features;
        if (TntpFile.Recognise(text) is not null) return SourceKind.Tntp;
        var controls = head.Count(b => b is < 9 or (> 13 and < 32));
        // A table with a few damaged bytes is still a table, whose faults are worth telling.
        return controls * 50 > head.Length ? SourceKind.Unknown : SourceKind.Table;
    }

    private static SourceKind Json(string text)
    {
        var compact = new string([.. text.Take(4096).Where(c => !char.IsWhiteSpace(c))]);
        if (compact.Contains("\"type\":\"Topology\"", StringComparison.Ordinal) || compact.Contains("\"type\":\"FeatureCollection\"", StringComparison.Ordinal) || compact.StartsWith("{\"type\":\"Feature\"", StringComparison.Ordinal)) return SourceKind.Features;
        if (text.Contains("\"FeatureCollection\"", StringComparison.Ordinal) || text.Contains("\"Topology\"", StringComparison.Ordinal)) return SourceKind.Features;
        return compact.Contains("\"unlocs\":[", StringComparison.Ordinal) || compact.Contains("\"coordinates\":[", StringComparison.Ordinal) ? SourceKind.Ports : SourceKind.Unknown;
    }
}
