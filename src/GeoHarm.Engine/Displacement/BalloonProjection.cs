using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>What one kind of eradication does, drawn once per ensemble member.</summary>
/// <param name="KillShare">q, gross kill share per treated hectare, 0 to 1.</param>
/// <param name="Replanted">rho, share of what was removed that replants in place, 0 to 1.</param>
/// <param name="Boom">Hectares planted when a programme is announced, as a share of those that stand; 0 or more.</param>
/// <param name="Delivered">Share of the hectares of the plan that are treated, 0 to 1.</param>
public readonly record struct EradicationDraw(double KillShare, double Replanted, double Boom = 0, double Delivered = 1);

/// <summary>
/// The balloon projection, a labelled what-if (models.md 1). One year: planting on announcement B_i = boom_k C_i; gross removal
/// R_i = C_i (1 - prod_k (1 - q_k)^(E_ik / C_i)); a share rho_i replants in place; a share lambda of the rest reappears in j
/// with P(j|i) proportional to A_j exp(-d_ij / kappa), j not i. All in hectares, one entry per unit. Every step keeps
/// C_after = C + B - R + rho R + in and sum in = lambda sum (1 - rho) R to rounding.
/// The data do not identify lambda and kappa (findings.md A): they are assumptions that the user sees and sets.
/// Cost of a year: units; with a finite kappa removing units x units besides. A workspace of one thread.
/// </summary>
public sealed class BalloonProjection
{
    private readonly Attraction attraction;
    private readonly bool[] ever;
    private readonly int units;
    private readonly double[] weights, leaving, pull, arriving;
    private double[] logSurviving = [];

    /// <summary>Prepares a projection over units.</summary>
    /// <param name="attraction">Fitted attraction.</param>
    /// <param name="ever">Whether coca was ever seen in the unit up to the baseline.</param>
    public BalloonProjection(Attraction attraction, bool[] ever)
    {
        (units, this.attraction, this.ever) = (ever.Length, attraction, ever);
        (weights, leaving, pull, arriving) = (new double[units], new double[units], new double[units], new double[units]);
    }

    /// <summary>One year: plants what an announcement brings, removes, replants, and lets the leak reappear.</summary>
    /// <param name="stock">Hectares per unit, replaced by the year's end.</param>
    /// <param name="treated">Treated hectares, kinds x units, row-major.</param>
    /// <param name="announced">Whether a kind is announced in the unit this year, kinds x units; empty for none.</param>
    /// <param name="kinds">What each kind does; one entry per row of <paramref name="treated"/>; unit-specific replanting through its own row.</param>
    /// <param name="leakage">lambda: share of what was removed and not replanted that reappears elsewhere; above 1 is induced planting.</param>
    /// <param name="kernel">exp(-d / kappa) with a row for every unit that is treated.</param>
    /// <param name="balance">Running totals per unit, added to.</param>
    public void Step(
        Span<double> stock, ReadOnlySpan<double> treated, ReadOnlySpan<bool> announced, ReadOnlySpan<EradicationDraw> kinds, double leakage, ReappearanceKernel kernel, BalloonBalance balance)
    {
        for (var a = 0; a < announced.Length; a++)
        {
            if (!announced[a]) continue;
            var planted = stock[a % units] * kinds[a / units].Boom;
            stock[a % units] += planted;
            balance.Announced[a % units] += planted;
        }
        if (!treated.ContainsAnyExcept(0.0)) return;
        attraction.Weights(stock, ever, weights);
        if (logSurviving.Length < kinds.Length) logSurviving = new double[kinds.Length];
        for (var k = 0; k < kinds.Length; k++) logSurviving[k] = PortableMath.Log(1 - kinds[k].KillShare); // (1 - q)^(E / C) = exp(E / C log(1 - q))
        Array.Clear(leaving);
        for (var i = 0; i < units; i++)
        {
            var (removed, replanted) = Removal(stock[i], treated, kinds, i);
            if (removed <= 0) continue;
            balance.Removed[i] += removed;
            balance.Replanted[i] += replanted;
            stock[i] += replanted - removed;
            leaving[i] = leakage * (removed - replanted);
        }
        if (kernel.IsFlat) ScatterByAttraction();
        else ScatterByDistance(kernel);
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
            var survives = PortableMath.Exp(logSurviving[k] * (area / hectares));
            surviving *= survives;
            var strength = 1 - survives;
            force += strength;
            replantedForce += strength * kinds[k].Replanted;
        }
        var removed = hectares * (1 - surviving);
        return (removed, force > 0 ? removed * replantedForce / force : 0);
    }

    /// <summary>Without distance, in_j = A_j sum over i not j of L_i / (A - A_i): one pass instead of units x units.</summary>
    private void ScatterByAttraction()
    {
        double all = 0, shares = 0;
        for (var j = 0; j < units; j++) all += weights[j];
        for (var i = 0; i < units; i++)
        {
            if (leaving[i] > 0) leaving[i] /= Others(i, all);
            shares += leaving[i];
        }
        // With one origin alone the difference is exactly 0, so that nothing returns to it.
        for (var j = 0; j < units; j++) arriving[j] = weights[j] * Math.Max(0, shares - leaving[j]);
    }

    private double Others(int unit, double all)
    {
        const double cancels = 1e-6; // below this share of the sum the difference would lose digits that the balance needs
        var rest = all - weights[unit];
        if (rest <= cancels * all)
        {
            rest = 0;
            for (var j = 0; j < units; j++) rest += j == unit ? 0 : weights[j];
        }
        return rest > 0 ? rest : throw Unattracted();
    }

    /// <summary>With distance, one row of the kernel an origin serves its sum and its spread while it lies in cache.</summary>
    private void ScatterByDistance(ReappearanceKernel kernel)
    {
        Array.Clear(pull);
        for (var i = 0; i < units; i++)
        {
            if (!(leaving[i] > 0)) continue;
            var row = kernel.Row(i);
            var sum = FixedLanes.Dot(row, weights);
            if (!(sum > 0)) throw Unattracted();
            FixedLanes.AddScaled(leaving[i] / sum, row, pull);
        }
        for (var j = 0; j < units; j++) arriving[j] = weights[j] * pull[j];
    }

    private static InvalidOperationException Unattracted() => new("No unit attracts what leaves: the floor of attraction must be positive, and kappa long enough to reach another unit.");
}

/// <summary>Running account of a projection, hectares per unit over all its years.</summary>
public sealed class BalloonBalance(int units)
{
    /// <summary>Gross removal.</summary>
    public double[] Removed { get; } = new double[units];

    /// <summary>Replanted in place.</summary>
    public double[] Replanted { get; } = new double[units];

    /// <summary>Reappeared here from elsewhere.</summary>
    public double[] Reappeared { get; } = new double[units];

    /// <summary>Planted here because a programme was announced.</summary>
    public double[] Announced { get; } = new double[units];

    /// <summary>Sets every account to 0.</summary>
    public void Clear()
    {
        foreach (var account in new[] { Removed, Replanted, Reappeared, Announced }) Array.Clear(account);
    }
}
