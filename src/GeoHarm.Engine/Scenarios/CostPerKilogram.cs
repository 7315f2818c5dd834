using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Scenarios;

/// <summary>What was published on the cost of keeping one kilogram from its market.</summary>
/// <param name="EradicationDollars">US$ per kilogram by eradication.</param>
/// <param name="InterdictionDollars">US$ per kilogram by interdiction.</param>
/// <param name="Source">Citation of both.</param>
/// <param name="WorkshopLow">Interdiction is so many times as cost-efficient as eradication: lower end said at the workshop.</param>
/// <param name="WorkshopHigh">Upper end.</param>
/// <param name="WorkshopSource">Citation of the workshop.</param>
public sealed record PublishedCosts(double EradicationDollars, double InterdictionDollars, string Source, double WorkshopLow, double WorkshopHigh, string WorkshopSource)
{
    /// <summary>Eradication over interdiction.</summary>
    public double Ratio => EradicationDollars / InterdictionDollars;

    /// <summary>From the study's table of priors; null where it has none of them.</summary>
    public static PublishedCosts? Of(Priors priors)
    {
        if (!new[] { "cost_per_kg.eradication", "cost_per_kg.interdiction", "cost_ratio.workshop" }.All(priors.Has)) return null;
        var (eradication, interdiction, workshop) = (priors["cost_per_kg.eradication"], priors["cost_per_kg.interdiction"], priors["cost_ratio.workshop"]);
        return new PublishedCosts(eradication.Central, interdiction.Central, eradication.Source, workshop.Low, workshop.High, workshop.Source);
    }

    /// <summary>Published US$ per kilogram of the instruments of a policy, least and most; null where none of them has a published figure.</summary>
    public (double Least, double Most)? Of(IEnumerable<Instrument> instruments)
    {
        double[] known = [.. instruments.Select(i => i switch
        {
            Instrument.Interdiction => InterdictionDollars,
            Instrument.AerialSpraying or Instrument.ManualEradication => EradicationDollars,
            _ => double.NaN,
        }).Where(double.IsFinite)];
        return known.Length == 0 ? null : (known.Min(), known.Max());
    }
}

/// <summary>Kilograms that an option keeps from their markets against doing nothing, and what one of them costs.</summary>
/// <param name="AvoidedKilograms">Kilograms delivered when nothing is done less those delivered under the option, a year; below 0 where more arrive.</param>
/// <param name="ShareAvoiding">Share of members in which any are kept away.</param>
/// <param name="Published">Published US$ per kilogram of its instruments, least and most; null for none.</param>
/// <param name="BudgetDollars">US$ a year that the user gave; null for none.</param>
/// <param name="PerMillion">Kilograms kept away per US$ million of that budget; null without one.</param>
/// <param name="Dollars">US$ per kilogram kept away: budget over mean kilograms; null without a budget or where none are kept away on average.</param>
public sealed record CostPerKilogram(Interval AvoidedKilograms, double ShareAvoiding, (double Least, double Most)? Published, double? BudgetDollars, Interval? PerMillion, double? Dollars)
{
    /// <summary>From the tonnes delivered in each member, under the option and without any policy.</summary>
    /// <param name="deliveredTonnes">Tonnes delivered under the option, by member.</param>
    /// <param name="nothingTonnes">Tonnes delivered when nothing is done, by member.</param>
    /// <param name="published">Published figure of its instruments.</param>
    /// <param name="budgetDollars">US$ a year, above 0; null for none.</param>
    public static CostPerKilogram Of(ReadOnlySpan<double> deliveredTonnes, ReadOnlySpan<double> nothingTonnes, (double Least, double Most)? published, double? budgetDollars)
    {
        const double kilogramsPerTonne = 1000, million = 1e6;
        var avoided = new double[deliveredTonnes.Length];
        for (var m = 0; m < avoided.Length; m++) avoided[m] = (nothingTonnes[m] - deliveredTonnes[m]) * kilogramsPerTonne;
        var interval = Interval.OfDraws(avoided);
        return new CostPerKilogram(interval, avoided.Count(a => a > 0) / (double)avoided.Length, published, budgetDollars,
            budgetDollars is { } dollars ? Interval.OfDraws([.. avoided.Select(a => a / dollars * million)]) : null,
            budgetDollars is { } budget && interval.Value > 0 ? budget / interval.Value : null);
    }
}
