using System.Globalization;

namespace GeoHarm.Routing.Graphs;

/// <summary>Lines and fields of a TNTP text: ~ starts a comment, ; ends a record, blanks and tabs part fields.</summary>
internal ref struct TntpText(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> rest = text;

    /// <summary>What is left of the current line.</summary>
    public ReadOnlySpan<char> Line { get; private set; } = default;

    /// <summary>Number of the current line, from 1.</summary>
    public int LineNumber { get; private set; } = 0;

    /// <summary>True when the current line ended with a line break (a truncated text does not).</summary>
    public bool LineIsWhole { get; private set; } = true;

    /// <summary>Moves to the next line that is neither blank nor a comment.</summary>
    public bool NextLine()
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            LineIsWhole = end >= 0;
            Line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            LineNumber++;
            var comment = Line.StartsWith("<") ? -1 : Line.IndexOf('~');
            if (comment >= 0) Line = Line[..comment];
            Line = Line.Trim();
            if (!Line.IsEmpty) return true;
        }
        return false;
    }

    /// <summary>Takes the next field of the line; empty at its end.</summary>
    public ReadOnlySpan<char> NextField()
    {
        var line = Line;
        var i = 0;
        while (i < line.Length && IsGap(line[i])) i++;
        var start = i;
        while (i < line.Length && !IsGap(line[i])) i++;
        Line = line[i..];
        return line[start..i];
    }

    /// <summary>Splits "&lt;NAME&gt; value" of the metadata.</summary>
    public readonly bool TryMetadata(out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        if (!Line.StartsWith("<")) return false;
        var close = Line.IndexOf('>');
        if (close < 0) return false;
        name = Line[1..close].Trim();
        value = Line[(close + 1)..].Trim();
        return true;
    }

    /// <summary>A number, whatever the machine's culture; "nan" and "inf" parse, so that a check can name them.</summary>
    public static bool TryNumber(ReadOnlySpan<char> field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>A whole number.</summary>
    public static bool TryWhole(ReadOnlySpan<char> field, out int value)
    {
        if (int.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out value)) return true;
        if (TryNumber(field, out var number) && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
        {
            value = (int)number;
            return true;
        }
        return false;
    }

    private static bool IsGap(char c) => c is ' ' or '\t' or ';' or '\r' or ',';
}

/// <summary>Faults of a text, which all have a line.</summary>
internal static class TextFaults
{
    /// <summary>Adds a fault at a line; line 0 is the whole text.</summary>
    public static void AtLine(this FaultList faults, string code, int line, string message, string remedy) =>
        faults.Add(code, line > 0 ? $"line {line}" : "", message, remedy, line > 0 ? line : null);
}
