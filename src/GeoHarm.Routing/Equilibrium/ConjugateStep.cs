using System.Numerics;

namespace GeoHarm.Routing.Equilibrium;

/// <summary>
/// A longer and better aimed step after each pass of shifts: with d the change of flows by the pass and s that by the step before, flows
/// move on by a d + b s, where a and b make Beckmann's objective least to second order (locally optimal conjugate gradient;
/// Knyazev 2001, doi 10.1137/S1064827500366124, with a pass as the preconditioner). Both are circulations in each bush, so flow is
/// conserved; a bush goes only as far as none of its flows falls below 0, and what is left of the sum goes only as far as it leads downhill.
/// Removes the slow modes in which bushes push each other to and fro over shared arcs.
/// </summary>
internal sealed unsafe class ConjugateStep<TCost>(int links) where TCost : struct, ILinkCost<TCost>
{
    // Farthest that a pass's change or the step before are carried on: beyond it the second-order model is not to be trusted.
    private const double Farthest = 2;

    // Of the product of both directions' curvatures: below it they are parallel up to rounding.
    private const double Parallel = 1e-10;

    // Of the flow there was: rounding left where a bush was cut.
    private const double Residue = 1e-14;

    private readonly double[] linkBefore = new double[links], linkStep = new double[links], linkMove = new double[links];
    private double[] before = [], step = [], share = [];
    private int[] offset = [], visited = [], lastVisited = [], order = [], lastOrder = []; // by bush: first arc; last two passes with it; a pass's bushes
    private int pass, count, lastCount;

    /// <summary>Forgets all steps: the bushes are new.</summary>
    public void Begin(Bush[] bushes)
    {
        var n = bushes.Length;
        if (share.Length < n)
        {
            (offset, share) = (new int[n + 1], new double[n]);
            (visited, lastVisited, order, lastOrder) = (new int[n], new int[n], new int[n], new int[n]);
        }
        for (var i = 0; i < n; i++) offset[i + 1] = offset[i] + bushes[i].Start[bushes[i].Active];
        if (before.Length < offset[n]) (before, step) = (new double[offset[n]], new double[offset[n]]);
        Array.Fill(visited, -1);
        pass = lastCount = 0;
    }

    /// <summary>Opens a pass.</summary>
    public void OpenPass(LinkState links)
    {
        links.Flow.CopyTo(linkBefore, 0);
        count = 0;
    }

    /// <summary>Notes a bush's flows before it is shifted.</summary>
    public void Note(Bush[] bushes, int i)
    {
        lastVisited[i] = visited[i];
        visited[i] = pass;
        order[count++] = i;
        bushes[i].Flow.AsSpan(0, offset[i + 1] - offset[i]).CopyTo(before.AsSpan(offset[i]));
    }

    /// <summary>Closes a pass: carries the noted bushes on and renews the costs of the links that moved.</summary>
    public void ClosePass(Bush[] bushes, in TCost costs, LinkState links, bool isSlow)
    {
        var length = pass > 0 && isSlow ? Aim(bushes, links) : 0;
        double[] x = links.Flow, c = links.Cost, h = links.Slope;
        for (var n = 0; n < count; n++) Move(bushes[order[n]], order[n], length);
        for (var link = 0; link < x.Length; link++)
        {
            if (length > 0 && linkMove[link] != 0)
            {
                var old = x[link];
                x[link] = Math.Max(0, old + length * linkMove[link]);
                if (!links.IsFixed[link]) costs.Step(link, old, x[link], ref c[link], ref h[link]);
            }
            linkStep[link] = x[link] - linkBefore[link];
        }
        (order, lastOrder, lastCount) = (lastOrder, order, count);
        pass++;
    }

    /// <summary>Finds the step of each bush and of the links; returns how much of it to go, 0 for nothing.</summary>
    private double Aim(Bush[] bushes, LinkState links)
    {
        for (var n = 0; n < lastCount; n++)
        {
            // The steps of bushes that sit this pass out do not count.
            var i = lastOrder[n];
            if (visited[i] != pass) AddToLinks(bushes[i], i, linkStep, -1);
        }
        if (!Coefficients(links, out var a, out var b)) return 0;
        Array.Clear(linkMove); // summed from the bushes: rounding of link flows would grow from pass to pass
        for (var n = 0; n < count; n++)
        {
            var i = order[n];
            share[i] = Extend(bushes[i], i, a, b);
            AddToLinks(bushes[i], i, linkMove, share[i]);
        }
        double down = 0, curvature = 0;
        for (var link = 0; link < linkMove.Length; link++)
        {
            var by = linkMove[link];
            if (by == 0) continue; // the cost of a closed link is infinite
            down -= links.Cost[link] * by;
            curvature += links.Slope[link] * by * by;
        }
        return !(down > 0) ? 0 : down < curvature ? down / curvature : 1;
    }

