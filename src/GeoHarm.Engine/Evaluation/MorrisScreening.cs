using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Evaluation;

/// <summary>How a screening is made.</summary>
/// <param name="Trajectories">Trajectories r, at least 2; the model runs r (k + 1) times. Default 20.</param>
/// <param name="Levels">Levels p of the grid, even, at least 4; the step is p / (2 (p - 1)). Default 4.</param>
/// <param name="Seed">Seed of the trajectories.</param>
public sealed record MorrisOptions(int Trajectories = 20, int Levels = 4, ulong Seed = 1);

/// <summary>Elementary effects of one input on an outcome, in units of the outcome per whole range of the input.</summary>
/// <param name="Input">Name of the input.</param>
/// <param name="Mean">Mean of the effects.</param>
/// <param name="MeanAbsolute">Mean of their absolute values, mu*: how much the input matters.</param>
/// <param name="Spread">Their standard deviation: how far it is from linear and alone.</param>
public sealed record ElementaryEffect(string Input, double Mean, double MeanAbsolute, double Spread);

/// <summary>
/// Morris screening (Morris 1991, doi 10.1080/00401706.1991.10484804): random trajectories on a grid of levels, one input moved
/// at a time; mu* after Campolongo, Cariboni, Saltelli 2007 (doi 10.1016/j.envsoft.2006.10.004). Cheap: tells which inputs can
/// be left out before <see cref="SobolIndices"/> divides the variance among the rest. Points are mid-points of the levels'
/// cells, so that no input is put at the very end of its distribution.
/// </summary>
public static class MorrisScreening
{
    /// <summary>Runs of the model that a screening takes.</summary>
    public static int Runs(int inputs, MorrisOptions options) => options.Trajectories * (inputs + 1);

    /// <summary>The point of one run, each entry in (0, 1); run = trajectory (k + 1) + step.</summary>
    public static double[] Point(int run, int inputs, MorrisOptions options)
    {
        var (trajectory, step) = (run / (inputs + 1), run % (inputs + 1));
        var (levels, order, upward) = Trajectory(trajectory, inputs, options);
        var half = options.Levels / 2;
        for (var s = 0; s < step; s++) levels[order[s]] += upward[order[s]] ? half : -half;
        return [.. levels.Select(l => (l + 0.5) / options.Levels)];
    }

    /// <summary>Effects from the outcomes of all runs, in the order of <see cref="Point"/>.</summary>
    public static IReadOnlyList<ElementaryEffect> Of(IReadOnlyList<string> inputs, ReadOnlySpan<double> outcomes, MorrisOptions options)
    {
        var k = inputs.Count;
        ArgumentOutOfRangeException.ThrowIfNotEqual(outcomes.Length, Runs(k, options));
        var effects = new double[k][];
        for (var i = 0; i < k; i++) effects[i] = new double[options.Trajectories];
        for (var t = 0; t < options.Trajectories; t++)
        {
            var (_, order, upward) = Trajectory(t, k, options);
            for (var s = 0; s < k; s++)
            {
                // The step is half the range of the inputs.
                var change = outcomes[t * (k + 1) + s + 1] - outcomes[t * (k + 1) + s];
                effects[order[s]][t] = 2 * (upward[order[s]] ? change : -change);
            }
        }
        return [.. inputs.Select((name, i) =>
        {
            var mean = effects[i].Sum() / options.Trajectories;
            var square = effects[i].Sum(e => (e - mean) * (e - mean));
            return new ElementaryEffect(name, mean, effects[i].Sum(Math.Abs) / options.Trajectories, Math.Sqrt(square / (options.Trajectories - 1)));
        })];
    }

    private static (int[] Levels, int[] Order, bool[] Upward) Trajectory(int trajectory, int inputs, MorrisOptions options)
    {
        var random = new CounterRandom(options.Seed, (uint)trajectory, CounterRandom.StreamOf("trajectory"));
        var (levels, order, upward) = (new int[inputs], Enumerable.Range(0, inputs).ToArray(), new bool[inputs]);
        for (var i = 0; i < inputs; i++)
        {
            levels[i] = random.NextBelow(options.Levels);
            upward[i] = levels[i] < options.Levels / 2;
        }
        for (var i = inputs - 1; i > 0; i--)
        {
            var j = random.NextBelow(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return (levels, order, upward);
    }
}
