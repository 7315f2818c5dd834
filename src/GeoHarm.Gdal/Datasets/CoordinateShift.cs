using System.Runtime.InteropServices;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>Transforms coordinates from one system to another by PROJ, datum shift included. One thread each.</summary>
public sealed unsafe class CoordinateShift : IDisposable
{
    private readonly int owner = Environment.CurrentManagedThreadId;
    private readonly string doing;
    private nint native;

    /// <summary>Prepares the way from one system to the other; throws <see cref="GdalException"/> where PROJ knows none.</summary>
    public CoordinateShift(SpatialReference from, SpatialReference to)
    {
        doing = $"transform from {from.Name} to {to.Name}";
        var (source, target) = (from.ToNative(), to.ToNative());
        using var trap = ErrorTrap.Enter();
        try
        {
            native = Libgdal.NewTransformation(source, target);
            trap.Check(native != 0, doing);
        }
        finally
        {
            Libgdal.ReleaseReference(source);
            Libgdal.ReleaseReference(target);
        }
    }

    /// <summary>Transforms points in place, x and y equally long. Points outside the projection become NaN; the result is
    /// how many did.</summary>
    public int Transform(Span<double> x, Span<double> y)
    {
        if (Environment.CurrentManagedThreadId != owner) throw new InvalidOperationException("A coordinate transformation serves the thread that made it.");
        ObjectDisposedException.ThrowIf(native == 0, this);
        if (x.Length != y.Length) throw new ArgumentException("x and y differ in length.");
        if (x.Length == 0) return 0;
        var success = (int*)NativeMemory.Alloc((nuint)x.Length, sizeof(int));
        using var trap = ErrorTrap.Enter();
        try
        {
            int all;
            fixed (double* px = x, py = y) all = Libgdal.Transform(native, x.Length, px, py, null, success);
            if (all != 0) return 0;
            var failed = 0;
            for (var i = 0; i < x.Length; i++)
            {
                if (success[i] != 0 && double.IsFinite(x[i])) continue;
                x[i] = y[i] = double.NaN;
                failed++;
            }
            // Points that cannot be placed are counted; only a failure of the whole is an error.
            if (failed == 0) trap.Check(false, doing);
            return failed;
        }
        finally
        {
            NativeMemory.Free(success);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (native == 0) return;
        Libgdal.DestroyTransformation(native);
        native = 0;
    }
}
