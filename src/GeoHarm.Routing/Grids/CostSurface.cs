using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Grids;

/// <summary>
/// Accumulated least cost over a friction raster: the cost of a step is the mean friction of its two cells times its length (Dijkstra
/// 1959 on the implicit grid; Tomlin 1990, Geographic Information Systems and Cartographic Modeling). Rasters are spans in row order.
/// Costs are exact in double: (cost so far + half step * friction here) + half step * friction there.
/// Memory: 4 + 8 + 1 bytes a cell (friction, cost, back-link) and a queue of the front. Cost: one visit a cell, 8 or 16 looks.
/// Negative friction is a fault (GH7321); a source outside the raster too (GH7322).
/// </summary>
public static unsafe class CostSurface
{
    // Buckets: not wider than the least step, so that cells are visited once, unless that is below this share of the mean
    // step; then a few cells are visited twice and empty buckets cost less (measured on noise from 1 to 100).
    private const double WidthOfMean = 0.1;

    // Cells between what is visited and what is called up from memory: a tenth of the time (4 to 8 do alike; measured 2026-11).
    private const int Lookahead = 6;

    /// <summary>
    /// Fills <paramref name="cost"/> (NaN on barriers, infinity where no path leads) and, if given, <paramref name="backLink"/> with the step
    /// that entered each cell (<see cref="SurfaceSteps"/>). <paramref name="sources"/> are cells, starting at <paramref name="startCosts"/> or 0.
    /// </summary>
    public static void Accumulate(ReadOnlySpan<float> friction, int rows, int columns, ReadOnlySpan<int> sources, SurfaceOptions options,
        Span<double> cost, Span<byte> backLink = default, ReadOnlySpan<double> startCosts = default) =>
        Accumulate(friction, rows, columns, sources, options, default(AnyDirection), cost, backLink, startCosts);

