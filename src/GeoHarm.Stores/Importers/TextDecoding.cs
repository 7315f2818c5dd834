using System.Text;
using System.Text.Unicode;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// Bytes of a table to UTF-8. Official files are UTF-8, Windows-1252 or, from old Macintoshes, Mac Roman, and some mix
/// them line by line. A line that is valid UTF-8 is taken as such; another is read in the one of the two that gives
/// more letters of Spanish and Portuguese. What was found is said, so that nobody has to guess from garbled names.
/// </summary>
/// <param name="Utf8">The whole text in UTF-8, without a byte order mark.</param>
/// <param name="Name">What was found, such as "UTF-8", "Windows-1252" or "UTF-8 (12 lines), Mac Roman (340 lines)".</param>
/// <param name="IsMixed">Whether lines differ in their encoding.</param>
/// <param name="UncertainLines">Lines (from 1) whose bytes make no letters in any of the encodings.</param>
internal sealed record TextDecoding(byte[] Utf8, string Name, bool IsMixed, IReadOnlyList<int> UncertainLines)
{
    private const string Letters = "áéíóúüñÁÉÍÓÚÜÑçãõâêôàÇÃÕÂÊÔÀ°º";
    private const int AlreadyUtf8 = int.MinValue;
    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private static readonly Encoding Macintosh = CodePagesEncodingProvider.Instance.GetEncoding(10000)!;

    /// <summary>Decodes a whole file.</summary>
    public static TextDecoding Of(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..]) return new(Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2)), "UTF-16", false, []);
        if (bytes is [0xFE, 0xFF, ..]) return new(Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2)), "UTF-16 (big-endian)", false, []);
        var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        if (Utf8Valid(bytes.AsSpan(start))) return new(start == 0 ? bytes : bytes[start..], start == 0 ? "UTF-8" : "UTF-8 with byte order mark", false, []);
        return LineByLine(bytes, start);
    }

    private static bool Utf8Valid(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static TextDecoding LineByLine(byte[] bytes, int start)
    {
        var (utf8Lines, windowsLines, macLines) = (0, 0, 0);
        var lines = new List<(int From, int To, int Windows, int Mac)>();
        for (var from = start; from < bytes.Length;)
        {
            var to = from;
            while (to < bytes.Length && bytes[to] is not ((byte)'\n' or (byte)'\r')) to++;
            while (to < bytes.Length && bytes[to] is (byte)'\n' or (byte)'\r')
            {
                to++;
                if (bytes[to - 1] == '\n' || to == bytes.Length || bytes[to] != '\n') break;
            }
            var line = bytes.AsSpan(from, to - from);
            if (Utf8Valid(line))
            {
                if (line.ContainsAnyExceptInRange((byte)0, (byte)127)) utf8Lines++;
                lines.Add((from, to, AlreadyUtf8, AlreadyUtf8));
            }
            else
            {
                var (windows, mac) = (Score(Windows, line), Score(Macintosh, line));
                if (windows > mac && windows > 0) windowsLines++;
                else if (mac > windows && mac > 0) macLines++;
                lines.Add((from, to, windows, mac));
            }
            from = to;
        }
        return Assemble(bytes, lines, utf8Lines, windowsLines, macLines);
    }

    private static TextDecoding Assemble(byte[] bytes, List<(int From, int To, int Windows, int Mac)> lines, int utf8Lines, int windowsLines, int macLines)
    {
        using var text = new MemoryStream(bytes.Length + bytes.Length / 16);
        var uncertain = new List<int>();
        var fallback = macLines > windowsLines ? Macintosh : Windows;
        for (var i = 0; i < lines.Count; i++)
        {
            var (from, to, windows, mac) = lines[i];
            var line = bytes.AsSpan(from, to - from);
            if (windows == AlreadyUtf8)
            {
                text.Write(line);
                continue;
            }
            if (windows <= 0 && mac <= 0) uncertain.Add(i + 1);
            var encoding = windows == mac ? fallback : windows > mac ? Windows : Macintosh;
            text.Write(Encoding.UTF8.GetBytes(encoding.GetString(line)));
        }
        (string Name, int Lines)[] found = [("UTF-8", utf8Lines), ("Windows-1252", windowsLines), ("Mac Roman", macLines)];
        var present = found.Where(f => f.Lines > 0).ToArray();
        var name = present.Length switch
        {
            0 => "unknown (read as Windows-1252)",
            1 => present[0].Name,
            _ => string.Join(", ", present.Select(f => $"{f.Name} ({f.Lines} lines)")),
        };
        return new TextDecoding(text.ToArray(), name, present.Length > 1, uncertain);
    }

    /// <summary>Letters of the languages expected, less what such names do not hold.</summary>
    private static int Score(Encoding encoding, ReadOnlySpan<byte> line)
    {
        var score = 0;
        foreach (var letter in encoding.GetString(line))
        {
            if (letter < 128) continue;
            score += Letters.Contains(letter, StringComparison.Ordinal) ? 1 : -1;
        }
        return score;
    }
}
