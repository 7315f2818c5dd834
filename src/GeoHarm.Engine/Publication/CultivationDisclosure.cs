using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Publication;

/// <summary>When figures of places made from a cultivation layer may be shown, and how.</summary>
/// <param name="LeastContributors">Fewest source records with coca that a shown place has; default 10.</param>
/// <param name="MostShare">Largest share that one record may hold; default half.</param>
/// <param name="LeastAreaHa">Smallest place, hectares; default 2,500, a cell of 5 km.</param>
/// <param name="RoundHa">What public areas are rounded to; default 10 ha.</param>
public sealed record DisclosureOptions(int LeastContributors = 10, double MostShare = 0.5, double LeastAreaHa = 2_500, double RoundHa = 10);

/// <summary>
/// Which places of a table made from a cultivation layer may be shown: enough contributors, none dominant, not smaller
/// than a cell of 5 km. Where exactly one is held back, the one with the next fewest contributors is too, so that no
/// total gives it away. Places without any coca are shown as they are. For the steward nothing is held back.
/// </summary>
public static class CultivationDisclosure
{
    /// <summary>Whether each place may be shown.</summary>
    /// <param name="contributors">Source records with coca in each place.</param>
    /// <param name="largestShare">Share of the largest record in each.</param>
    /// <param name="areaHa">Hectares of each.</param>
    /// <param name="audience">For whom.</param>
    /// <param name="options">Thresholds.</param>
    public static bool[] Shown(ReadOnlySpan<int> contributors, ReadOnlySpan<double> largestShare, ReadOnlySpan<double> areaHa, Audience audience, DisclosureOptions options)
    {
        var shown = new bool[contributors.Length];
        for (var i = 0; i < shown.Length; i++)
        {
            var enough = audience == Audience.Analyst || (contributors[i] >= options.LeastContributors && largestShare[i] <= options.MostShare);
            shown[i] = audience == Audience.Steward || contributors[i] == 0 || (areaHa[i] >= options.LeastAreaHa && enough);
        }
        if (shown.Count(s => !s) != 1) return shown;
        var next = -1;
        for (var i = 0; i < shown.Length; i++)
        {
            if (shown[i] && contributors[i] > 0 && (next < 0 || contributors[i] < contributors[next])) next = i;
        }
        if (next >= 0) shown[next] = false;
        return shown;
    }

    /// <summary>An area as the audience sees it: rounded for the public.</summary>
    public static double Rounded(double hectares, Audience audience, DisclosureOptions options) =>
        audience == Audience.Public ? Math.Round(hectares / options.RoundHa) * options.RoundHa : hectares;
}
