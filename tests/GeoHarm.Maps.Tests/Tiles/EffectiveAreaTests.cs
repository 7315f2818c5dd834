using CsCheck;
using GeoHarm.Maps.Tiles;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class EffectiveAreaTests
{
    [Fact]
    public void Weights_match_elimination_by_brute_force() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Array[3, 40].Sample(line =>
        {
            var (x, y) = (line.Select(p => p.Item1).ToArray(), line.Select(p => p.Item2).ToArray());
            var weight = new double[x.Length];
            EffectiveArea.Weigh(x, y, weight);
            return Rival(x, y).SequenceEqual(weight);
        }, iter: 500);

    // Removes the least triangle again and again, searching all of them each time.
    private static double[] Rival(double[] x, double[] y)
    {
        var left = Enumerable.Range(0, x.Length).ToList();
        var weight = new double[x.Length];
        (weight[0], weight[^1]) = (double.PositiveInfinity, double.PositiveInfinity);
        var reached = 0.0;
        while (left.Count > 2)
        {
            var best = 1;
            for (var i = 2; i < left.Count - 1; i++) if (Area(i) < Area(best)) best = i;
            reached = Math.Max(reached, Area(best));
            weight[left[best]] = reached;
            left.RemoveAt(best);
        }
        return weight;

        double Area(int i)
        {
            var (a, b, c) = (left[i - 1], left[i], left[i + 1]);
            return Math.Abs((x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])) / 2;
        }
    }
}
