using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>An area programme to be evaluated: which units had it, which may stand for what would have been without it.</summary>
public sealed record Programme
{
    /// <summary>Panel variable whose change is evaluated.</summary>
    public required string Outcome { get; init; }

    /// <summary>Treated units, positions in the panel.</summary>
    public required IReadOnlyList<int> Treated { get; init; }

    /// <summary>Control units (donors), positions in the panel.</summary>
    public required IReadOnlyList<int> Controls { get; init; }

    /// <summary>Last year before the programme.</summary>
    public required int Before { get; init; }

    /// <summary>Year at which the effect is read.</summary>
    public required int After { get; init; }

    /// <summary>Whether effects are differences of logs (log of sums, log(1 + value) of units); default false.</summary>
    public bool Log { get; init; }

    /// <summary>A programme from unit codes; every code that the panel lacks is a fault. Controls are all other units less those
    /// excluded, such as neighbours that may receive what the programme pushes out.</summary>
    public static Programme Of(
        UnitPanel panel, string outcome, IReadOnlyList<string> treatedCodes, int before, int after, bool log = false, SpatialWeights? excludeNeighbours = null)
    {
        var index = panel.Units.Select((code, i) => (code, i)).ToDictionary(u => u.code, u => u.i, StringComparer.Ordinal);
        var faults = new List<Spatial.Layers.Fault>();
        var treated = new List<int>();
        foreach (var code in treatedCodes)
        {
            if (index.TryGetValue(UnitPanel.Code(code), out var i)) treated.Add(i);
            else faults.Add(new(Spatial.Layers.FaultSeverity.Error, "GH5601", "panel", $"unit {code}", "The treated unit is not in the panel.", "Give a code of the unit column."));
        }
        foreach (var year in new[] { before, after })
        {
            if (year < panel.FirstYear || year > panel.LastYear) faults.Add(new(Spatial.Layers.FaultSeverity.Error, "GH5602", "panel", $"year {year}", $"The panel runs from {panel.FirstYear} to {panel.LastYear}.", "Choose years of the panel."));
        }
        if (before >= after) faults.Add(new(Spatial.Layers.FaultSeverity.Error, "GH5603", "panel", $"years {before}, {after}", "The year before must precede the year after.", "Exchange them."));
        if (faults.Count > 0) throw new Spatial.Layers.InvalidInputException(faults);
        var left = treated.ToHashSet();
        if (excludeNeighbours is not null)
        {
            foreach (var i in treated)
            {
                foreach (var j in excludeNeighbours.Neighbours(i)) left.Add(j);
            }
        }
        return new Programme
        {
            Outcome = outcome, Treated = treated, Controls = Enumerable.Range(0, panel.Units.Count).Where(i => !left.Contains(i)).ToArray(),
            Before = before, After = after, Log = log,
        };
    }

    internal double Measure(double value) => Log ? PortableMath.Log(1 + value) : value;
}

/// <summary>An estimated effect with its 95 % interval.</summary>
/// <param name="Value">Estimate.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record Effect(double Value, double Low, double High);

/// <summary>A column that was much higher among the treated: another cause that the estimate may be taking in.</summary>
/// <param name="Column">Column.</param>
/// <param name="Window">before: the three years to the year before; during: between the two dates.</param>
/// <param name="TreatedMean">Mean over treated unit-years.</param>
/// <param name="ControlMean">Mean over control unit-years.</param>
public sealed record ConfounderFlag(string Column, string Window, double TreatedMean, double ControlMean);

/// <summary>Flags programmes that ran beside the one evaluated (models.md 8: Macarena was sprayed heavily just before and during).</summary>
public static class Confounders
{
    /// <summary>Columns whose treated mean, in the three years to <c>Before</c> or in the years after it to <c>After</c>, exceeds
    /// the controls' by a factor of two.</summary>
    public static IReadOnlyList<ConfounderFlag> Find(UnitPanel panel, Programme programme, IReadOnlyList<string> columns)
    {
        const double factor = 2; // cli.md: exceeds the controls' by 2x
        var flags = new List<ConfounderFlag>();
        foreach (var column in columns)
        {
            foreach (var (window, from, to) in new[] { ("before", programme.Before - 2, programme.Before), ("during", programme.Before + 1, programme.After) })
            {
                double treated = Mean(panel, column, programme.Treated, from, to), control = Mean(panel, column, programme.Controls, from, to);
                if (treated > factor * control) flags.Add(new ConfounderFlag(column, window, treated, control));
            }
        }
        return flags;
    }

    private static double Mean(UnitPanel panel, string column, IReadOnlyList<int> units, int from, int to)
    {
        double sum = 0;
        var count = 0;
        for (var year = Math.Max(from, panel.FirstYear); year <= Math.Min(to, panel.LastYear); year++)
        {
            foreach (var u in units) { sum += panel.Values(column)[u * panel.YearCount + year - panel.FirstYear]; count++; }
        }
        return count == 0 ? 0 : sum / count;
    }
}

/// <summary>Controls that resemble the treated before the programme.</summary>
public static class Matching
{
    /// <summary>The <paramref name="perTreated"/> nearest controls of each treated unit, in the Euclidean distance of standardised
    /// variables over the years up to <c>Before</c> (Abadie, Imbens 2006, doi 10.1111/j.1468-0262.2006.00655.x, with
    /// replacement); each control kept once.</summary>
    public static Programme Select(UnitPanel panel, Programme programme, IReadOnlyList<string> variables, int perTreated)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perTreated, 1);
        var features = new List<double[]>();
        foreach (var variable in variables)
        {
            for (var year = panel.FirstYear; year <= programme.Before; year++)
            {
                var values = Array.ConvertAll(panel.Year(variable, year), programme.Measure);
                var mean = values.Average();
                var spread = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
                if (spread > 0) features.Add(Array.ConvertAll(values, v => (v - mean) / spread));
            }
        }
        var chosen = new SortedSet<int>();
        foreach (var i in programme.Treated)
        {
            foreach (var j in programme.Controls.OrderBy(j => features.Sum(f => (f[i] - f[j]) * (f[i] - f[j]))).ThenBy(j => j).Take(perTreated)) chosen.Add(j);
        }
        return programme with { Controls = [.. chosen] };
    }
}
