namespace GeoHarm.Engine.Displacement;

/// <summary>How well a simulated change of cells meets the observed one at one resolution, hectares.</summary>
/// <param name="BlockSide">Cells along the side of a block.</param>
/// <param name="Hits">Change seen and said, in the same direction.</param>
/// <param name="Misses">Change seen and not said.</param>
/// <param name="FalseAlarms">Change said and not seen.</param>
/// <param name="FigureOfMerit">Hits over hits, misses and false alarms; 1 when nothing changes in either map.</param>
public sealed record ThreeMapScore(int BlockSide, double Hits, double Misses, double FalseAlarms, double FigureOfMerit);

/// <summary>
/// The three-map comparison (Pontius and others 2008, doi 10.1007/s00168-007-0138-2): initial, observed and simulated map, so that what
/// merely persists earns nothing. Here in hectares: in a block, min(|seen|, |said|) of the same sign is hit. At several resolutions it
/// tells near misses from far ones: at the coarsest only the net change is left.
/// </summary>
public static class ThreeMapComparison
{
    /// <summary>Compares at each block side.</summary>
    /// <param name="initial">Hectares by cell, row-major.</param>
    /// <param name="observed">Hectares by cell later.</param>
    /// <param name="simulated">Simulated hectares by cell.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="blockSides">Cells along the side of a block, each 1 or more.</param>
    public static IReadOnlyList<ThreeMapScore> Compare(ReadOnlySpan<double> initial, ReadOnlySpan<double> observed, ReadOnlySpan<double> simulated, int columns, IReadOnlyList<int> blockSides)
    {
        if (initial.Length != observed.Length || initial.Length != simulated.Length || initial.Length % columns != 0) throw new ArgumentException("The three maps have the same whole rows of cells.", nameof(columns));
        var scores = new List<ThreeMapScore>();
        foreach (var side in blockSides)
        {
            double[] first = PatchAllocation.Blocks(initial, columns, side), seen = PatchAllocation.Blocks(observed, columns, side), said = PatchAllocation.Blocks(simulated, columns, side);
            double hits = 0, misses = 0, alarms = 0;
            for (var b = 0; b < first.Length; b++)
            {
                double s = seen[b] - first[b], m = said[b] - first[b];
                var right = s * m > 0 ? Math.Min(Math.Abs(s), Math.Abs(m)) : 0;
                hits += right;
                misses += Math.Abs(s) - right;
                alarms += Math.Abs(m) - right;
            }
            var all = hits + misses + alarms;
            scores.Add(new ThreeMapScore(side, hits, misses, alarms, all > 0 ? hits / all : 1));
        }
        return scores;
    }
}
