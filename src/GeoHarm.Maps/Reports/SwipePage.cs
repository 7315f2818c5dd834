using System.Text;
using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// Two states of one map, one over the other, with a handle that uncovers the second: a self-contained HTML page without
/// script (the upper map lies in a box that the reader drags wider or narrower; CSS Basic User Interface 4, resize).
/// Without a mouse, and in print, the two stand one under the other.
/// </summary>
public static class SwipePage
{
    private const int Dpi = 144;

    /// <summary>The page of a picture with two panels, such as before and after. Throws <see cref="InvalidInputException"/>
    /// (GH6025) for another number of panels.</summary>
    public static (string Html, IReadOnlyList<string> Notes) Html(PictureSpec pair)
    {
        // A shared legend beside the maps is drawn in each of them instead.
        pair = pair with { Panels = [.. pair.Panels.Where(p => p is not LegendPanel)] };
        if (pair.Panels.Count != 2)
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6025", pair.Name, "panels", $"The picture has {pair.Panels.Count} panels; a swipe pair has two.", "Take a picture of two states, such as the flows before and after.")]);
        var words = Wording.In(pair.Language);

        // One extent for both, or the same place would not lie under the same pixel.
        var states = pair.Panels.Select(p => (p.Title, Drawn: Picture.Draw(pair with
        {
            Panels = [p is MapSpec map ? map with { Title = "", HasLegend = true, Extent = (pair.Panels[0] as MapSpec)?.ExtentInForce() ?? map.Extent } : p with { Title = "" }],
            Columns = 1, Size = PictureSize.A4Landscape with { Dpi = Dpi }, Subtitle = p.Title,
        }, PictureFormat.Png))).ToArray();
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"").Append(pair.Language).Append("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n<title>").Append(Report.Escape(pair.Title)).Append("</title>\n<style>\n")
            .Append("body { margin: 1rem; font-family: sans-serif; color: #1e2329; } .pair { position: relative; width: 1120px; height: 791px; border: 1px solid #c9c5bc; }\n")
            .Append(".pair img { position: absolute; left: 0; top: 0; width: 1120px; height: 791px; max-width: none; }\n")
            .Append(".over { position: absolute; left: 0; top: 0; width: 50%; min-width: 24px; max-width: 100%; height: 791px; overflow: hidden; resize: horizontal; border-right: 3px solid #1e2329; box-sizing: border-box; }\n")
            .Append("@media (hover: none), print { .pair { width: auto; height: auto; border: 0; } .pair img, .over { position: static; width: 100%; height: auto; resize: none; border: 0; } }\n")
            .Append("</style>\n</head>\n<body>\n<p>").Append(Report.Escape(words.Format("swipe.how", states[0].Title, states[1].Title))).Append("</p>\n<div class=\"pair\">\n")
            .Append(Image(states[1], pair)).Append("<div class=\"over\">").Append(Image(states[0], pair)).Append("</div>\n</div>\n</body>\n</html>\n");
        return (page.ToString(), [.. states.SelectMany(s => s.Drawn.Notes).Distinct(StringComparer.Ordinal)]);
    }

    private static string Image((string Title, DrawnPicture Drawn) state, PictureSpec pair) =>
        $"<img alt=\"{Report.Escape($"{state.Title}. {pair.Title}. {pair.AltText}")}\" src=\"data:image/png;base64,{Convert.ToBase64String(state.Drawn.Bytes)}\">";
}
