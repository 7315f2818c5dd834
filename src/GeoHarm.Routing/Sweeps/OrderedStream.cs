namespace GeoHarm.Routing.Sweeps;

/// <summary>
/// Maps 0..count-1 on several threads and streams the results in order. Each result must depend on its number alone. Threads
/// run ahead of the reader by at most a few results each, so memory stays bounded whatever the count.
/// </summary>
internal static class OrderedStream
{
    private const int Ahead = 4; // results per thread held back: enough to hide uneven work, little memory

    /// <summary>Streams results.</summary>
    /// <param name="count">How many.</param>
    /// <param name="threads">Threads, at least 1; with 1 the reader's own thread works.</param>
    /// <param name="maker">Makes one mapping per thread, which may keep buffers.</param>
    /// <param name="cancellation">Stops between results with <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<T> Map<T>(int count, int threads, Func<Func<int, T>> maker, CancellationToken cancellation)
    {
        threads = Math.Min(threads, count);
        return threads <= 1 ? Alone(count, maker, cancellation) : Together(count, threads, maker, cancellation);
    }

    private static IEnumerable<T> Alone<T>(int count, Func<Func<int, T>> maker, CancellationToken cancellation)
    {
        if (count == 0) yield break;
        var map = maker();
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return map(i);
        }
    }

    private static IEnumerable<T> Together<T>(int count, int threads, Func<Func<int, T>> maker, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var room = new SemaphoreSlim(Ahead * threads);
        var slots = new TaskCompletionSource<T>[count];
        for (var i = 0; i < count; i++) slots[i] = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = -1;
        var workers = new Task[threads];
        for (var w = 0; w < threads; w++)
        {
            workers[w] = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        try
        {
            for (var i = 0; i < count; i++)
            {
                var result = slots[i].Task.WaitAsync(cancellation).GetAwaiter().GetResult();
                slots[i] = null!;
                room.Release();
                yield return result;
            }
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(workers, CancellationToken.None);
        }

        void Work()
        {
            Func<int, T>? map = null;
            while (true)
            {
                try
                {
                    room.Wait(stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                var i = Interlocked.Increment(ref next);
                if (i >= count) return;
                try
                {
                    map ??= maker();
                    slots[i].SetResult(map(i));
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    slots[i].SetException(failure);
                }
            }
        }
    }
}
