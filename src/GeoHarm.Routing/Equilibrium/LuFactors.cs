using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// Numeric factors L U = I - W on a <see cref="LuStructure"/>, row by row (left-looking, Gilbert and Peierls 1988,
/// doi 10.1137/0909058, with the pattern known beforehand). Where W has spectral radius below 1 nothing is ever subtracted
/// from a like quantity except in the pivots, so solutions with a right side that is not negative are accurate entry by entry.
/// Sums run in 8 fixed lanes: same bits on any vector width. One per thread; allocates nothing after construction.
/// </summary>
internal sealed class LuFactors
{
    /// <summary>A pivot at or below this is no pivot of an M-matrix: 1e-12 lies well above the rounding of sums of about 1.</summary>
    private const double PivotFloor = 1e-12;

    private readonly LuStructure structure;
    private readonly double[] lower, upper, inverse, work;

    public LuFactors(LuStructure structure)
    {
        this.structure = structure;
        lower = new double[structure.lowerColumn.Length];
        upper = new double[structure.upperColumn.Length];
        inverse = new double[structure.Size];
        work = new double[structure.Size];
    }

    /// <summary>
    /// Factors I - W. Returns true, or false as soon as a pivot is not positive, which for W of no negative entry is so
    /// if and only if its spectral radius is 1 or more.
    /// </summary>
    /// <param name="weight">W by slot of the graph; parallel arcs add.</param>
    public bool Factor(ReadOnlySpan<double> weight)
    {
        var s = structure;
        var graph = s.graph;
        ref var w = ref MemoryMarshal.GetArrayDataReference(work);
        for (var i = 0; i < s.order.Length; i++)
        {
            foreach (var column in s.lowerColumn.AsSpan(s.lowerFirst[i]..s.lowerFirst[i + 1])) Unsafe.Add(ref w, column) = 0;
            var upperRow = s.upperColumn.AsSpan(s.upperFirst[i]..s.upperFirst[i + 1]);
            foreach (var column in upperRow) Unsafe.Add(ref w, column) = 0;
            work[i] = 1;
            var v = s.order[i];
            for (var a = graph.outFirst[v]; a < graph.outFirst[v + 1]; a++) work[s.rank[graph.arcHead[a]]] -= weight[a];
            for (var p = s.lowerFirst[i]; p < s.lowerFirst[i + 1]; p++)
            {
                var k = s.lowerColumn[p];
                var multiple = Unsafe.Add(ref w, k);
                if (multiple != 0)
                {
                    multiple *= inverse[k];
                    Subtract(k, multiple, ref w);
                }
                lower[p] = multiple;
            }
            if (!(work[i] > PivotFloor)) return false;
            inverse[i] = 1 / work[i];
            var row = upper.AsSpan(s.upperFirst[i], upperRow.Length);
            for (var p = 0; p < row.Length; p++) row[p] = Unsafe.Add(ref w, upperRow[p]);
        }
        return true;
    }

    /// <summary>Solves (I - W) x = b in place; <paramref name="x"/> by position.</summary>
    public void Solve(Span<double> x)
    {
        var s = structure;
        var t = work;
        for (var i = 0; i < t.Length; i++)
        {
            var sum = x[s.order[i]];
            for (var p = s.lowerFirst[i]; p < s.lowerFirst[i + 1]; p++) sum -= lower[p] * t[s.lowerColumn[p]];
            t[i] = sum;
        }
        for (var i = t.Length - 1; i >= 0; i--)
        {
            var sum = t[i];
            for (var p = s.upperFirst[i]; p < s.upperRun[i]; p++) sum -= upper[p] * t[s.upperColumn[p]];
            t[i] = (sum - RunProduct(i, t)) * inverse[i];
            x[s.order[i]] = t[i];
        }
    }

    /// <summary>Solves (I - W)^T x = b in place; <paramref name="x"/> by position.</summary>
    public void SolveTransposed(Span<double> x)
    {
        var s = structure;
        var t = work;
        for (var i = 0; i < t.Length; i++) t[i] = x[s.order[i]];
        ref var w = ref MemoryMarshal.GetArrayDataReference(t);
        for (var i = 0; i < t.Length; i++)
        {
            var value = t[i] * inverse[i];
            t[i] = value;
            if (value != 0) Subtract(i, value, ref w);
        }
        for (var i = t.Length - 1; i >= 0; i--)
        {
            var value = t[i];
            x[s.order[i]] = value;
            if (value == 0) continue;
            for (var p = s.lowerFirst[i]; p < s.lowerFirst[i + 1]; p++) Unsafe.Add(ref w, s.lowerColumn[p]) -= lower[p] * value;
        }
    }

    // w -= multiple * row k of U: indexed up to the last run of consecutive columns, vectors from there.
    private void Subtract(int k, double multiple, ref double w)
    {
        var s = structure;
        int p = s.upperFirst[k], run = s.upperRun[k], end = s.upperFirst[k + 1];
        ref var column = ref MemoryMarshal.GetArrayDataReference(s.upperColumn);
        ref var value = ref MemoryMarshal.GetArrayDataReference(upper);
        var minus = -multiple;
        for (; p < run; p++)
        {
            ref var target = ref Unsafe.Add(ref w, Unsafe.Add(ref column, p));
            target = Math.FusedMultiplyAdd(minus, Unsafe.Add(ref value, p), target);
        }
        if (p == end) return;
        ref var dense = ref Unsafe.Add(ref w, Unsafe.Add(ref column, p));
        var lanes = Vector512.Create(minus);
        for (; p + 8 <= end; p += 8)
        {
            var sum = Vector512.FusedMultiplyAdd(lanes, Vector512.LoadUnsafe(ref Unsafe.Add(ref value, p)), Vector512.LoadUnsafe(ref dense));
            sum.StoreUnsafe(ref dense);
            dense = ref Unsafe.Add(ref dense, 8);
        }
        for (; p < end; p++)
        {
            dense = Math.FusedMultiplyAdd(minus, Unsafe.Add(ref value, p), dense);
            dense = ref Unsafe.Add(ref dense, 1);
        }
    }

    private double RunProduct(int i, double[] t)
    {
        int p = structure.upperRun[i], end = structure.upperFirst[i + 1];
        if (p == end) return 0;
        var values = upper.AsSpan(p, end - p);
        return FixedLanes.Dot(values, t.AsSpan(structure.upperColumn[p], values.Length));
    }
}
