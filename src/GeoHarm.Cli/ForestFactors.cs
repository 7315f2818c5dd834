using GeoHarm.Engine.Scenarios;

namespace GeoHarm.Cli;

/// <summary>Draws of the study's priors that turn hectares into what hangs on them.</summary>
internal sealed class ForestFactors
{
    private const int Members = 1000; // Monte Carlo error of a mean under 2 % of its interval
    private readonly Priors priors;
    private readonly ulong seed;

    public ForestFactors(ulong seed)
    {
        this.seed = seed;
        using var study = new Study(null);
        priors = Priors.Of(study.Read("priors"));
    }

    /// <summary>Biomes that have a carbon factor.</summary>
    public IReadOnlyList<string> Biomes => [.. priors.All.Where(p => p.Key.StartsWith("carbon_", StringComparison.Ordinal)).Select(p => p.Key["carbon_".Length..])];

    /// <summary>The prior itself, for its source.</summary>
    public Prior this[string key] => priors[key];

    /// <summary>Draws of a prior.</summary>
    public double[] Draws(string key) => [.. Enumerable.Range(0, Members).Select(m => priors.Draw(key, seed, (uint)m))];

    /// <summary>Tonnes of CO2 equivalent per hectare of a biome.</summary>
    public double[] Carbon(string biome) => Biomes.Contains(biome) ? Draws("carbon_" + biome) : throw Problem.Usage($"There is no carbon factor of the biome '{biome}'; there are {string.Join(", ", Biomes)}.");
}
