using System.Diagnostics;
using System.Globalization;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Benchmarks.Spatial;

/// <summary>
/// The figures of benchmarks/results/statistics.md, in CPU seconds (user and system) of calls in one process, the first call
/// apart from the median of those after it: <c>dotnet run -c Release --project benchmarks/GeoHarm.Benchmarks -- statistics-figures</c>.
/// </summary>
internal static class StatisticsFigures
{
    private const int Columns = 317, Rows = 316; // 100,172 units
    private const int Side = 10_000;
    private const int Repeats = 5;

    public static void Run()
    {
        var weights = Board();
        var random = new CounterRandom(1, 0, 0);
        var values = new double[weights.Count];
        for (var i = 0; i < values.Length; i++) values[i] = random.NextUniform();
        var standard = weights.RowStandardised();
        foreach (var units in new[] { 64, 256, 16 })
        {
            var options = new LocalOptions { Draws = new PermutationOptions { UnitsPerDraw = units } };
            Say($"local Moran, 999 permutations, {units} units a draw", () => LocalMoran.Test(values, standard, options));
        }
        Say("Gi*, 256 units a draw", () => GetisOrd.Test(values, standard, new LocalOptions { Draws = new PermutationOptions { UnitsPerDraw = 256 } }));
        Say("global Moran, 999 permutations", () => Moran.Test(values, standard, new PermutationOptions()));
        var (x, y) = (new double[weights.Count], new double[weights.Count]);
        for (var i = 0; i < x.Length; i++) (x[i], y[i]) = (1000 * random.NextUniform(), 1000 * random.NextUniform());
        Say("8 nearest neighbours", () => DistanceWeights.KNearest(x, y, 8));
        var (cells, distance) = (new byte[Side * Side], new float[Side * Side]);
        foreach (var (name, one) in new[] { ("10 %", 10), ("0.1 %", 1000), ("0.001 %", 100_000) })
        {
            for (var i = 0; i < cells.Length; i++) cells[i] = random.NextBelow(one) == 0 ? (byte)1 : (byte)0;
            Say($"distance transform {Side} x {Side}, {name} sources", () => DistanceTransform.Run(cells, Side, Side, 30, 30, distance));
        }
    }

    /// <summary>Queen neighbours of a board.</summary>
    private static SpatialWeights Board()
    {
        var links = new List<(int From, int To, double Weight)>();
        for (var i = 0; i < Rows * Columns; i++)
        {
            var (row, column) = (i / Columns, i % Columns);
            for (var r = Math.Max(0, row - 1); r <= Math.Min(Rows - 1, row + 1); r++)
            {
                for (var c = Math.Max(0, column - 1); c <= Math.Min(Columns - 1, column + 1); c++)
                {
                    if (r != row || c != column) links.Add((i, r * Columns + c, 1));
                }
            }
        }
        return SpatialWeights.FromLinks(Rows * Columns, links);
    }

    private static void Say(string what, Action work)
    {
        var seconds = new double[Repeats + 1];
        for (var i = 0; i < seconds.Length; i++)
        {
            var before = Cpu();
            work();
            seconds[i] = Cpu() - before;
        }
        var later = seconds[1..].Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: first {seconds[0]:F2}, later {later[0]:F2} to {later[^1]:F2}, median {later[Repeats / 2]:F2} CPU s"));
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
