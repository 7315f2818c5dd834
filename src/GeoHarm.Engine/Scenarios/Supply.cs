namespace GeoHarm.Engine.Scenarios;

/// <summary>From hectares to tonnes of pure cocaine a year: tonnes = hectares x yield / 1000 (models 4).</summary>
public static class Supply
{
    /// <summary>Tonnes of each place.</summary>
    /// <param name="hectares">Hectares of coca per place.</param>
    /// <param name="kilogramsPerHectare">Yield, kg of pure cocaine per hectare and year.</param>
    /// <param name="tonnes">Filled.</param>
    public static void Tonnes(ReadOnlySpan<double> hectares, double kilogramsPerHectare, Span<double> tonnes)
    {
        for (var i = 0; i < tonnes.Length; i++) tonnes[i] = hectares[i] * kilogramsPerHectare / 1000;
    }
}
