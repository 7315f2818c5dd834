using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>One uncertain input with its interval and where it comes from.</summary>
/// <param name="Key">Stable key, such as "kill_share.spraying".</param>
/// <param name="Central">Mode.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Status">V read in a source, C computed, A assumed wide, U set by the user.</param>
/// <param name="Source">Citation.</param>
public sealed record Prior(string Key, double Central, double Low, double High, string Unit, string Status, string Source);

/// <summary>The priors of a study, drawn afresh for every ensemble member. A draw depends only on (seed, member, key),
/// so adding a prior changes no other draw, and baseline and scenario of one member share their draws.</summary>
public sealed class Priors
{
    private const double LogScaleRatio = 10; // beyond a tenfold interval the draw is triangular in logs (published.md)

    private static readonly string[][] Wholes = [["demand.north_america", "demand.europe", "demand.rest"]];

    private readonly Dictionary<string, Prior> priors;

    // Where a design, not chance, says at which quantile a key stands in a member.
    private readonly Func<string, uint, double>? quantileAt;

    private Priors(Dictionary<string, Prior> priors, Func<string, uint, double>? quantileAt = null) => (this.priors, this.quantileAt) = (priors, quantileAt);

    /// <summary>The same priors, drawn at the quantiles that a design gives for a key and a member, each in (0, 1).</summary>
    public Priors AtQuantiles(Func<string, uint, double> design) => new(priors, design);

    /// <summary>All priors by key order.</summary>
    public IEnumerable<Prior> All => priors.Values.OrderBy(p => p.Key, StringComparer.Ordinal);

    /// <summary>Reads the layer "priors" (key, central, low, high, unit, status, source), with the user's replacements.</summary>
    public static Priors Read(Layer layer, Scenario scenario, string file, List<Fault> faults)
    {
        var priors = Of(layer).priors;
        foreach (var (key, value) in scenario.Priors)
        {
            if (priors.TryGetValue(key, out var known)) priors[key] = known with { Central = value.Central, Low = value.Low, High = value.High, Status = "U", Source = $"set in {file}" };
            else faults.Add(new Fault(FaultSeverity.Error, "GH1007", file, $"priors.{key}", $"There is no prior '{key}'.", $"Use one of: {string.Join(", ", priors.Keys.Order(StringComparer.Ordinal))}."));
        }
        return new Priors(priors);
    }

    /// <summary>The priors of a study as they stand.</summary>
    public static Priors Of(Layer layer)
    {
        var priors = new Dictionary<string, Prior>(StringComparer.Ordinal);
        for (var row = 0; row < layer.RowCount; row++)
        {
            var (central, low, high) = (layer["central"].Number(row), layer["low"].Number(row), layer["high"].Number(row));
            var prior = new Prior(layer["key"].TextAt(row)!, central, double.IsNaN(low) ? central : low, double.IsNaN(high) ? central : high,
                layer["unit"].TextAt(row) ?? "", layer["status"].TextAt(row) ?? "", layer["source"].TextAt(row) ?? "");
            priors[prior.Key] = prior;
        }
        return new Priors(priors);
    }

    /// <summary>The prior of that key; throws when the study has none.</summary>
    public Prior this[string key] => priors.TryGetValue(key, out var prior) ? prior : throw new KeyNotFoundException($"The study has no prior '{key}'.");

    /// <summary>Whether the study has a prior of that key.</summary>
    public bool Has(string key) => priors.ContainsKey(key);

    /// <summary>The quantile, in (0, 1), at which a prior or the national shock stands in one member: independent over keys and members.</summary>
    public double QuantileOf(string key, ulong seed, uint member) => quantileAt?.Invoke(key, member)
        ?? (priors.ContainsKey(key) ? new CounterRandom(seed, member, StreamOf(key)).NextUniform() : NormalDistribution.Cumulative(DrawNormal(key, seed, member)));

    /// <summary>The value of a prior at a quantile of its distribution, before shares of one whole are rescaled.</summary>
    public double At(string key, double quantile) => At(this[key], quantile);

    /// <summary>The value of a key in one member: triangular, in logs for wide positive intervals; shares of one whole sum to 1.</summary>
    public double Draw(string key, ulong seed, uint member)
    {
        var whole = Array.Find(Wholes, w => w.Contains(key));
        if (whole is null) return DrawAlone(this[key], seed, member);
        var sum = 0.0;
        foreach (var part in whole) sum += DrawAlone(this[part], seed, member);
        return DrawAlone(this[key], seed, member) / sum;
    }

    /// <summary>The central value of a key; shares of one whole sum to 1.</summary>
    public double Central(string key)
    {
        var whole = Array.Find(Wholes, w => w.Contains(key));
        return whole is null ? this[key].Central : this[key].Central / whole.Sum(part => this[part].Central);
    }

    /// <summary>A standard normal of a name that is no prior, such as the national shock.</summary>
    public double DrawNormal(string key, ulong seed, uint member) =>
        quantileAt is null ? new CounterRandom(seed, member, StreamOf(key)).NextNormal() : NormalDistribution.Quantile(quantileAt(key, member));

    private double DrawAlone(Prior prior, ulong seed, uint member) => At(prior, QuantileOf(prior.Key, seed, member));

    private static double At(Prior prior, double u)
    {
        if (prior.Low > 0 && prior.High / prior.Low > LogScaleRatio)
        {
            return PortableMath.Exp(CounterRandom.Triangular(u, PortableMath.Log(prior.Low), PortableMath.Log(prior.Central), PortableMath.Log(prior.High)));
        }
        return CounterRandom.Triangular(u, prior.Low, prior.Central, prior.High);
    }

    /// <summary>The random stream of a name.</summary>
    public static uint StreamOf(string name) => CounterRandom.StreamOf(name);
}
