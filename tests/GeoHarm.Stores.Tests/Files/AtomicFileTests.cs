using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_appears_whole()
    {
        AtomicFile.Write(folder["sub/a.txt"], s => s.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(folder["sub/a.txt"]));
    }

    [Fact]
    public void A_failure_half_way_leaves_the_old_file_and_nothing_else()
    {
        folder.Put("a.txt", "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(folder["a.txt"], s =>
        {
            s.Write(new byte[1 << 20]);
            throw new FormatException();
        }));
        Assert.Equal("old", File.ReadAllText(folder["a.txt"]));
        Assert.Equal(["a.txt"], folder.Files());
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused()
    {
        Directory.CreateDirectory(folder["a.txt"]);
        Assert.Throws<StoreException>(() => AtomicFile.Write(folder["a.txt"], s => s.Write("new"u8)));
        Assert.Empty(folder.Files());
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        folder.Put("a", "old");
        Assert.Throws<StoreException>(() => AtomicFile.Write(folder["a/b.txt"], s => s.Write("new"u8)));
        Assert.Equal(["a"], folder.Files());
    }
}

/// <summary>Writes to the device that is always full.</summary>
internal static class FullDisk
{
    public static void Write()
    {
        try
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
            full.Write(new byte[4096]);
            full.Flush();
        }
        catch (IOException failure) when (AtomicFile.Explain("x", failure) is { } explained)
        {
            throw explained;
        }
    }
}
