using System.Reflection;
using SkiaSharp;

namespace GeoHarm.Maps.Styles;

/// <summary>
/// The two typefaces of every picture, embedded in this assembly (Noto Sans, SIL Open Font License 1.1, Fonts/OFL.txt),
/// so that a picture has the same bytes whatever fonts the machine has. No system font is ever asked for.
/// </summary>
public static class Typefaces
{
    private static readonly Lazy<SKTypeface> RegularFace = new(() => Load("Fonts.NotoSans-Regular.ttf"));
    private static readonly Lazy<SKTypeface> BoldFace = new(() => Load("Fonts.NotoSans-Bold.ttf"));

    /// <summary>Regular weight.</summary>
    internal static SKTypeface Regular => RegularFace.Value;

    /// <summary>Bold weight.</summary>
    internal static SKTypeface Bold => BoldFace.Value;

    /// <summary>Whether the embedded fonts can be loaded, and their family name: a line of <c>geoharm check</c>.</summary>
    public static (bool Ok, string Detail) Check()
    {
        try
        {
            return (Regular.GlyphCount > 0 && Bold.GlyphCount > 0, $"{Regular.FamilyName}, {Regular.GlyphCount} and {Bold.GlyphCount} glyphs, embedded");
        }
        catch (Exception e) when (e is InvalidOperationException or TypeInitializationException or DllNotFoundException)
        {
            return (false, e.Message);
        }
    }

    /// <summary>The bytes of an embedded font, for documents that carry it (report.html).</summary>
    public static byte[] Bytes(bool bold)
    {
        using var stream = Open(bold ? "Fonts.NotoSans-Bold.ttf" : "Fonts.NotoSans-Regular.ttf");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static SKTypeface Load(string name)
    {
        using var stream = Open(name);
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The embedded font {name} cannot be read.");
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The font {name} is not embedded in this build.");
}
