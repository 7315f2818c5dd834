namespace GeoHarm.Maps.Styles;

/// <summary>
/// Colours of a map, chosen so that colour-blind readers and a grey printer tell the classes apart: sequential ramps
/// fall in lightness only; the diverging ramp is blue (less) against orange (more), and "less" also carries a line
/// pattern, since two ends of equal lightness are one grey. Colours are #RRGGBB.
/// </summary>
public sealed record Palette
{
    private Palette(string name, bool diverging, params string[] colours) => (Name, IsDiverging, Anchors) = (name, diverging, colours);

    /// <summary>Name, as in a style file.</summary>
    public string Name { get; }

    /// <summary>Whether the ramp has two arms about a middle.</summary>
    public bool IsDiverging { get; }

    /// <summary>The colours that classes are interpolated from, light to dark, or less to more.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>Green, for cultivation.</summary>
    public static Palette Green { get; } = new("green", false, "#EEF4E6", "#CFE2BE", "#A0C68C", "#68A05F", "#317440", "#0B4526");

    /// <summary>Ochre, for forest felled.</summary>
    public static Palette Ochre { get; } = new("ochre", false, "#FAF1DC", "#F0D7A2", "#DDB05E", "#B98230", "#855518", "#4B2D0B");

    /// <summary>Blue, for flows.</summary>
    public static Palette Blue { get; } = new("blue", false, "#EDF3F9", "#C8DCED", "#94BDDC", "#5593C2", "#23689D", "#0B3C66");

    /// <summary>Violet, for people.</summary>
    public static Palette Violet { get; } = new("violet", false, "#F4F0F8", "#DACFE7", "#B6A3D0", "#8B73B4", "#614590", "#382063");

    /// <summary>Blue (less) to orange (more), for change.</summary>
    public static Palette BlueOrange { get; } = new("blue-orange", true, "#0B4A85", "#5598CA", "#BBD8EC", "#FAFAF8", "#FBD5A8", "#EC9540", "#AE4E0C");

    /// <summary>All palettes by name.</summary>
    public static IReadOnlyDictionary<string, Palette> All { get; } =
        new[] { Green, Ochre, Blue, Violet, BlueOrange }.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>Colours for so many classes, evenly along the ramp; the ends are always used from two classes up,
    /// and one class of change is the neutral middle.</summary>
    public IReadOnlyList<string> Colours(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return Enumerable.Range(0, classes).Select(c => At(classes == 1 ? (IsDiverging ? 0.5 : 0.6) : (double)c / (classes - 1))).ToArray();
    }

    /// <summary>The colour at a share (0 to 1) of the ramp.</summary>
    public string At(double share)
    {
        var position = Math.Clamp(share, 0, 1) * (Anchors.Count - 1);
        var index = Math.Min((int)position, Anchors.Count - 2);
        return Mix(Anchors[index], Anchors[index + 1], position - index);
    }

    /// <summary>Relative luminance (0 to 1) of a colour: what a grey printer makes of it (WCAG 2.1 definition).</summary>
    public static double Luminance(string colour)
    {
        var (r, g, b) = Channels(colour);
        return 0.2126 * Linear(r) + 0.7152 * Linear(g) + 0.0722 * Linear(b);

        static double Linear(int channel)
        {
            var c = channel / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
    }

    /// <summary>A colour between two, mixed in sRGB.</summary>
    internal static string Mix(string from, string to, double share)
    {
        var (a, b) = (Channels(from), Channels(to));
        return $"#{Part(a.R, b.R):X2}{Part(a.G, b.G):X2}{Part(a.B, b.B):X2}";

        int Part(int x, int y) => (int)Math.Round(x + (y - x) * share);
    }

    private static (int R, int G, int B) Channels(string colour) => colour.Length == 7 && colour[0] == '#'
        ? (Convert.ToInt32(colour[1..3], 16), Convert.ToInt32(colour[3..5], 16), Convert.ToInt32(colour[5..7], 16))
        : throw new ArgumentException($"'{colour}' is not a colour of the form #RRGGBB.");
}

/// <summary>
/// Nine colours for two signed variables at once (columns: the first is less, about the same, more; rows: the second
/// likewise). Rows also carry line patterns: less horizontal, more vertical, so the grid reads in grey.
/// </summary>
public static class BivariatePalette
{
    private static readonly string[,] Grid =
    {
        { "#3F78AE", "#D3E6DE", "#CBA036" },
        { "#5E97C7", "#FAFAF8", "#F7BE84" },
        { "#8C83B5", "#E2A6A0", "#9C3B12" },
    };

    /// <summary>Colour of a column (first variable) and row (second variable), each 0 to 2.</summary>
    public static string At(int column, int row) => Grid[row, column];
}
