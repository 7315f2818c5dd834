namespace GeoHarm.Engine.Deforestation;

/// <summary>
/// Forest felled for new coca: new hectares times the share of new plots that were forest (SIMCI: 0.48 in 2001, 0.27 in
/// 2006, 0.36 in 2011; models 2). Replanting in place fells nothing. Hectares in and out, one entry per unit.
/// </summary>
public static class ForestFelled
{
    /// <summary>Adds the forest felled by new hectares.</summary>
    /// <param name="newHectares">New hectares per unit; negative entries (shrinking) fell nothing.</param>
    /// <param name="forestShare">Share of new plots from forest, 0 to 1.</param>
    /// <param name="felled">Added to, hectares of forest per unit.</param>
    public static void Add(ReadOnlySpan<double> newHectares, double forestShare, Span<double> felled)
    {
        for (var i = 0; i < felled.Length; i++) felled[i] += Math.Max(0, newHectares[i]) * forestShare;
    }
}
