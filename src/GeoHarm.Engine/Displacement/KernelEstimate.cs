using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>One estimated coefficient.</summary>
/// <param name="Name">own:, neighbour: or ringA-B: and the treatment, own:lag, neighbour:lag, or the control's name.</param>
/// <param name="Value">Estimate, hectares per hectare for treatments.</param>
/// <param name="StandardError">Robust to correlation within clusters of units (or within a distance, for Conley; NaN where the uniform kernel
/// makes the variance negative: take Bartlett's then).</param>
public sealed record Coefficient(string Name, double Value, double StandardError);

/// <summary>A kernel estimate: an association, not a cause.</summary>
/// <param name="N">Unit-years.</param>
/// <param name="Coefficients">In the order of the design.</param>
/// <param name="ResidualVariance">Residual sum of squares over N.</param>
public sealed record EstimateResult(int N, IReadOnlyList<Coefficient> Coefficients, double ResidualVariance);

/// <summary>A set of neighbours that enters the design under a prefix: row-standardised for means over neighbours, raw for sums.</summary>
/// <param name="Prefix">neighbour, or ring0-50.</param>
/// <param name="Weights">The weights as they are used.</param>
public sealed record NeighbourTerm(string Prefix, SpatialWeights Weights);

/// <summary>What a kernel estimate regresses on what.</summary>
public sealed record EstimateOptions
{
    /// <summary>Variable whose yearly change is explained.</summary>
    public required string Outcome { get; init; }

    /// <summary>Treatment variables, taken at t - 1.</summary>
    public required IReadOnlyList<string> Treatments { get; init; }

    /// <summary>Control variables, taken at t - 1.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>Neighbour sets; each adds one term a treatment.</summary>
    public required IReadOnlyList<NeighbourTerm> Neighbours { get; init; }

    /// <summary>Weights of the neighbours' lagged outcome; null takes the first neighbour set.</summary>
    public SpatialWeights? LagWeights { get; init; }

    /// <summary>Whether C at t - 1 and W C at t - 1 are in the design (mean reversion); default false.</summary>
    public bool Lagged { get; init; }

    /// <summary>First year t of the outcome; default the panel's second.</summary>
    public int FirstYear { get; init; } = int.MinValue;

    /// <summary>Last year t; default the panel's last.</summary>
    public int LastYear { get; init; } = int.MaxValue;

    /// <summary>Conley errors instead of clusters by unit; null for clusters.</summary>
    public ConleyOptions? Conley { get; init; }
}

/// <summary>Spatial and serial correlation that standard errors allow for.</summary>
/// <param name="Within">Neighbours within the cut-off distance and the kernel's weight of each: 1 (uniform) or 1 - d / cut-off (Bartlett).</param>
/// <param name="SerialLags">Years of serial correlation within a unit, Bartlett weights; 0 to the length of the panel.</param>
public sealed record ConleyOptions(SpatialWeights Within, int SerialLags);

/// <summary>
/// Spatial lag of X with two-way fixed effects (SLX; Halleck Vega, Elhorst 2015, doi 10.1111/jors.12188):
/// C_t - C_(t-1) on treatments at t - 1 of the unit and of its neighbours, unit and year effects absorbed. Standard errors
/// cluster by unit (Liang, Zeger 1986, no small-sample factor) or follow Conley (1999, doi 10.1016/S0304-4076(98)00084-0)
/// in space and Newey, West (1987) in time. Enforcement follows coca, so no coefficient is causal.
/// Cost: unit-years times columns squared.
/// </summary>
public static class KernelEstimate
{
    /// <summary>Estimates; throws <see cref="Spatial.Layers.InvalidInputException"/> naming collinear columns.</summary>
    public static EstimateResult Run(UnitPanel panel, EstimateOptions options)
    {
        var design = Design(panel, options, out var outcome, out var years);
        var units = panel.Units.Count;
        var names = design.Select(d => d.Name).ToArray();
        var columns = design.Select(d => d.Values).ToArray();
        var fit = LeastSquares.Factor(names, columns);
        var residuals = new double[outcome.Length];
        var b = fit.Solve(outcome, residuals);
        var meat = options.Conley is null ? ClusterMeat(columns, residuals, units, years) : ConleyMeat(columns, residuals, units, years, options.Conley);
        var variance = LeastSquares.Sandwich(fit.InverseCross(), meat);
        var squares = 0.0;
        foreach (var e in residuals) squares += e * e;
        return new EstimateResult(
            outcome.Length, names.Select((name, j) => new Coefficient(name, b[j], Math.Sqrt(variance[j, j]))).ToArray(), squares / outcome.Length);
    }

