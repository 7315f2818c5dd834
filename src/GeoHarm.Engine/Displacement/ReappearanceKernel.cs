using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// How far what was removed may reappear: exp(-d_ij / kappa) from every unit where hectares may be removed to every unit, 0 to
/// itself (models.md 1). An infinite kappa holds no matrix: destinations then follow attraction alone. Built once, read by
/// all threads. Memory: origins x units x 8 bytes when kappa is finite.
/// </summary>
public sealed class ReappearanceKernel
{
    private readonly double[] rows;
    private readonly int[] rowOf;
    private readonly int units;

    /// <summary>A kernel.</summary>
    /// <param name="kappaKilometres">Length scale, km, above 0; infinity for attraction alone.</param>
    /// <param name="distancesKilometres">Distances between unit centres, row-major units x units, km.</param>
    /// <param name="origins">Units where hectares may be removed.</param>
    public ReappearanceKernel(double kappaKilometres, double[] distancesKilometres, IEnumerable<int> origins)
    {
        if (!(kappaKilometres > 0)) throw new ArgumentOutOfRangeException(nameof(kappaKilometres), kappaKilometres, "Kappa is above 0 km.");
        units = (int)Math.Round(Math.Sqrt(distancesKilometres.Length));
        if (units * units != distancesKilometres.Length) throw new ArgumentException("Distances must be units x units.", nameof(distancesKilometres));
        KappaKilometres = kappaKilometres;
        rowOf = new int[units];
        Array.Fill(rowOf, -1);
        var chosen = IsFlat ? [] : origins.Distinct().Order().ToArray();
        rows = new double[chosen.Length * units];
        for (var r = 0; r < chosen.Length; r++)
        {
            rowOf[chosen[r]] = r;
            for (var j = 0; j < units; j++)
            {
                rows[r * units + j] = j == chosen[r] ? 0 : PortableMath.Exp(-distancesKilometres[chosen[r] * units + j] / kappaKilometres);
            }
        }
    }

    /// <summary>Length scale, km.</summary>
    public double KappaKilometres { get; }

    /// <summary>Whether distance plays no part.</summary>
    public bool IsFlat => double.IsPositiveInfinity(KappaKilometres);

    /// <summary>exp(-d / kappa) from an origin to every unit. Throws for a unit that is no origin, and for an infinite kappa.</summary>
    public ReadOnlySpan<double> Row(int origin) => rowOf[origin] >= 0
        ? rows.AsSpan(rowOf[origin] * units, units)
        : throw new ArgumentOutOfRangeException(nameof(origin), origin, "The kernel was not made for hectares removed here.");
}
