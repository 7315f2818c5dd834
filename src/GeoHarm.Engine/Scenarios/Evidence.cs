using GeoHarm.Engine.Harm;

namespace GeoHarm.Engine.Scenarios;

/// <summary>From model outcomes to harm evidence: the mean outcome of each zone before and after, by measure.</summary>
public static class Evidence
{
    /// <summary>Evidence of every zone in which anything happens.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="draws">The draws.</param>
    /// <param name="treatedHectares">Hectares treated per unit over all years.</param>
    /// <param name="sprayedHectares">Hectares sprayed per unit over all years.</param>
    public static IEnumerable<HarmEvidence> OfZones(ScenarioInputs inputs, EnsembleDraws draws, double[] treatedHectares, double[] sprayedHectares) =>
        OfZones(inputs, draws, treatedHectares, sprayedHectares, (measure, zone) => measure.Mean(zone));

    /// <summary>Evidence of every zone in one member.</summary>
    public static IEnumerable<HarmEvidence> OfMember(ScenarioInputs inputs, EnsembleDraws draws, int member, double[] treatedHectares, double[] sprayedHectares) =>
        OfZones(inputs, draws, treatedHectares, sprayedHectares, (measure, zone) => (measure.Before(member)[zone], measure.After(member)[zone]));

    private static IEnumerable<HarmEvidence> OfZones(
        ScenarioInputs inputs, EnsembleDraws draws, double[] treatedHectares, double[] sprayedHectares, Func<MeasureDraws, int, (double Before, double After)> outcome)
    {
        var years = inputs.Scenario.ToYear - inputs.Scenario.BaselineYear;
        MeasureDraws[] measures = [draws.Cultivation, draws.Forest, draws.PeopleOut, draws.PeopleIn, draws.Flow, draws.Interdicted];
        for (var zone = 0; zone < inputs.Zones.Count; zone++)
        {
            var before = new Dictionary<string, double>(StringComparer.Ordinal);
            var after = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var measure in measures) (before[measure.Key], after[measure.Key]) = outcome(measure, zone);
            var unit = inputs.Units.Count == 0 ? -1 : inputs.UnitOf(inputs.Zones.DepartmentCodes[zone]);
            // Thresholds are per year; treatment is summed over the scenario's years.
            after["treated_ha"] = unit < 0 ? 0 : treatedHectares[unit] / years;
            after["sprayed_ha"] = unit < 0 ? 0 : sprayedHectares[unit] / years;
            if (before.Values.Concat(after.Values).Any(v => v > 0)) yield return new HarmEvidence(inputs.Zones.Ids[zone], inputs.Zones.Names[zone], before, after);
        }
    }
}
