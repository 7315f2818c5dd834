using GeoHarm.Gdal.Native;
using Microsoft.Win32.SafeHandles;

namespace GeoHarm.Gdal.Datasets;

/// <summary>
/// An open dataset that belongs to the thread that opened it: GDAL handles may not be shared, and one used from two
/// threads crashes the process. Every use goes through <see cref="Enter"/>, which throws on any other thread and puts
/// the profile's options in force. What threads share is the file's name; each opens its own.
/// </summary>
internal sealed class DatasetHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int owner = Environment.CurrentManagedThreadId;
    private readonly DriverProfile profile;

    private DatasetHandle(nint native, DriverProfile profile, string name) : base(ownsHandle: true)
    {
        (this.profile, FileName) = (profile, name);
        SetHandle(native);
    }

    /// <summary>File name without its folder, for messages.</summary>
    internal string FileName { get; }

    /// <summary>The native pointer; throws on another thread than the owner's or once closed.</summary>
    internal nint Enter()
    {
        if (Environment.CurrentManagedThreadId != owner)
        {
            throw new InvalidOperationException($"'{FileName}' was opened on thread {owner}. A GDAL handle serves one thread: open the file again on this one.");
        }
        ObjectDisposedException.ThrowIf(IsClosed, this);
        GdalRuntime.Use(profile);
        return handle;
    }

    internal static unsafe DatasetHandle Open(string path, DriverProfile profile, uint flags, IEnumerable<string> options)
    {
        profile.RequirePlainName(path);
        GdalRuntime.Use(profile);
        using var drivers = new TextList(profile.Drivers.Where(d => Libgdal.GetDriverByName(d) != 0));
        using var openOptions = new TextList(options);
        using var noSiblings = new TextList([]);
        using var trap = ErrorTrap.Enter();
        var native = Libgdal.OpenEx(path, flags, drivers.Pointer, openOptions.Pointer, profile.SeesSiblings ? null : noSiblings.Pointer);
        return Adopt(trap, native, profile, path, $"open {Path.GetFileName(path)} under profile '{profile.Name}'");
    }

    /// <summary>Wraps a dataset just made; an error reported while making it closes it again and throws.</summary>
    internal static DatasetHandle Adopt(ErrorTrap.Scope trap, nint native, DriverProfile profile, string path, string doing)
    {
        try
        {
            trap.Check(native != 0, doing);
        }
        catch (GdalException) when (native != 0)
        {
            _ = Libgdal.Close(native);
            throw;
        }
        return new DatasetHandle(native, profile, Path.GetFileName(path));
    }

    /// <summary>Closes now and reports what GDAL says while it writes the rest; disposal alone would swallow it.</summary>
    internal void CloseChecked()
    {
        var native = Enter();
        SetHandleAsInvalid();
        using var trap = ErrorTrap.Enter();
        _ = Libgdal.Close(native);
        trap.Check(true, $"finish writing {FileName}");
    }

    protected override bool ReleaseHandle()
    {
        using var trap = ErrorTrap.Enter();
        _ = Libgdal.Close(handle);
        return true;
    }
}
