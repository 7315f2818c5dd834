using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoHarm.Routing.Paths;

/// <summary>How wide a sweep works; the bits are the same in every width.</summary>
public enum SweepWidth
{
    /// <summary>The widest that this processor has.</summary>
    Widest,

    /// <summary>512-bit vectors.</summary>
    Bits512,

    /// <summary>256-bit vectors, two for each row.</summary>
    Bits256,

    /// <summary>No vectors.</summary>
    Scalar,
}

/// <summary>
/// Costs from several sources to every node at once: PHAST (Delling, Goldberg, Nowatzyk, Werneck 2013,
/// doi 10.1016/j.jpdc.2012.02.007) on a customizable hierarchy. Each source climbs its path in the elimination tree, then one
/// pass over all ranks from the highest down takes the least cost over arcs to higher ranks, all sources side by side.
/// A row holds 64 bytes: 16 sources in int, uint and float, 8 in double. A search: one per thread.
/// Cost: one load, one add and one minimum for each arc of the completion and row. Fails never; no path is <see cref="HierarchyMetric{T}.Infinity"/>.
/// </summary>
public sealed unsafe class HierarchySweep<T> where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private const int RowBytes = 64;
    private readonly Hierarchy hierarchy;
    private readonly byte[] touched;
    private readonly byte[] storage; // pinned, so that rows stay aligned to cache lines
    private readonly T* rows;
    private readonly SweepWidth width;

    /// <summary>Room for one sweep of <paramref name="hierarchy"/>.</summary>
    public HierarchySweep(Hierarchy hierarchy, SweepWidth width = SweepWidth.Widest)
    {
        ArgumentNullException.ThrowIfNull(hierarchy);
        this.hierarchy = hierarchy;
        this.width = width != SweepWidth.Widest ? width
            : Vector512.IsHardwareAccelerated ? SweepWidth.Bits512
            : Vector256.IsHardwareAccelerated ? SweepWidth.Bits256
            : SweepWidth.Scalar;
        touched = new byte[hierarchy.RankCount];
        storage = GC.AllocateUninitializedArray<byte>(checked(hierarchy.RankCount * RowBytes + RowBytes), pinned: true);
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(storage, 0);
        rows = (T*)((address + RowBytes - 1) & ~(nint)(RowBytes - 1));
    }

    /// <summary>Sources of one sweep: 16, or 8 in double.</summary>
    public static int Lanes => RowBytes / sizeof(T);

    /// <summary>Costs by rank, row after row of <see cref="Lanes"/>; valid after <see cref="Run(HierarchyMetric{T}, ReadOnlySpan{int})"/>.</summary>
    internal T* Rows => rows;

    /// <summary>Sweeps from up to <see cref="Lanes"/> source nodes.</summary>
    public void Run(HierarchyMetric<T> metric, ReadOnlySpan<int> sources)
    {
        Span<int> ranks = stackalloc int[Lanes];
        if (sources.Length > ranks.Length) throw new ArgumentException($"at most {ranks.Length} sources", nameof(sources));
        for (var i = 0; i < sources.Length; i++) ranks[i] = hierarchy.SourceRank(sources[i]);
        RunRanks(metric, ranks[..sources.Length]);
    }

    /// <summary>Cost from source <paramref name="lane"/> of the last run to a node; 0 to the source itself.</summary>
    public T CostTo(int lane, int node) => rows[(long)hierarchy.TargetRank(node) * Lanes + lane];

    /// <summary>Copies the costs of one source to all nodes (length: nodes).</summary>
    public void CopyTo(int lane, Span<T> costByNode)
    {
        for (var v = 0; v < hierarchy.NodeCount; v++) costByNode[v] = CostTo(lane, v);
    }

    internal void RunRanks(HierarchyMetric<T> metric, ReadOnlySpan<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metric.Hierarchy != hierarchy) throw new ArgumentException("the metric belongs to another hierarchy", nameof(metric));
        for (var lane = 0; lane < ranks.Length; lane++) Climb(metric, ranks[lane], lane);
        fixed (int* upFirst = hierarchy.upFirst, upHead = hierarchy.upHead)
        fixed (T* down = metric.down)
        fixed (byte* mark = touched)
        {
            var n = hierarchy.RankCount;
            if (width == SweepWidth.Bits512) Descend512(n, upFirst, upHead, down, mark, rows);
            else if (width == SweepWidth.Bits256) Descend256(n, upFirst, upHead, down, mark, rows);
            else DescendScalar(n, upFirst, upHead, down, mark, rows);
        }
    }

    private void Climb(HierarchyMetric<T> metric, int source, int lane)
    {
        var lanes = Lanes;
        var infinity = HierarchyMetric<T>.Infinity;
        for (var v = source; v >= 0 && touched[v] == 0; v = hierarchy.parent[v])
        {
            touched[v] = 1;
            new Span<T>(rows + (long)v * lanes, lanes).Fill(infinity);
        }
        rows[(long)source * lanes + lane] = T.Zero;
        for (var v = source; v >= 0; v = hierarchy.parent[v])
        {
            var own = rows[(long)v * lanes + lane];
            if (own >= infinity) continue;
            for (var a = hierarchy.upFirst[v]; a < hierarchy.upFirst[v + 1]; a++)
            {
                var row = rows + ((long)hierarchy.upHead[a] * lanes + lane);
                var there = own + metric.up[a];
                if (there < *row) *row = there;
            }
        }
    }

    private static void Descend512(int n, int* upFirst, int* upHead, T* down, byte* mark, T* rows)
    {
        var lanes = Vector512<T>.Count;
        var infinity = Vector512.Create(HierarchyMetric<T>.Infinity);
        var a = upFirst[n];
        for (var v = n - 1; v >= 0; v--)
        {
            var row = rows + (long)v * lanes;
            var best = mark[v] != 0 ? Vector512.Load(row) : infinity;
            mark[v] = 0;
            var other = infinity;
            var first = upFirst[v];
            for (a -= 2; a >= first; a -= 2)
            {
                best = Vector512.MinNative(best, Vector512.Load(rows + (long)upHead[a + 1] * lanes) + Vector512.Create(down[a + 1]));
                other = Vector512.MinNative(other, Vector512.Load(rows + (long)upHead[a] * lanes) + Vector512.Create(down[a]));
            }
            a++;
            if (a >= first) best = Vector512.MinNative(best, Vector512.Load(rows + (long)upHead[a] * lanes) + Vector512.Create(down[a]));
            Vector512.MinNative(best, other).Store(row);
            a = first;
        }
    }

    private static void Descend256(int n, int* upFirst, int* upHead, T* down, byte* mark, T* rows)
    {
        var half = Vector256<T>.Count;
        var infinity = Vector256.Create(HierarchyMetric<T>.Infinity);
        for (var v = n - 1; v >= 0; v--)
        {
            var row = rows + (long)v * 2 * half;
            var left = mark[v] != 0 ? Vector256.Load(row) : infinity;
            var right = mark[v] != 0 ? Vector256.Load(row + half) : infinity;
            mark[v] = 0;
            for (int a = upFirst[v], end = upFirst[v + 1]; a < end; a++)
            {
                var from = rows + (long)upHead[a] * 2 * half;
                var cost = Vector256.Create(down[a]);
                left = Vector256.MinNative(left, Vector256.Load(from) + cost);
                right = Vector256.MinNative(right, Vector256.Load(from + half) + cost);
            }
            left.Store(row);
            right.Store(row + half);
        }
    }

    private static void DescendScalar(int n, int* upFirst, int* upHead, T* down, byte* mark, T* rows)
    {
        var lanes = Lanes;
        for (var v = n - 1; v >= 0; v--)
        {
            var row = rows + (long)v * lanes;
            if (mark[v] == 0) new Span<T>(row, lanes).Fill(HierarchyMetric<T>.Infinity);
            mark[v] = 0;
            for (int a = upFirst[v], end = upFirst[v + 1]; a < end; a++)
            {
                var from = rows + (long)upHead[a] * lanes;
                var cost = down[a];
                for (var lane = 0; lane < lanes; lane++)
                {
                    var there = from[lane] + cost;
                    if (there < row[lane]) row[lane] = there;
                }
            }
        }
    }
}