    /// <summary>The design after the within transform: own, neighbour, lag and control columns, unit-major.</summary>
    internal static List<(string Name, double[] Values)> Design(UnitPanel panel, EstimateOptions options, out double[] outcome, out int years)
    {
        var first = Math.Max(options.FirstYear, panel.FirstYear + 1);
        var last = Math.Min(options.LastYear, panel.LastYear);
        years = last - first + 1;
        if (years < 2) throw new ArgumentException($"The window {first}-{last} leaves {years} years; two-way effects need at least two.", nameof(options));
        var units = panel.Units.Count;
        var design = new List<(string Name, double[] Values)>();
        foreach (var treatment in options.Treatments) design.Add(("own:" + treatment, Lagged(panel, treatment, first, years, null)));
        foreach (var term in options.Neighbours)
        {
            foreach (var treatment in options.Treatments) design.Add(($"{term.Prefix}:{treatment}", Lagged(panel, treatment, first, years, term.Weights)));
        }
        if (options.Lagged)
        {
            design.Add(("own:lag", Lagged(panel, options.Outcome, first, years, null)));
            design.Add(("neighbour:lag", Lagged(panel, options.Outcome, first, years, options.LagWeights ?? options.Neighbours[0].Weights)));
        }
        foreach (var control in options.Controls) design.Add((control, Lagged(panel, control, first, years, null)));
        var now = panel.Values(options.Outcome);
        outcome = new double[units * years];
        for (var u = 0; u < units; u++)
        {
            for (var t = 0; t < years; t++)
            {
                var cell = u * panel.YearCount + first + t - panel.FirstYear;
                outcome[u * years + t] = now[cell] - now[cell - 1];
            }
        }
        WithinTransform.Apply(outcome, units, years);
        foreach (var (_, values) in design) WithinTransform.Apply(values, units, years);
        return design;
    }

    /// <summary>A variable one year before each year of the window, of the unit or summed over its neighbours.</summary>
    private static double[] Lagged(UnitPanel panel, string variable, int first, int years, SpatialWeights? weights)
    {
        var units = panel.Units.Count;
        var values = panel.Values(variable);
        var result = new double[units * years];
        var start = first - 1 - panel.FirstYear;
        if (weights is null)
        {
            for (var u = 0; u < units; u++) values.Slice(u * panel.YearCount + start, years).CopyTo(result.AsSpan(u * years));
            return result;
        }
        for (var u = 0; u < units; u++)
        {
            var neighbours = weights.Neighbours(u);
            var row = weights.Weights(u);
            var target = result.AsSpan(u * years, years);
            for (var k = 0; k < neighbours.Length; k++)
            {
                var source = values.Slice(neighbours[k] * panel.YearCount + start, years);
                for (var t = 0; t < years; t++) target[t] += row[k] * source[t];
            }
        }
        return result;
    }

    private static double[,] ClusterMeat(double[][] columns, double[] residuals, int units, int years)
    {
        var k = columns.Length;
        var meat = new double[k, k];
        var score = new double[k];
        for (var u = 0; u < units; u++)
        {
            for (var j = 0; j < k; j++)
            {
                var sum = 0.0;
                for (var t = 0; t < years; t++) sum += columns[j][u * years + t] * residuals[u * years + t];
                score[j] = sum;
            }
            AddOuter(meat, score, score);
        }
        return meat;
    }

    private static double[,] ConleyMeat(double[][] columns, double[] residuals, int units, int years, ConleyOptions conley)
    {
        var k = columns.Length;
        var meat = new double[k, k];
        // Scores of every unit-year once: all terms are sums of their products.
        var scores = new double[units * years * k];
        for (var cell = 0; cell < units * years; cell++)
        {
            for (var j = 0; j < k; j++) scores[cell * k + j] = columns[j][cell] * residuals[cell];
        }
        var there = new double[k];
        for (var u = 0; u < units; u++)
        {
            var neighbours = conley.Within.Neighbours(u);
            var weights = conley.Within.Weights(u);
            for (var t = 0; t < years; t++)
            {
                // Own cell, then the unit's other years with falling weight, then the neighbours' same year.
                Array.Clear(there);
                Add(u, t, 1);
                for (var lag = 1; lag <= conley.SerialLags; lag++)
                {
                    var weight = 1 - lag / (conley.SerialLags + 1.0);
                    if (t >= lag) Add(u, t - lag, weight);
                    if (t + lag < years) Add(u, t + lag, weight);
                }
                for (var v = 0; v < neighbours.Length; v++) Add(neighbours[v], t, weights[v]);
                AddOuter(meat, scores.AsSpan((u * years + t) * k, k), there);
            }
        }
        return meat;

        void Add(int unit, int year, double weight)
        {
            var score = scores.AsSpan((unit * years + year) * k, k);
            for (var j = 0; j < score.Length; j++) there[j] += weight * score[j];
        }
    }

    private static void AddOuter(double[,] meat, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var j = 0; j < b.Length; j++) meat[i, j] += a[i] * b[j];
        }
    }
}
