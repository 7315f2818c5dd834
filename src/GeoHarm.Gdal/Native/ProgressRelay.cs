using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>Carries GDAL's progress callback to <see cref="IProgress{T}"/> and a cancellation token back to GDAL.</summary>
internal sealed unsafe class ProgressRelay : IDisposable
{
    private readonly IProgress<double>? progress;
    private readonly CancellationToken cancellation;
    private GCHandle self;

    internal ProgressRelay(IProgress<double>? progress, CancellationToken cancellation)
    {
        (this.progress, this.cancellation) = (progress, cancellation);
        self = GCHandle.Alloc(this);
    }

    internal static delegate* unmanaged[Cdecl]<double, byte*, nint, int> Callback => &Receive;

    internal nint Data => GCHandle.ToIntPtr(self);

    /// <summary>What the progress receiver threw, to be thrown again once GDAL has returned.</summary>
    internal Exception? Thrown { get; private set; }

    public void Dispose()
    {
        if (self.IsAllocated) self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Receive(double share, byte* text, nint data)
    {
        if (GCHandle.FromIntPtr(data).Target is not ProgressRelay relay) return 1;
        try
        {
            relay.progress?.Report(share);
        }
#pragma warning disable CA1031 // An exception must not unwind through C: kept and thrown after the call.
        catch (Exception exception)
        {
            relay.Thrown = exception;
            return 0;
        }
#pragma warning restore CA1031
        return relay.cancellation.IsCancellationRequested ? 0 : 1;
    }
}
