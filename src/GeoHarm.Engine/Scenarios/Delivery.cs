using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>
/// Implementation apart from strategy: the share of a measure as designed that is carried out, d^w, with d drawn once a member (prior
/// "delivery.share": how faithfully programmes are carried out at all) and w the mean vulnerability weight of the measure's places
/// (0.5 to 2 by rule of law and homicide rate: local capacity). A form of GeoHarm's own: 1 where d is 1, less where institutions are
/// weaker. The share scales treated hectares, the cargo stopped and what is added to risk. Hectares that were observed were delivered and keep their share of 1.
/// </summary>
public static class Delivery
{
    /// <summary>The prior.</summary>
    public const string Key = "delivery.share";

    /// <summary>Share of a measure that is carried out in a member, 0 to 1; 1 in a scenario as designed.</summary>
    public static double Share(ScenarioInputs inputs, int measure, int member)
    {
        var scenario = inputs.Scenario;
        if (!scenario.IsDelivered || scenario.Policy[measure].Hectares.Observed) return 1;
        var drawn = inputs.Priors.Draw(Key, scenario.Seed, (uint)member);
        return drawn <= 0 ? 0 : PortableMath.Exp(inputs.DeliveryPowers[measure] * PortableMath.Log(drawn));
    }

    /// <summary>Mean vulnerability weight of the places of each measure; 1 where it names none.</summary>
    internal static double[] Powers(Scenario scenario, Zones zones, double[] weights) =>
        [.. scenario.Policy.Select(m => m.Places.SelectMany(zones.Resolve).Distinct().Select(z => weights[z]).DefaultIfEmpty(1).Average())];
}
