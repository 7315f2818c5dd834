using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Publication;

/// <summary>
/// Which places of a table made from a cultivation layer may be shown: those whose records with coca are enough and none
/// dominant (<see cref="CellSum.IsSafe"/>), no smaller than a cell of the grid, and those that complementary suppression
/// does not need to keep the others safe below their total. Places without coca are shown; for the steward all are.
/// </summary>
public static class CultivationDisclosure
{
    /// <summary>Whether each place may be shown.</summary>
    /// <param name="places">What each place holds of the cultivation layer.</param>
    /// <param name="areaHa">Hectares of each place.</param>
    /// <param name="audience">For whom.</param>
    /// <param name="rules">The rules in force.</param>
    public static bool[] Shown(IReadOnlyList<CellSum> places, IReadOnlyList<double> areaHa, Audience audience, DisclosureRules rules)
    {
        var shown = new bool[places.Count];
        Array.Fill(shown, true);
        if (audience == Audience.Steward) return shown;
        var leaves = new CellSum[places.Count + 1, 1];
        for (var i = 0; i < shown.Length; i++)
        {
            // A place too small to be shown is as unsafe as one that rests on a single record.
            leaves[i, 0] = places[i].IsEmpty || IsLarge(areaHa[i], rules) ? places[i] : places[i] with { Contributors = 1 };
        }
        var blank = ComplementarySuppression.Protect(new TotalsTable([.. Enumerable.Repeat(places.Count, places.Count), -1], leaves, hasTotalColumn: false), rules);
        for (var i = 0; i < shown.Length; i++) shown[i] = !blank[i, 0];
        return shown;
    }

    /// <summary>Whether a place is no smaller than the finest cell.</summary>
    public static bool IsLarge(double areaHa, DisclosureRules rules) => areaHa >= rules.CellMetres * rules.CellMetres / 10_000;

    /// <summary>An area as the audience sees it: rounded by cell keys for the public.</summary>
    public static double Rounded(double hectares, CellSum place, string column, Audience audience, DisclosureRules rules) =>
        audience == Audience.Public && !place.IsEmpty ? CellKeyRounding.Round(hectares, rules.RoundHectares, place.Key, column) : hectares;
}
