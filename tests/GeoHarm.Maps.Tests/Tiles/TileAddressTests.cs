using CsCheck;
using GeoHarm.Maps.Tiles;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class TileAddressTests
{
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(1, 0, 1, 2)]
    [InlineData(1, 1, 1, 3)]
    [InlineData(1, 1, 0, 4)]
    [InlineData(2, 0, 0, 5)]
    [InlineData(12, 3423, 1763, 19078479)] // Example of the PMTiles version 3 specification.
    public void Ids_are_those_of_the_specification(int zoom, int column, int row, ulong id)
    {
        Assert.Equal(id, new TileAddress(zoom, column, row).Id);
        Assert.Equal(new TileAddress(zoom, column, row), TileAddress.OfId(id));
    }

    [Fact]
    public void Every_address_comes_back_from_its_id() =>
        Gen.Select(Gen.Int[0, TileAddress.DeepestZoom], Gen.Double[0, 0.999999999], Gen.Double[0, 0.999999999]).Sample((zoom, x, y) =>
        {
            var address = new TileAddress(zoom, (int)(x * (1 << zoom)), (int)(y * (1 << zoom)));
            return TileAddress.OfId(address.Id) == address;
        }, iter: 5000);

    [Fact]
    public void Neighbours_on_the_curve_are_neighbours_on_the_map()
    {
        for (var id = TileAddressStart(5); id + 1 < TileAddressStart(6); id++)
        {
            var (a, b) = (TileAddress.OfId(id), TileAddress.OfId(id + 1));
            Assert.Equal(1, Math.Abs(a.Column - b.Column) + Math.Abs(a.Row - b.Row));
        }

        static ulong TileAddressStart(int zoom) => new TileAddress(zoom, 0, 0).Id;
    }

    [Fact]
    public void A_tile_outside_its_zoom_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new TileAddress(2, 4, 0));
}
