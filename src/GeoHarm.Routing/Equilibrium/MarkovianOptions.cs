namespace GeoHarm.Routing.Equilibrium;

/// <summary>Settings of a Markovian loading.</summary>
public sealed record MarkovianOptions
{
    /// <summary>
    /// Dispersion, per unit of cost; above 0. Small values spread flow over many paths, large ones approach shortest paths.
    /// Default 3: near the value that calibration on the study network gave with reference probabilities (3.15).
    /// </summary>
    public double Theta { get; init; } = 3;

    /// <summary>
    /// Largest flow-balance error accepted, as a share of all that is sent; default 1e-10. A sound loading reaches 1e-13; one
    /// near its critical theta loses digits long before a figure looks wrong.
    /// </summary>
    public double BalanceTolerance { get; init; } = 1e-10;
}

/// <summary>
/// A loading that does not exist: at this theta the expected number of turns in some cycle is unbounded (spectral radius
/// of W at least 1), or lost too many digits to be trusted. A calculation that went on would give figures that look normal.
/// </summary>
public sealed class DivergentLoadingException : Exception
{
    private readonly int[] cycle;

    internal DivergentLoadingException(double theta, int destination, int[] cycle, string message)
        : base(message)
    {
        Theta = theta;
        Destination = destination;
        this.cycle = cycle;
    }

    /// <summary>Dispersion at which it failed.</summary>
    public double Theta { get; }

    /// <summary>Destination node of the failing loading.</summary>
    public int Destination { get; }

    /// <summary>Nodes of the cycle that grows, as the caller numbers them; empty where only precision was lost.</summary>
    public ReadOnlySpan<int> Cycle => cycle;
}
