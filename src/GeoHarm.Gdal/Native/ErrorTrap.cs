using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GeoHarm.Gdal.Datasets;

namespace GeoHarm.Gdal.Native;

/// <summary>
/// Collects what GDAL says while a native call runs, and throws once it has returned: an exception must never unwind
/// through C. One handler serves the process; messages go to the list of the thread they were raised on, and those of
/// GDAL's own worker threads to a bounded process-wide list, which the next failure without words of its own takes.
/// </summary>
internal static unsafe class ErrorTrap
{
    private const int Warning = 2;
    private const int Failure = 3;
    private const int StrayLimit = 64;

    [ThreadStatic]
    private static List<GdalMessage>? collected;

    [ThreadStatic]
    private static int depth;

    private static readonly ConcurrentQueue<GdalMessage> Strays = new();

    /// <summary>Makes this trap GDAL's process-wide handler.</summary>
    internal static void Install() => Libgdal.SetErrorHandler(&Receive, 0);

    /// <summary>Starts to collect on this thread.</summary>
    internal static Scope Enter()
    {
        var messages = collected ??= [];
        if (depth++ == 0) messages.Clear();
        return new Scope(messages);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(int errorClass, int number, byte* text)
    {
        if (errorClass < Warning) return;
        var message = new GdalMessage(errorClass == Warning ? GdalSeverity.Warning : GdalSeverity.Error, number, Libgdal.Text(text));
        if (depth > 0) (collected ??= []).Add(message);
        else if (Strays.Count < StrayLimit) Strays.Enqueue(message);
    }

    /// <summary>One collecting scope; a ref struct, so it cannot leave its thread.</summary>
    internal readonly ref struct Scope
    {
        private readonly List<GdalMessage> said;

        internal Scope(List<GdalMessage> said) => this.said = said;

        /// <summary>Throws when GDAL reported an error or the call failed; else returns the warnings.</summary>
        internal IReadOnlyList<GdalMessage> Check(bool succeeded, string doing)
        {
            if (succeeded && said.Count == 0) return [];
            var messages = said.ToList();
            said.Clear();
            if (succeeded && !messages.Exists(m => m.Severity == GdalSeverity.Error)) return messages;
            if (!messages.Exists(m => m.Severity == GdalSeverity.Error))
            {
                while (Strays.TryDequeue(out var stray)) messages.Add(stray);
            }
            throw new GdalException(doing, messages);
        }

        /// <summary>Takes what was said so far without judging it.</summary>
        internal IReadOnlyList<GdalMessage> Messages()
        {
            var messages = said.ToArray();
            said.Clear();
            return messages;
        }

        /// <summary>Stops collecting.</summary>
        public void Dispose()
        {
            if (--depth > 0) return;
            said.Clear();
            Libgdal.ErrorReset();
        }
    }
}
