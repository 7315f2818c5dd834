using System.Buffers;
using System.Globalization;

namespace GeoHarm.Stores.Importers;

/// <summary>How a column writes its numbers. Official exports change it from column to column.</summary>
internal enum NumberStyle
{
    /// <summary>1088.88 or 1,088.88.</summary>
    Point,

    /// <summary>1088,88 or 1.088,88.</summary>
    Comma,
}

/// <summary>Reads one cell: which styles it fits, and its value in a style. "- 0", "-" and blanks of accounting formats
/// are zero where the caller says so.</summary>
internal static class NumberForm
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("0123456789.,");

    /// <summary>Whether the cell is a number in each style; both for whole numbers without separators.</summary>
    public static (bool Point, bool Comma) Fits(ReadOnlySpan<char> cell)
    {
        var body = Unsigned(cell);
        if (body.IsEmpty) return (false, false);
        var exponent = body.IndexOfAny('e', 'E');
        if (exponent > 0) return (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _), false);
        if (body.ContainsAnyExcept(Marks)) return (false, false);
        if (!body.ContainsAnyInRange('0', '9')) return (false, false);
        return (FitsStyle(body, ',', '.'), FitsStyle(body, '.', ','));
    }

    /// <summary>Whether the cell reads differently in the two styles, as 1.088 does.</summary>
    public static bool IsAmbiguous(ReadOnlySpan<char> cell) =>
        Fits(cell) is (true, true) && cell.ContainsAny('.', ',');

    /// <summary>The value in a style; null when it does not fit or is not finite.</summary>
    public static double? Value(ReadOnlySpan<char> cell, NumberStyle style)
    {
        cell = cell.Trim();
        if (cell.Length > 64) return null;
        if (style == NumberStyle.Point && cell.IndexOf(',') < 0)
        {
            var usual = double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && !cell.ContainsAny("nN∞");
            return usual ? value : null;
        }
        var (point, comma) = Fits(cell);
        if (style == NumberStyle.Point ? !point : !comma) return null;
        Span<char> plain = stackalloc char[cell.Length];
        var length = 0;
        foreach (var letter in cell)
        {
            if (letter == (style == NumberStyle.Point ? ',' : '.')) continue;
            plain[length++] = letter == ',' ? '.' : letter;
        }
        return double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? parsed : null;
    }

    /// <summary>Whether the cell is the zero of an accounting format: "-", "- 0", "–".</summary>
    public static bool IsDash(ReadOnlySpan<char> cell) => cell.Trim() is "-" or "- 0" or "-0" or "–" or "- 0.0";

    private static ReadOnlySpan<char> Unsigned(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        return cell.Length > 0 && cell[0] is '-' or '+' ? cell[1..] : cell;
    }

    /// <summary>Groups of three before at most one decimal mark: the first group has one to three digits and no leading
    /// zero, so 0.123 is not a group.</summary>
    private static bool FitsStyle(ReadOnlySpan<char> body, char group, char mark)
    {
        var markAt = body.IndexOf(mark);
        if (markAt >= 0 && body[(markAt + 1)..].ContainsAny(mark, group)) return false;
        var whole = markAt < 0 ? body : body[..markAt];
        var first = whole.IndexOf(group);
        if (first < 0) return true;
        if (first is 0 or > 3 || whole[0] == '0') return false;
        for (var rest = whole[first..]; rest.Length > 0; rest = rest[4..])
        {
            if (rest.Length < 4 || rest[0] != group || rest[1..4].Contains(group)) return false;
        }
        return true;
    }
}
