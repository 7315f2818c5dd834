using GeoHarm.Maps.Tiles;

namespace GeoHarm.Maps.Tests.Tiles;

public sealed class PmTilesTests
{
    private static (TileSource Source, byte[] Archive) Made()
    {
        var source = new TileSource(Zones.Open([1, 2, 3, 4]), new TileOptions { MaxZoom = 6 });
        using var stream = new MemoryStream();
        PmTilesWriter.Write(source, stream);
        return (source, stream.ToArray());
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var (source, archive) = Made();
        var reader = new PmTilesReader(new MemoryStream(archive));
        var all = source.All().ToArray();
        Assert.True(reader.IsClustered);
        Assert.Equal((0, 6, (long)all.Length), (reader.MinZoom, reader.MaxZoom, reader.AddressedTiles));
        Assert.Equal(all.Select(t => (t.Address, Convert.ToHexString(t.Tile))), reader.All().Select(t => (t.Address, Convert.ToHexString(t.Tile))));
        Assert.All(all, t => Assert.Equal(t.Tile, reader.Tile(t.Address)));
        Assert.Null(reader.Tile(new TileAddress(6, 0, 0)));
        Assert.Contains("\"id\":\"zones\"", reader.Metadata());
        Assert.Equal((-76.0, -68.0), (Math.Round(reader.Bounds.West, 6), Math.Round(reader.Bounds.East, 6)));
    }

    [Fact]
    public void The_same_layer_gives_the_same_archive() => Assert.Equal(Made().Archive, Made().Archive);

    [Fact]
    public void Many_entries_spill_into_leaves_that_a_reader_follows()
    {
        var random = new Random(5);
        var (entries, id, offset) = (new List<PmTilesEntry>(), 0ul, 0ul);
        for (var i = 0; i < 60_000; i++)
        {
            var length = (uint)random.Next(1, 100_000);
            entries.Add(new PmTilesEntry(id += (ulong)random.Next(1, 50), 1, offset, length));
            offset += length;
        }
        var (root, leaves) = PmTilesWriter.Directories(entries);
        Assert.True(root.Length <= 16384 - 127 && leaves.Length > 0);
        var at = 0;
        var read = PmTilesDirectory.Read(Gzip.Unpack(root, 1 << 26), ref at).SelectMany(p =>
        {
            var start = 0;
            Assert.Equal(0u, p.Run);
            return PmTilesDirectory.Read(Gzip.Unpack(leaves[(int)p.Offset..(int)(p.Offset + p.Length)], 1 << 26), ref start);
        });
        Assert.Equal(entries, read);
    }

    [Fact]
    public void A_file_cut_short_or_spoilt_is_refused_and_never_crashes()
    {
        var archive = Made().Archive;
        var random = new Random(11);
        for (var trial = 0; trial < 400; trial++)
        {
            var spoilt = trial % 2 == 0 ? archive[..random.Next(archive.Length)] : (byte[])archive.Clone();
            if (trial % 2 == 1) for (var k = 0; k < 3; k++) spoilt[random.Next(Math.Min(600, spoilt.Length))] = (byte)random.Next(256);
            try
            {
                var reader = new PmTilesReader(new MemoryStream(spoilt));
                foreach (var _ in reader.All().Take(5000))
                {
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }
}
