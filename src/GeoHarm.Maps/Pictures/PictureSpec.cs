using GeoHarm.Maps.Styles;

namespace GeoHarm.Maps.Pictures;

/// <summary>Size of a picture.</summary>
/// <param name="Width">Points (1/72 inch).</param>
/// <param name="Height">Points.</param>
/// <param name="Dpi">Pixels to an inch in PNG; default 144, sharp on screens and enough for half a page of print.</param>
public sealed record PictureSize(float Width, float Height, int Dpi = 144)
{
    /// <summary>A4, lying: 842 x 595 points.</summary>
    public static PictureSize A4Landscape { get; } = new(842, 595);

    /// <summary>A4, upright.</summary>
    public static PictureSize A4Portrait { get; } = new(595, 842);

    /// <summary>Pixels across in PNG.</summary>
    public int PixelWidth => (int)Math.Round(Width * Dpi / 72);

    /// <summary>Pixels down in PNG.</summary>
    public int PixelHeight => (int)Math.Round(Height * Dpi / 72);
}

/// <summary>What stands under a picture, so that it can be cited and is not mistaken for what it is not.</summary>
public sealed record Credits
{
    /// <summary>Sources, as to be cited.</summary>
    public string Source { get; init; } = "";

    /// <summary>Licence of the data.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Date of the figures or of the run, as text that the caller gives (pictures read no clock).</summary>
    public string Date { get; init; } = "";

    /// <summary>Run id; its first 12 characters are printed.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Whether the picture shows a model's scenario: prints "scenario, not forecast; modelled, not observed".</summary>
    public bool IsScenario { get; init; } = true;

    /// <summary>Sentences that must be read with the picture.</summary>
    public IReadOnlyList<string> Caveats { get; init; } = [];
}

/// <summary>A picture: one panel or several in rows, under one title and over one line of credits.</summary>
public sealed record PictureSpec
{
    /// <summary>File stem, letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What the picture says, as a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>What, where, when, unit.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Panels in reading order.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Panels to a row.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Credits.</summary>
    public Credits Credits { get; init; } = new();

    /// <summary>Text that says what the picture shows to those who do not see it, with its numbers.</summary>
    public string AltText { get; init; } = "";

    /// <summary>Size.</summary>
    public PictureSize Size { get; init; } = PictureSize.A4Landscape;

    /// <summary>Language of furniture and numbers: en, es or pt.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Look.</summary>
    public PictureStyle Style { get; init; } = PictureStyle.Default;

    /// <summary>The title in the picture's language: that of a layer comes in English, and is put where the catalogue of phrases has it.</summary>
    internal string TitleInWords => Reports.Wording.In(Language).Phrase(Title);

    /// <summary>The subtitle in the picture's language.</summary>
    internal string SubtitleInWords => Reports.Wording.In(Language).Phrase(Subtitle);
}
