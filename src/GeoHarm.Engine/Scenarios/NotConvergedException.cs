namespace GeoHarm.Engine.Scenarios;

/// <summary>A model that did not reach its stop rule and whose result must not be used; edges turn it into exit code 4.</summary>
public sealed class NotConvergedException(string model, double gap)
    : Exception(FormattableString.Invariant($"{model} stopped at a relative gap of {gap:R}."))
{
    /// <summary>Gap reached, relative.</summary>
    public double RelativeGap { get; } = gap;
}
