using System.Runtime.CompilerServices;
using GeoHarm.Maps.Styles;

namespace GeoHarm.Maps.Tests.Styles;

public sealed class StyleFileTests
{
    [Fact]
    public void Every_style_in_the_repository_can_be_read()
    {
        var files = Directory.GetFiles(Folder(), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, f => PictureStyle.Parse(File.ReadAllText(f), f));
    }

    [Fact]
    public void The_house_style_is_the_default() =>
        Assert.Equal(PictureStyle.Default, PictureStyle.Parse(File.ReadAllText(Path.Combine(Folder(), "house.json")), "house.json"));

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../tiles/styles"));
}
