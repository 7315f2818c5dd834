namespace GeoHarm.Engine.Scenarios;

/// <summary>
/// Runs the members of an ensemble on local threads. Each member writes only to its own place, so the same scenario
/// gives the same bits on 1 or N threads; reductions happen afterwards, in member order.
/// </summary>
public static class Ensemble
{
    /// <summary>Runs <paramref name="work"/> for members 0 to count - 1.</summary>
    public static void Run<TWorkspace>(int count, int threads, Func<TWorkspace> workspace, Action<int, TWorkspace> work, Action<double>? progress, CancellationToken cancel) =>
        Run(0, count, threads, workspace, work, progress, cancel);

    /// <summary>Runs <paramref name="work"/> for members from first to first + count - 1.</summary>
    /// <typeparam name="TWorkspace">What one thread needs and reuses from member to member.</typeparam>
    /// <param name="first">First member.</param>
    /// <param name="count">Number of members.</param>
    /// <param name="threads">Threads, at least 1.</param>
    /// <param name="workspace">Makes a workspace for a thread.</param>
    /// <param name="work">The member's work.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancel">Stops between members.</param>
    public static void Run<TWorkspace>(int first, int count, int threads, Func<TWorkspace> workspace, Action<int, TWorkspace> work, Action<double>? progress, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        try
        {
            Parallel.For(first, first + count, options, workspace, (member, _, own) =>
            {
                work(member, own);
                progress?.Invoke(Interlocked.Increment(ref done) / (double)count);
                return own;
            }, _ => { });
        }
        catch (AggregateException many) when (many.InnerExceptions.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(many.InnerExceptions[0]).Throw();
        }
    }
}
