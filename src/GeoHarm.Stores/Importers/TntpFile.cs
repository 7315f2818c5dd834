using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Recognises the four files of a TNTP traffic-assignment network. They are parsed where they are solved
/// ('routes solve --net'), not stored.</summary>
internal static class TntpFile
{
    /// <summary>The kind of TNTP file; null when it is none.</summary>
    public static string? Recognise(string text)
    {
        if (text.Contains("<NUMBER OF LINKS>", StringComparison.Ordinal) || text.Contains("<FIRST THRU NODE>", StringComparison.Ordinal)) return "tntp-network";
        if (text.Contains("<TOTAL OD FLOW>", StringComparison.Ordinal) || (text.Contains("<NUMBER OF ZONES>", StringComparison.Ordinal) && text.Contains("<END OF METADATA>", StringComparison.Ordinal))) return "tntp-trips";
        var words = text.Split('\n', 2)[0].Split((char[])[' ', '\t', '\r', ';'], StringSplitOptions.RemoveEmptyEntries).Select(w => w.ToLowerInvariant()).ToArray();
        if (words is ["from", "to", "volume", "cost", ..]) return "tntp-flows";
        return words is ["node", "x", "y"] ? "tntp-nodes" : null;
    }

    /// <summary>What is said of the file.</summary>
    public static ImportOutcome Check(SourceFile source)
    {
        var format = Recognise(source.HeadText.TrimStart())!;
        long rows = 0;
        foreach (var line in File.ReadLines(source.Path))
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] is '<' or '~') continue;
            if (format == "tntp-trips" ? text.StartsWith("Origin", StringComparison.OrdinalIgnoreCase) : char.IsAsciiDigit(text[0]) || text[0] == '-') rows++;
        }
        return new ImportOutcome(format, [], rows, [], new Dictionary<string, double>(), JoinReport.None, [], ["Give it to 'routes solve --net'; academic use only, never shipped."]);
    }
}
