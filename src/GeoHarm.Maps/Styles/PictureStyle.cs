using System.Text.Json;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Styles;

/// <summary>
/// How a picture's frame and furniture look; sizes in points (1/72 inch), colours #RRGGBB. Read from tiles/styles/*.json
/// by name of property, camelCase; what a file leaves out keeps the default.
/// </summary>
public sealed record PictureStyle
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
    };

    /// <summary>The house style.</summary>
    public static PictureStyle Default { get; } = new();

    /// <summary>Page colour.</summary>
    public string Paper { get; init; } = "#FFFFFF";

    /// <summary>Water and everything outside land; light, so that no class is lighter than it.</summary>
    public string Sea { get; init; } = "#E9EFF3";

    /// <summary>Land without a value of the map's theme.</summary>
    public string Land { get; init; } = "#ECE9E2";

    /// <summary>Zones where the theme has no value; also hatched.</summary>
    public string NoValue { get; init; } = "#DDDCD8";

    /// <summary>Outlines between zones.</summary>
    public string ZoneOutline { get; init; } = "#8C8A85";

    /// <summary>Coast and country outlines.</summary>
    public string LandOutline { get; init; } = "#A9A59D";

    /// <summary>Graticule lines.</summary>
    public string Graticule { get; init; } = "#C9D3DA";

    /// <summary>Text.</summary>
    public string Ink { get; init; } = "#1E2329";

    /// <summary>Secondary text.</summary>
    public string Faint { get; init; } = "#5A6169";

    /// <summary>Less, in charts and flow arrows.</summary>
    public string Less { get; init; } = "#2F76B0";

    /// <summary>More, in charts and flow arrows.</summary>
    public string More { get; init; } = "#D9751E";

    /// <summary>Flows that are neither less nor more.</summary>
    public string Flow { get; init; } = "#1F5C8B";

    /// <summary>Title size.</summary>
    public float TitleSize { get; init; } = 17;

    /// <summary>Subtitle size.</summary>
    public float SubtitleSize { get; init; } = 10;

    /// <summary>Panel title size.</summary>
    public float PanelTitleSize { get; init; } = 11;

    /// <summary>Legend and axis text size.</summary>
    public float LegendSize { get; init; } = 8;

    /// <summary>Size of names on the map.</summary>
    public float LabelSize { get; init; } = 7.2f;

    /// <summary>Credits size; the least that prints legibly.</summary>
    public float CreditSize { get; init; } = 6.8f;

    /// <summary>White space at the page's edge.</summary>
    public float Margin { get; init; } = 22;

    /// <summary>Zone outline width.</summary>
    public float ZoneOutlineWidth { get; init; } = 0.45f;

    /// <summary>Country outline width.</summary>
    public float LandOutlineWidth { get; init; } = 0.6f;

    /// <summary>The style a JSON text describes. Unknown keys and bad values throw <see cref="InvalidInputException"/>.</summary>
    public static PictureStyle Parse(string json, string file)
    {
        try
        {
            return JsonSerializer.Deserialize<PictureStyle>(json, Format) ?? throw new JsonException("the text is null");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException([Fault.AtLine("GH6001", file, (int)(e.LineNumber ?? 0) + 1, $"Not a picture style: {e.Message}", "Use the keys of tiles/styles/house.json.")]);
        }
    }

    /// <summary>The style as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
