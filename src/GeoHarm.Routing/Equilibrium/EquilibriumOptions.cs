namespace GeoHarm.Routing.Equilibrium;

/// <summary>When a user equilibrium is good enough, and how hard each round works.</summary>
public sealed record EquilibriumOptions
{
    /// <summary>Relative gap to reach: (total cost - cost on shortest paths) / cost on shortest paths. Default 1e-6; 1e-12 is within reach, below it rounding rules.</summary>
    public double RelativeGap { get; init; } = 1e-6;

    /// <summary>Most rounds of shortest paths; default 200, ten times what the test networks need for 1e-12.</summary>
    public int MaxRounds { get; init; } = 200;

    /// <summary>Most passes over the bushes in a round; 1 to 1000, default 12 (measured: fewer leave slow modes, more polish old bushes).</summary>
    public int MaxPasses { get; init; } = 12;

    /// <summary>A round ends when a pass finds less than this share of its first pass's excess cost; default 0.02.</summary>
    public double PassShare { get; init; } = 0.02;

    /// <summary>A bush sits out passes while its excess cost is below this share of the mean; default 0.05 (measured: two fifths of the time on small networks).</summary>
    public double SkipShare { get; init; } = 0.05;
}

/// <summary>What a solve reached. Not converging is a number here, not an error.</summary>
/// <param name="RelativeGap">Gap reached.</param>
/// <param name="Converged">Whether it is at most the gap asked for.</param>
/// <param name="Rounds">Rounds of shortest paths.</param>
/// <param name="Passes">Passes over the bushes.</param>
/// <param name="Objective">Beckmann's objective: the sum over arcs of the integral of cost.</param>
/// <param name="TotalCost">Sum over arcs of flow times cost.</param>
/// <param name="UnservedTrips">Trips that had no open path, left out of the flows.</param>
public sealed record EquilibriumResult(double RelativeGap, bool Converged, int Rounds, int Passes, double Objective, double TotalCost, double UnservedTrips)
{
    /// <summary>Zone pairs without an open path, with their trips.</summary>
    public IReadOnlyList<(int Origin, int Destination, double Trips)> Unserved { get; init; } = [];
}
