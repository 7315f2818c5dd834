using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>What one kind of eradication does, drawn once per ensemble member.</summary>
/// <param name="KillShare">q, gross kill share per treated hectare, 0 to 1.</param>
/// <param name="Replanted">rho, share of what was removed that replants in place, 0 to 1.</param>
public readonly record struct EradicationDraw(double KillShare, double Replanted);

/// <summary>Assumptions of a what-if projection.</summary>
/// <param name="Leakage">lambda: share of what was removed and not replanted that reappears elsewhere; above 1 is induced planting.</param>
/// <param name="KappaKilometres">Length scale of reappearance, km; infinity for attraction alone.</param>
public readonly record struct BalloonAssumptions(double Leakage, double KappaKilometres);

/// <summary>
/// The balloon projection, a labelled what-if (models 1): gross removal R_i = C_i (1 - prod_k (1 - q_k)^(E_ik / C_i)),
/// a share rho_i replants in place, a share lambda of the rest reappears in j with P(j|i) proportional to
/// A_j exp(-d_ij / kappa), j not i. All in hectares, one entry per unit. Every step keeps
/// C_after = C - R + rho R + in and sum in = lambda sum (1 - rho) R to rounding.
/// The data do not identify lambda and kappa (findings A): they are assumptions that the user sees and sets.
/// Cost: units x units a step when kappa is finite, else units x removing units.
/// </summary>
public sealed class BalloonProjection
{
    private readonly Attraction attraction;
    private readonly bool[] ever;
    private readonly double[] distancesKilometres;
    private readonly int units;
    private readonly double[] weights;

    /// <summary>Prepares a projection over units.</summary>
    /// <param name="attraction">Fitted attraction.</param>
    /// <param name="ever">Whether coca was ever seen in the unit up to the baseline.</param>
    /// <param name="distancesKilometres">Distances between unit centres, row-major units x units, km.</param>
    public BalloonProjection(Attraction attraction, bool[] ever, double[] distancesKilometres)
    {
        units = ever.Length;
        if (distancesKilometres.Length != units * units) throw new ArgumentException("Distances must be units x units.", nameof(distancesKilometres));
        (this.attraction, this.ever, this.distancesKilometres) = (attraction, ever, distancesKilometres);
        weights = new double[units];
    }

    /// <summary>One year: removes, replants, and lets the leak reappear. Adds what happened to <paramref name="balance"/>.</summary>
    /// <param name="stock">Hectares per unit, replaced by the year's end.</param>
    /// <param name="treated">Treated hectares, kinds x units, row-major.</param>
    /// <param name="kinds">What each kind does; one entry per row of <paramref name="treated"/>; unit-specific replanting through its own row.</param>
    /// <param name="assumptions">lambda and kappa.</param>
    /// <param name="balance">Running totals per unit.</param>
    public void Step(Span<double> stock, ReadOnlySpan<double> treated, ReadOnlySpan<EradicationDraw> kinds, BalloonAssumptions assumptions, BalloonBalance balance)
    {
        attraction.Weights(stock, ever, weights);
        var arriving = balance.Scratch;
        arriving.Clear();
        for (var i = 0; i < units; i++)
        {
            var (removed, replanted) = Removal(stock[i], treated, kinds, i);
            if (removed <= 0) continue;
            balance.Removed[i] += removed;
            balance.Replanted[i] += replanted;
            stock[i] += replanted - removed;
            Scatter(i, assumptions.Leakage * (removed - replanted), assumptions.KappaKilometres, arriving);
        }
        for (var j = 0; j < units; j++)
        {
            stock[j] += arriving[j];
            balance.Reappeared[j] += arriving[j];
        }
    }

    private (double Removed, double Replanted) Removal(double hectares, ReadOnlySpan<double> treated, ReadOnlySpan<EradicationDraw> kinds, int unit)
    {
        if (hectares <= 0) return (0, 0);
        double surviving = 1, force = 0, replantedForce = 0;
        for (var k = 0; k < kinds.Length; k++)
        {
            var area = treated[k * units + unit];
            if (area <= 0) continue;
            var survives = PortableMath.Pow(1 - kinds[k].KillShare, area / hectares);
            surviving *= survives;
            var strength = 1 - survives;
            force += strength;
            replantedForce += strength * kinds[k].Replanted;
        }
        var removed = hectares * (1 - surviving);
        return (removed, force > 0 ? removed * replantedForce / force : 0);
    }

    private void Scatter(int origin, double hectares, double kappaKilometres, Span<double> arriving)
    {
        if (hectares == 0) return;
        var infinite = double.IsPositiveInfinity(kappaKilometres);
        var sum = 0.0;
        for (var j = 0; j < units; j++) sum += Pull(origin, j, infinite, kappaKilometres);
        if (sum <= 0) throw new InvalidOperationException("No unit attracts what leaves: the floor of attraction must be positive.");
        for (var j = 0; j < units; j++) arriving[j] += hectares * Pull(origin, j, infinite, kappaKilometres) / sum;
    }

    private double Pull(int origin, int j, bool infinite, double kappaKilometres) =>
        j == origin ? 0 : infinite ? weights[j] : weights[j] * PortableMath.Exp(-distancesKilometres[origin * units + j] / kappaKilometres);
}

/// <summary>Running account of a projection, hectares per unit over all its years.</summary>
public sealed class BalloonBalance(int units)
{
    private readonly double[] scratch = new double[units];

    /// <summary>Gross removal.</summary>
    public double[] Removed { get; } = new double[units];

    /// <summary>Replanted in place.</summary>
    public double[] Replanted { get; } = new double[units];

    /// <summary>Reappeared here from elsewhere.</summary>
    public double[] Reappeared { get; } = new double[units];

    internal Span<double> Scratch => scratch;
}
