using System.Runtime.InteropServices;

namespace GeoHarm.Gdal.Native;

/// <summary>A null-terminated array of UTF-8 strings as GDAL takes them, freed on disposal.</summary>
internal sealed unsafe class TextList : IDisposable
{
    private readonly int count;
    private nint* pointers;

    internal TextList(IEnumerable<string> texts)
    {
        var all = texts.ToArray();
        count = all.Length;
        pointers = (nint*)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(nint));
        for (var i = 0; i < count; i++) pointers[i] = Marshal.StringToCoTaskMemUTF8(all[i]);
    }

    internal nint* Pointer => pointers;

    public void Dispose()
    {
        if (pointers is null) return;
        for (var i = 0; i < count; i++) Marshal.FreeCoTaskMem(pointers[i]);
        NativeMemory.Free(pointers);
        pointers = null;
    }
}
