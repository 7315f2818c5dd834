using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>
/// The loop from seizures back to planting. Markets clear where delivered tonnes meet demand: d x^s S = d0 x^e S0 with d the share
/// delivered, x the price over the baseline's, s the elasticity of supply and e of demand (below 0); what the policy itself does to
/// planting is not counted again, so x = (d0 / d)^(1 / (s - e)) and planting is multiplied by x^s = (d0 / d)^(s / (s - e)). With e = 0 supply is
/// grossed up until demand is met in full. More cargo changes the share delivered, hence rounds.
/// </summary>
public sealed record SupplyLoop
{
    /// <summary>Change of planting below which the loop stops, as a share; default 5e-3: planting is known to no better than a per cent.</summary>
    public double Tolerance { get; init; } = 5e-3;

    /// <summary>Most rounds; default 8. Observed: 1 to 3.</summary>
    public int Rounds { get; init; } = 8;

    /// <summary>Bounds of the factor on planting: neither halved nor doubled within the years of a scenario.</summary>
    public (double Low, double High) Bounds { get; init; } = (0.5, 2);

    /// <summary>Factor on planting when the share delivered changes.</summary>
    /// <param name="deliveredBefore">Share delivered in the baseline.</param>
    /// <param name="delivered">Share delivered now.</param>
    /// <param name="supply">Price elasticity of supply, above 0.</param>
    /// <param name="demand">Price elasticity of demand, 0 or below.</param>
    public double Factor(double deliveredBefore, double delivered, double supply, double demand)
    {
        if (!(deliveredBefore > 0)) return 1;
        if (!(delivered > 0)) return Bounds.High;
        return Math.Clamp(PortableMath.Exp(PortableMath.Log(deliveredBefore / delivered) * supply / (supply - demand)), Bounds.Low, Bounds.High);
    }
}
