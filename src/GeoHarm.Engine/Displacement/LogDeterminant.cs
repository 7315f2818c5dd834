using System.Numerics;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// log |I - rho W| for weights whose rows sum to at most 1, |rho| below 1. Up to 20,000 units exactly: the units are put in
/// reverse Cuthill-McKee order (Cuthill, McKee 1969, doi 10.1145/800195.805928) and the band is factored without pivoting,
/// which is stable because the matrix is strictly diagonally dominant. Above, or where no order makes the band narrow, by the Monte Carlo series of Barry and Pace
/// (1999, doi 10.1016/S0024-3795(99)00009-X) with traces of W and W^2 exact. <see cref="Method"/> says which.
/// Cost exact: units times bandwidth squared an evaluation; memory units times twice the bandwidth.
/// </summary>
internal sealed class LogDeterminant
{
    private const int ExactLimit = 20_000; // issue: exact below 20,000 units
    private const long MostCells = 1L << 27; // 1 GB of band: weights without geography, such as links drawn at random, have no narrow band
    private const int Moments = 60, Probes = 60;
    private readonly SpatialWeights weights;
    private readonly int[] position = [];
    private readonly int band;
    private readonly double[] traces = [];

    public LogDeterminant(SpatialWeights weights, ulong seed = 1)
    {
        this.weights = weights;
        for (var i = 0; i < weights.Count; i++)
        {
            var sum = 0.0;
            foreach (var w in weights.Weights(i)) sum += Math.Abs(w);
            if (sum > 1 + 1e-9) throw new ArgumentException("The log-determinant needs rows that sum to at most 1: row-standardise the weights.", nameof(weights));
        }
        if (weights.Count <= ExactLimit)
        {
            position = Order(weights);
            for (var i = 0; i < weights.Count; i++)
            {
                foreach (var j in weights.Neighbours(i)) band = Math.Max(band, Math.Abs(position[i] - position[j]));
            }
        }
        if (position.Length > 0 && weights.Count * (2L * band + 1) <= MostCells)
        {
            Method = "exact, banded LU";
        }
        else
        {
            position = [];
            traces = TraceEstimates(weights, seed);
            Method = "Monte Carlo series (Barry, Pace 1999)";
        }
    }

    /// <summary>How it was computed.</summary>
    public string Method { get; }

    /// <summary>log |I - rho W|.</summary>
    public double Of(double rho)
    {
        if (!(Math.Abs(rho) < 1)) throw new ArgumentOutOfRangeException(nameof(rho), rho, "rho lies between -1 and 1.");
        return position.Length > 0 ? Banded(rho) : Series(rho);
    }

    private double Banded(double rho)
    {
        int n = weights.Count, width = 2 * band + 1;
        var a = new double[(long)n * width];
        for (var i = 0; i < n; i++)
        {
            var row = position[i];
            a[(long)row * width + band] += 1;
            var neighbours = weights.Neighbours(i);
            for (var k = 0; k < neighbours.Length; k++) a[(long)row * width + position[neighbours[k]] - row + band] -= rho * weights.Weights(i)[k];
        }
        var sum = 0.0;
        for (var k = 0; k < n; k++)
        {
            var pivot = a[(long)k * width + band];
            sum += PortableMath.Log(pivot);
            var reach = Math.Min(band, n - 1 - k);
            var source = a.AsSpan((int)((long)k * width) + band + 1, reach);
            for (var i = k + 1; i <= k + reach; i++)
            {
                var place = (int)((long)i * width) + k - i + band;
                if (a[place] == 0) continue;
                Subtract(a.AsSpan(place + 1, reach), source, a[place] / pivot);
            }
        }
        return sum;
    }

    private static void Subtract(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        var i = 0;
        var f = new Vector<double>(factor);
        for (; i + Vector<double>.Count <= source.Length; i += Vector<double>.Count)
        {
            (new Vector<double>(target[i..]) - f * new Vector<double>(source[i..])).CopyTo(target[i..]);
        }
        for (; i < source.Length; i++) target[i] -= factor * source[i];
    }

    private double Series(double rho)
    {
        double sum = 0, power = 1;
        for (var k = 1; k <= Moments; k++)
        {
            power *= rho;
            sum -= power * traces[k] / k;
        }
        return sum;
    }

    private static double[] TraceEstimates(SpatialWeights weights, ulong seed)
    {
        var n = weights.Count;
        var traces = new double[Moments + 1];
        double[] v = new double[n], next = new double[n], start = new double[n];
        for (var p = 0; p < Probes; p++)
        {
            var random = new CounterRandom(seed, (uint)p, 7);
            var square = 0.0;
            for (var i = 0; i < n; i++) { v[i] = start[i] = random.NextNormal(); square += v[i] * v[i]; }
            for (var k = 1; k <= Moments; k++)
            {
                weights.Lag(v, next);
                (v, next) = (next, v);
                var dot = 0.0;
                for (var i = 0; i < n; i++) dot += start[i] * v[i];
                traces[k] += n * dot / square / Probes;
            }
        }
        traces[1] = 0;
        traces[2] = 0;
        for (var i = 0; i < n; i++)
        {
            var neighbours = weights.Neighbours(i);
            for (var k = 0; k < neighbours.Length; k++)
            {
                var back = weights.Neighbours(neighbours[k]).BinarySearch(i);
                if (back >= 0) traces[2] += weights.Weights(i)[k] * weights.Weights(neighbours[k])[back];
            }
        }
        return traces;
    }

    /// <summary>Position of each unit in reverse Cuthill-McKee order of the symmetrised links.</summary>
    private static int[] Order(SpatialWeights weights)
    {
        var n = weights.Count;
        var links = new SortedSet<int>[n];
        for (var i = 0; i < n; i++) links[i] = [];
        for (var i = 0; i < n; i++)
        {
            foreach (var j in weights.Neighbours(i)) { links[i].Add(j); links[j].Add(i); }
        }
        var position = new int[n];
        Array.Fill(position, -1);
        var placed = 0;
        foreach (var seed in Enumerable.Range(0, n).OrderBy(i => links[i].Count).ThenBy(i => i))
        {
            if (position[seed] >= 0) continue;
            foreach (var unit in BreadthFirst(links, Far(links, seed))) position[unit] = n - 1 - placed++;
        }
        return position;
    }

    /// <summary>A unit at the end of the component: the last reached from the last reached.</summary>
    private static int Far(SortedSet<int>[] links, int seed) => BreadthFirst(links, BreadthFirst(links, seed)[^1])[^1];

    private static List<int> BreadthFirst(SortedSet<int>[] links, int start)
    {
        var seen = new HashSet<int> { start };
        var order = new List<int> { start };
        for (var at = 0; at < order.Count; at++)
        {
            foreach (var next in links[order[at]].Where(j => !seen.Contains(j)).OrderBy(j => links[j].Count).ThenBy(j => j)) { seen.Add(next); order.Add(next); }
        }
        return order;
    }
}
