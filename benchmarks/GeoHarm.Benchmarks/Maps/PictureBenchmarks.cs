using BenchmarkDotNet.Attributes;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Tiles;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Benchmarks.Maps;

/// <summary>Pictures and tiles of 1,122 municipalities (../shared/data/bench/zones.gpkg beside the checkout).</summary>
[MemoryDiagnoser]
public class PictureBenchmarks
{
    private PublishedLayer all = null!;
    private PublishedLayer some = null!;
    private TileSource tiles = null!;

    [GlobalSetup]
    public void Open()
    {
        using var store = GeoPackageStore.OpenReadOnly(Environment.GetEnvironmentVariable("GEOHARM_BENCH_ZONES") ?? "../shared/data/bench/zones.gpkg");
        var layer = store.Read("zones");
        var rows = Enumerable.Range(0, layer.RowCount).ToArray();
        layer = layer.WithColumns([.. layer.Columns.Where(c => c.Name != "size"), Column.Real("size", rows.Select(r => layer.GeometryAt(r)!.Area))]);
        var (kept, vertices) = (new List<int>(), 0);
        foreach (var row in rows.TakeWhile(_ => vertices < 50_000))
        {
            kept.Add(row);
            vertices += layer.GeometryAt(row)!.NumPoints;
        }
        (all, some) = (PublishedLayer.Open(layer), PublishedLayer.Open(layer.Take(kept)));
        tiles = new TileSource(all, new TileOptions());
    }

    [Benchmark]
    public int Fifty_thousand_vertices() => Draw(some, false);

    [Benchmark]
    public int Municipalities_with_names() => Draw(all, true);

    [Benchmark]
    public long Pyramid()
    {
        using var archive = new MemoryStream();
        return PmTilesWriter.Write(new TileSource(all, new TileOptions()), archive).Bytes;
    }

    [Benchmark]
    public int Tile_on_demand() => tiles.Tile(new TileAddress(8, 75, 126)).Length;

    private static int Draw(PublishedLayer layer, bool names) => Picture.Draw(new PictureSpec
    {
        Name = "bench", Title = "Bench", Size = new PictureSize(1024, 768),
        Panels = [new MapSpec { Layers = names ? [new Choropleth(layer, "size", "deg2"), new NameLabels(layer, "name") { AtMost = 2000, Always = 2000 }] : [new Choropleth(layer, "size", "deg2")] }],
    }, PictureFormat.Png).Bytes.Length;
}
