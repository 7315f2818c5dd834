using System.Numerics;
using System.Runtime.InteropServices;

namespace GeoHarm.Spatial.Statistics;

/// <summary>
/// Exact Euclidean distance from every cell centre to the nearest source cell centre.
/// Source: Meijster, Roerdink, Hesselink 2000, A general algorithm for computing distance transforms in linear time
/// (doi 10.1007/0-306-47025-X_36): distances within columns in two sweeps, then the lower envelope of parabolas in each row.
/// The envelope is built by cross-multiplication of whole numbers held in doubles, exact for square cells up to 40,000 a
/// side, so no division happens for a parabola that does not survive. The upward sweep, the envelope and the root
/// run row by row, so memory is touched twice.
/// Shapes: row-major, height x width; the result is in the unit of the cell sizes. Cost: linear in cells.
/// Memory: 2 bytes a cell beside input and output.
/// </summary>
public static class DistanceTransform
{
    private const ushort Far = ushort.MaxValue;

    /// <summary>Fills <paramref name="distance"/>; infinity everywhere when there is no source (a cell not 0). Throws when
    /// shapes do not fit, a side exceeds 65,000 cells, or a cell size is not positive.</summary>
    public static void Run(ReadOnlySpan<byte> sources, int width, int height, double cellWidth, double cellHeight, Span<float> distance)
    {
        if (width < 1 || height < 1 || width > 65_000 || height > 65_000) throw new ArgumentOutOfRangeException(nameof(width), $"{width} x {height}", "A side runs from 1 to 65,000 cells.");
        if (sources.Length != (long)width * height || distance.Length != sources.Length) throw new ArgumentException("Source and distance hold width x height cells.", nameof(sources));
        if (!(cellWidth > 0 && cellHeight > 0)) throw new ArgumentOutOfRangeException(nameof(cellWidth), $"{cellWidth} x {cellHeight}", "Cell sizes are positive.");
        var steps = new ushort[sources.Length];
        SweepDown(sources, width, height, steps);
        var row = new Envelope(width, cellWidth, cellHeight);
        for (var r = height - 1; r >= 0; r--)
        {
            var current = steps.AsSpan(r * width, width);
            if (r < height - 1) MeetBelow(current, steps.AsSpan((r + 1) * width, width));
            row.Run(current, distance.Slice(r * width, width));
        }
    }

    private static void SweepDown(ReadOnlySpan<byte> sources, int width, int height, ushort[] steps)
    {
        for (var c = 0; c < width; c++) steps[c] = sources[c] != 0 ? (ushort)0 : Far;
        for (var r = 1; r < height; r++)
        {
            var above = steps.AsSpan((r - 1) * width, width);
            var current = steps.AsSpan(r * width, width);
            var cells = sources.Slice(r * width, width);
            var c = 0;
            for (; c + Vector<byte>.Count <= width; c += Vector<byte>.Count)
            {
                Vector.Widen(Vector.Equals(new Vector<byte>(cells[c..]), Vector<byte>.Zero), out var low, out var high);
                // The mask widens to 0x00FF; a multiple of 0x0101 makes it all ones.
                Step(above[c..], low * 257, current[c..]);
                Step(above[(c + Vector<ushort>.Count)..], high * 257, current[(c + Vector<ushort>.Count)..]);
            }
            for (; c < width; c++) current[c] = cells[c] != 0 ? (ushort)0 : above[c] == Far ? Far : (ushort)(above[c] + 1);
        }
    }

    private static void Step(ReadOnlySpan<ushort> above, Vector<ushort> free, Span<ushort> current) =>
        (Vector.AddSaturate(new Vector<ushort>(above), Vector<ushort>.One) & free).CopyTo(current);

    private static void MeetBelow(Span<ushort> current, ReadOnlySpan<ushort> below)
    {
        var c = 0;
        for (; c + Vector<ushort>.Count <= current.Length; c += Vector<ushort>.Count)
        {
            Vector.Min(new Vector<ushort>(current[c..]), Vector.AddSaturate(new Vector<ushort>(below[c..]), Vector<ushort>.One)).CopyTo(current[c..]);
        }
        for (; c < current.Length; c++) current[c] = Math.Min(current[c], below[c] == Far ? Far : (ushort)(below[c] + 1));
    }

    /// <summary>The lower envelope of one row; all lengths in cell widths, heights scaled by their ratio.</summary>
    private sealed class Envelope
    {
        private readonly double ratioSquared, cellWidth;
        private readonly double[] site, height, index;

        public Envelope(int width, double cellWidth, double cellHeight)
        {
            this.cellWidth = cellWidth;
            ratioSquared = cellHeight / cellWidth * (cellHeight / cellWidth);
            (site, height, index) = (new double[width], new double[width], new double[width + Vector<double>.Count]);
            for (var i = 0; i < index.Length; i++) index[i] = i;
        }

        public void Run(ReadOnlySpan<ushort> steps, Span<float> distance)
        {
            var top = Build(steps);
            if (top < 0) { distance.Fill(float.PositiveInfinity); return; }
            var from = 0;
            for (var k = 0; k <= top; k++)
            {
                // Parabola k rules up to where the next crosses it.
                var to = distance.Length;
                if (k < top)
                {
                    var crossing = (height[k + 1] - height[k]) / (2 * (site[k + 1] - site[k]));
                    to = crossing >= distance.Length ? distance.Length : crossing < 0 ? 0 : (int)crossing + 1;
                }
                if (to > from)
                {
                    Fill(distance, from, to, site[k], height[k] - site[k] * site[k]);
                    from = to;
                }
            }
        }

        /// <summary>Sites of the envelope, left to right, with height = f + x^2; returns the last or -1.</summary>
        private int Build(ReadOnlySpan<ushort> steps)
        {
            ref var x = ref MemoryMarshal.GetArrayDataReference(site);
            ref var h = ref MemoryMarshal.GetArrayDataReference(height);
            var top = -1;
            for (var c = 0; c < steps.Length; c++)
            {
                if (steps[c] == Far) continue;
                double s = steps[c], q = c;
                var f = s * s * ratioSquared + q * q;
                while (top >= 1)
                {
                    // Drop the last site while the new one crosses it no later than it crosses the one before.
                    double x1 = site[top], h1 = height[top];
                    if ((f - h1) * (x1 - site[top - 1]) > (h1 - height[top - 1]) * (q - x1)) break;
                    top--;
                }
                top++;
                site[top] = q;
                height[top] = f;
            }
            return top;
        }

        private void Fill(Span<float> distance, int from, int to, double x, double f)
        {
            var c = from;
            var sites = new Vector<double>(x);
            var offset = new Vector<double>(f);
            var scale = new Vector<double>(cellWidth);
            for (; c + Vector<float>.Count <= to; c += Vector<float>.Count)
            {
                var a = new Vector<double>(index, c) - sites;
                var b = new Vector<double>(index, c + Vector<double>.Count) - sites;
                Vector.Narrow(Vector.SquareRoot(a * a + offset) * scale, Vector.SquareRoot(b * b + offset) * scale).CopyTo(distance[c..]);
            }
            for (; c < to; c++) distance[c] = (float)(Math.Sqrt((c - x) * (c - x) + f) * cellWidth);
        }
    }
}