    private void AddToLinks(Bush bush, int i, double[] sums, double factor)
    {
        fixed (double* s = &step[offset[i]], x = sums)
        fixed (int* slot = bush.Slot)
        {
            for (int k = 0, end = offset[i + 1] - offset[i]; k < end; k++) x[slot[k]] += factor * s[k];
        }
    }

    /// <summary>The least of g(a d + b s) + (a d + b s)H(a d + b s) / 2.</summary>
    private bool Coefficients(LinkState links, out double a, out double b)
    {
        double gd = 0, gs = 0, dd = 0, ds = 0, ss = 0;
        for (var link = 0; link < linkStep.Length; link++)
        {
            double d = links.Flow[link] - linkBefore[link], s = linkStep[link];
            if (d == 0 && s == 0) continue;
            double c = links.Cost[link], h = links.Slope[link];
            gd += c * d;
            gs += c * s;
            dd += h * d * d;
            ds += h * d * s;
            ss += h * s * s;
        }
        (a, b) = (0, 0);
        if (!(dd > 0)) return false;
        var determinant = dd * ss - ds * ds;
        if (determinant > Parallel * dd * ss)
        {
            a = (gs * ds - gd * ss) / determinant;
            b = (gd * ds - gs * dd) / determinant;
        }
        else a = -gd / dd;
        if (!double.IsFinite(a + b)) return false;
        var scale = Math.Max(Math.Abs(a), Math.Abs(b)) / Farthest;
        if (scale > 1) (a, b) = (a / scale, b / scale);
        return true;
    }

    /// <summary>Puts a d + b s in place of the bush's step before; returns the share of it that leaves no flow below 0.</summary>
    private double Extend(Bush bush, int i, double a, double b)
    {
        int o = offset[i], end = offset[i + 1] - o, k = 0;
        if (lastVisited[i] != pass - 1)
        {
            step.AsSpan(o, end).Clear();
            b = 0;
        }
        var most = 1.0;
        fixed (double* flow = bush.Flow, was = &before[o], s = &step[o])
        {
            for (; k + Vector<double>.Count <= end; k += Vector<double>.Count)
            {
                var f = Vector.Load(flow + k);
                var by = a * (f - Vector.Load(was + k)) + b * Vector.Load(s + k);
                by.Store(s + k);
                if (!Vector.LessThanAny(f, -most * by)) continue;
                for (var lane = 0; lane < Vector<double>.Count; lane++) if (f[lane] < -by[lane] * most) most = f[lane] / -by[lane];
            }
            for (; k < end; k++)
            {
                s[k] = a * (flow[k] - was[k]) + b * s[k];
                if (flow[k] < -s[k] * most) most = flow[k] / -s[k];
            }
        }
        return most;
    }

    /// <summary>Goes a part of the bush's step, and keeps the whole change since the pass was opened as the step.</summary>
    private void Move(Bush bush, int i, double length)
    {
        int o = offset[i], end = offset[i + 1] - o, k = 0;
        length *= share[i];
        fixed (double* flow = bush.Flow, was = &before[o], s = &step[o])
        {
            for (; length > 0 && k + Vector<double>.Count <= end; k += Vector<double>.Count)
            {
                var f = Vector.Load(flow + k);
                var now = f + length * Vector.Load(s + k);
                now = Vector.ConditionalSelect(Vector.GreaterThan(now, Residue * f), now, Vector<double>.Zero);
                now.Store(flow + k);
                (now - Vector.Load(was + k)).Store(s + k);
            }
            for (; k < end; k++)
            {
                if (length > 0)
                {
                    var now = flow[k] + length * s[k];
                    flow[k] = now > Residue * flow[k] ? now : 0;
                }
                s[k] = flow[k] - was[k];
            }
        }
    }
}
