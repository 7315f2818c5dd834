using GeoHarm.Maps.Tiles;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class TileVerificationTests
{
    private static byte[] Archive()
    {
        using var stream = new MemoryStream();
        PmTilesWriter.Write(new TileSource(Zones.Open([1, 2, 3]), new TileOptions { MaxZoom = 4 }), stream);
        return stream.ToArray();
    }

    [Fact]
    public void A_sound_archive_passes_and_its_features_are_counted()
    {
        var verdict = TileVerification.Check(new MemoryStream(Archive()));
        Assert.Empty(verdict.Faults);
        Assert.True(verdict.Tiles >= 5 && verdict.Features >= verdict.Tiles);
    }

    [Fact]
    public void A_wrong_count_a_spoilt_tile_and_a_foreign_file_are_reported()
    {
        var counted = Archive();
        counted[72]++;
        Assert.Contains(TileVerification.Check(new MemoryStream(counted)).Faults, f => f.Contains("header counts", StringComparison.Ordinal));
        Assert.NotEmpty(TileVerification.Check(new MemoryStream([1, 2, 3])).Faults);
        var source = new TileSource(Zones.Open([1]), new TileOptions { MaxZoom = 0 });
        var tile = source.Tile(new TileAddress(0, 0, 0));
        Assert.Equal(1, TileVerification.Features(tile));
        Assert.Throws<InvalidDataException>(() => TileVerification.Features(tile.AsSpan(0, tile.Length - 3)));
    }
}
