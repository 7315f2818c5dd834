using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Stores.Tests.Files;

public sealed class FolderStoreTests : LayerStoreContract, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    protected override ILayerStore Open() => FolderStore.Open(folder.Root);

    [Fact]
    public void Other_files_of_the_folder_are_layers_that_can_be_read()
    {
        folder.Put("towns.csv", "code,people\n05001,10\n05002,20\n");
        folder.Put("notes.txt", "nothing");
        using var store = Open();
        Assert.Equal("towns", Assert.Single(store.Layers()).Name);
        Assert.Equal(20, store.Read("towns", new LayerQuery(Equal: new Dictionary<string, string> { ["code"] = "05002" }))["people"].IntegerAt(0));
    }

    [Fact]
    public void A_name_cannot_lead_out_of_the_folder()
    {
        using var store = Open();
        Assert.Throws<InvalidInputException>(() => store.Write(SampleLayers.Table("../evil")));
        Assert.False(System.IO.File.Exists(folder["../evil.gpkg"]));
    }

    [Fact]
    public void An_address_opens_the_store_it_names()
    {
        using (var store = StoreAddress.Open(folder["a.gpkg"])) store.Write(SampleLayers.Table());
        using (var store = StoreAddress.Open(folder["a.gpkg"], readOnly: true)) Assert.Single(store.Layers());
        using (var store = StoreAddress.Open(folder["new/"])) store.Write(SampleLayers.Table());
        using (var store = StoreAddress.Open(folder["new"])) Assert.Single(store.Layers());
        Assert.Throws<StoreException>(() => StoreAddress.Open("ftp://x/y"));
        Assert.Throws<StoreException>(() => StoreAddress.Open(folder["nothing"]));
    }
}