    /// <summary>The same with a factor for each step's direction.</summary>
    public static void Accumulate<TDirection>(ReadOnlySpan<float> friction, int rows, int columns, ReadOnlySpan<int> sources, SurfaceOptions options,
        TDirection direction, Span<double> cost, Span<byte> backLink = default, ReadOnlySpan<double> startCosts = default)
        where TDirection : struct, ISurfaceDirection
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var cells = checked(rows * columns);
        if (friction.Length != cells || cost.Length != cells || (backLink.Length != cells && !backLink.IsEmpty))
            throw new ArgumentException($"{rows} x {columns} cells need spans of {cells}");
        if (!startCosts.IsEmpty && startCosts.Length != sources.Length) throw new ArgumentException("one start cost for each source is needed", nameof(startCosts));
        var (least, most, mean) = Prepare(friction, options.NoData, cost, sources, startCosts);
        backLink.Fill(SurfaceSteps.None);
        var longest = Math.Sqrt(options.CellWidth * options.CellWidth + options.CellHeight * options.CellHeight) * (options.Neighbours == 8 ? 1 : 2);
        var width = Math.Max(least, WidthOfMean * mean) * Math.Min(options.CellWidth, options.CellHeight);
        var queue = new CellQueue(width, TDirection.IsNeutral ? most * longest : 64 * mean * longest);
        for (var i = 0; i < sources.Length; i++)
        {
            var own = startCosts.IsEmpty ? 0 : startCosts[i];
            if (!(own < cost[sources[i]])) continue; // a barrier, or given twice
            cost[sources[i]] = own;
            queue.Push(own, sources[i]);
        }
        fixed (float* f = friction)
        fixed (double* d = cost)
        fixed (byte* by = backLink)
        {
            new Walk<TDirection>(f, d, by, rows, columns, options, direction).Settle(queue);
        }
    }

    /// <summary>Cells on a least-cost way from a source of one surface to a source of the other: the sum of both, infinity where either is.</summary>
    public static void Corridor(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> sum)
    {
        for (var i = 0; i < sum.Length; i++) sum[i] = first[i] + second[i];
    }

    /// <summary>The cells of the way to a cell, from its source on; empty when no path leads there.</summary>
    public static IReadOnlyList<int> WayTo(int cell, int columns, ReadOnlySpan<double> cost, ReadOnlySpan<byte> backLink)
    {
        var way = new List<int>();
        if (!double.IsFinite(cost[cell])) return way;
        for (var at = cell; ; at -= SurfaceSteps.Rows[backLink[at]] * columns + SurfaceSteps.Columns[backLink[at]])
        {
            way.Add(at);
            if (backLink[at] == SurfaceSteps.None) break;
        }
        way.Reverse();
        return way;
    }

    /// <summary>Whether a friction is a barrier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsBarrier(float friction, float? noData) => !float.IsFinite(friction) || friction == noData;

    private static (double Least, double Most, double Mean) Prepare(ReadOnlySpan<float> friction, float? noData, Span<double> cost, ReadOnlySpan<int> sources, ReadOnlySpan<double> startCosts)
    {
        var faults = new FaultList(20);
        float least = float.PositiveInfinity, most = 0;
        double sum = 0;
        long open = 0;
        for (var i = 0; i < friction.Length; i++)
        {
            var f = friction[i];
            if (IsBarrier(f, noData)) { cost[i] = double.NaN; continue; } // no cost is below NaN: barriers need no test later
            cost[i] = double.PositiveInfinity;
            if (f < 0) faults.Add("GH7321", $"cell {i}", $"friction {f} is below 0", "give friction of 0 or more, or mark the cell as no data");
            least = Math.Min(least, f);
            most = Math.Max(most, f);
            sum += f;
            open++;
        }
        foreach (var s in sources)
            if ((uint)s >= (uint)friction.Length) faults.Add("GH7322", $"cell {s}", "the source lies outside the raster", "give a cell of the raster");
        foreach (var c in startCosts)
            if (!(c >= 0)) faults.Add("GH7323", "", $"start cost {c} is below 0 or not a number", "give start costs of 0 or more");
        faults.ThrowIfAny();
        return open > 0 ? (least, most, sum / open) : (1, 1, 1);
    }

    private readonly ref struct Walk<TDirection> where TDirection : struct, ISurfaceDirection
    {
        private readonly float* f;
        private readonly double* d;
        private readonly byte* by;
        private readonly int rows, columns, steps;
        private readonly double bound;
        private readonly TDirection direction;
        private readonly double[] halves;
        private readonly int[] offsets;

        public Walk(float* f, double* d, byte* by, int rows, int columns, SurfaceOptions options, TDirection direction)
        {
            this.f = f;
            this.d = d;
            this.by = by;
            (this.rows, this.columns, this.direction) = (rows, columns, direction);
            steps = options.Neighbours;
            bound = options.MaxCost;
            halves = new double[16];
            SurfaceSteps.HalfLengths(options, halves);
            offsets = new int[16];
            for (var k = 0; k < 16; k++) offsets[k] = SurfaceSteps.Rows[k] * columns + SurfaceSteps.Columns[k];
        }

        public void Settle(CellQueue queue)
        {
            // Row of a cell by multiplication with a rounded-up reciprocal: exact for 32-bit cells (Granlund and Montgomery 1994).
            var reciprocal = ulong.MaxValue / (ulong)columns + 1;
            var reach = steps == 8 ? 1 : 2;
            var isVector = TDirection.IsNeutral && Vector256.IsHardwareAccelerated;
            var around = new Around(halves);
            var labels = stackalloc double[12];
            for (var at = queue.Pop(); at >= 0; at = queue.Pop())
            {
                var own = d[at];
                if (queue.BucketOf(own) < queue.Current) continue; // settled when its label fell into an earlier bucket
                var row = columns == 1 ? at : (int)Math.BigMul((ulong)at, reciprocal, out _);
                var column = at - row * columns;
                // Rows of three cells are read four at a time: one more column is needed on the right.
                var isInside = row >= reach && row < rows - reach && column >= reach && column < columns - reach - 1;
                double here = f[at];
                if (isVector) Fetch(queue.Ahead(Lookahead));
                if (isInside && isVector) LookAround(queue, own, here, at, around, labels);
                for (var k = isInside && isVector ? 8 : 0; k < steps; k++)
                {
                    int r = row + SurfaceSteps.Rows[k], c = column + SurfaceSteps.Columns[k];
                    if (!isInside && ((uint)r >= (uint)rows || (uint)c >= (uint)columns)) continue;
                    if (k >= 8 && !IsPassable(at, k)) continue;
                    Look(queue, own, here, at, at + offsets[k], halves[k], k);
                }
            }
        }

        /// <summary>Calls up what a cell's visit will read: its own row and those above and below lie far apart in memory.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Fetch(int cell)
        {
            if (!Sse.IsSupported) return;
            Sse.Prefetch0(d + cell);
            Sse.Prefetch0(d + cell - columns);
            Sse.Prefetch0(d + cell + columns);
            Sse.Prefetch0(f + cell);
            Sse.Prefetch0(f + cell - columns);
            Sse.Prefetch0(f + cell + columns);
        }

        /// <summary>Half step lengths to the three cells of the row above or below, and of the own row.</summary>
        private readonly struct Around(double[] half)
        {
            public readonly Vector256<double> Slant = Vector256.Create(half[4], half[1], half[4], 0);
            public readonly Vector256<double> Level = Vector256.Create(half[0], 0, half[0], 0);
        }

        /// <summary>All eight neighbours by three rows of vectors: of eight looks one or two succeed, and which is not to be guessed by a branch.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void LookAround(CellQueue queue, double own, double here, int at, in Around around, double* labels)
        {
            var base0 = Vector256.Create(own);
            var from = Vector256.Create(here);
            var slant = base0 + from * around.Slant;
            var level = base0 + from * around.Level;
            var found = Row(at - columns - 1, slant, around.Slant, labels)
                | (Row(at - 1, level, around.Level, labels + 4) & 0b101) << 4
                | Row(at + columns - 1, slant, around.Slant, labels + 8) << 8;
            for (; found != 0; found &= found - 1)
            {
                var lane = BitOperations.TrailingZeroCount(found);
                var there = labels[lane];
                if (there > bound) continue;
                var to = at + ((lane >> 2) - 1) * columns + (lane & 3) - 1;
                d[to] = there;
                if (by != null) by[to] = StepOfLane[lane];
                queue.Push(there, to);
            }
        }

        // Steps by row above, own row, row below, left to right; 255 where no step lies.
        private static ReadOnlySpan<byte> StepOfLane => [5, 1, 4, 255, 2, 255, 0, 255, 6, 3, 7, 255];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private uint Row(int first, Vector256<double> before, Vector256<double> half, double* labels)
        {
            var (low, high) = Vector256.Widen(Vector128.Load(f + first).ToVector256());
            _ = high;
            var there = before + low * half;
            there.Store(labels);
            return Vector256.LessThan(there, Vector256.Load(d + first)).ExtractMostSignificantBits() & 0b111;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Look(CellQueue queue, double own, double here, int at, int to, double half, int step)
        {
            var there = TDirection.IsNeutral
                ? own + here * half + f[to] * half
                : own + (here * half + f[to] * half) * direction.Factor(at, to);
            if (!(there < d[to]) || there > bound) return;
            d[to] = there;
            if (by != null) by[to] = (byte)step;
            queue.Push(there, to);
        }

        /// <summary>A knight's move passes between two cells, the straight and the diagonal one on its way; one must be open.</summary>
        private bool IsPassable(int at, int step)
        {
            int r = SurfaceSteps.Rows[step], c = SurfaceSteps.Columns[step];
            var straight = at + (Math.Abs(r) == 2 ? Math.Sign(r) * columns : Math.Sign(c));
            var diagonal = at + Math.Sign(r) * columns + Math.Sign(c);
            return !double.IsNaN(d[straight]) || !double.IsNaN(d[diagonal]);
        }
    }
}
