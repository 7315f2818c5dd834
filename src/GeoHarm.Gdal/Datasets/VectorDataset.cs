using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>An open vector source (or spreadsheet); belongs to the thread that opened it.</summary>
public sealed unsafe class VectorDataset : IDisposable
{
    private const uint OpenVector = 0x04;
    private const uint OpenVerbose = 0x40;

    private VectorDataset(DatasetHandle handle)
    {
        Handle = handle;
        LayerCount = Libgdal.LayerCount(handle.Enter());
    }

    /// <summary>Number of layers (sheets of a spreadsheet).</summary>
    public int LayerCount { get; }

    /// <summary>GDAL short name of the format.</summary>
    public string Driver => Libgdal.Text(Libgdal.GetDriverShortName(Libgdal.GetDatasetDriver(Handle.Enter())));

    internal DatasetHandle Handle { get; }

    /// <summary>Opens a vector source under a profile. Options are the driver's open options ("ENCODING=CP1252",
    /// "HEADERS=FORCE"). Throws <see cref="GdalException"/> when GDAL cannot.</summary>
    public static VectorDataset Open(string path, DriverProfile profile, IEnumerable<string>? options = null) =>
        new(DatasetHandle.Open(path, profile, OpenVector | OpenVerbose, options ?? []));

    /// <summary>Layer by index from 0.</summary>
    public VectorLayer Layer(int index = 0)
    {
        var native = Handle.Enter();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)LayerCount, nameof(index));
        return new VectorLayer(Handle, Libgdal.GetLayer(native, index));
    }

    /// <summary>Whether there is a layer or table of this name.</summary>
    public bool Has(string name)
    {
        var native = Handle.Enter();
        using var trap = ErrorTrap.Enter();
        return Libgdal.GetLayerByName(native, name) != 0;
    }

    /// <summary>Layer by name; throws <see cref="KeyNotFoundException"/> with the names there are.</summary>
    public VectorLayer Layer(string name)
    {
        var native = Handle.Enter();
        using var trap = ErrorTrap.Enter();
        var layer = Libgdal.GetLayerByName(native, name);
        if (layer != 0) return new VectorLayer(Handle, layer);
        var names = Enumerable.Range(0, LayerCount).Select(i => Layer(i).Name);
        throw new KeyNotFoundException($"{Handle.FileName} has no layer '{name}'; it has {string.Join(", ", names)}.");
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
