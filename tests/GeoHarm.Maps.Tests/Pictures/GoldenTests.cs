using System.Runtime.CompilerServices;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using SkiaSharp;

namespace GeoHarm.Maps.Tests.Pictures;

/// <summary>
/// Pictures against their accepted copies. Tolerance across machines: on average 1.5 of 255 levels a channel, and no more
/// than 1 % of the pixels off by over 48 levels. GEOHARM_BLESS=1 (make bless) accepts what is drawn now.
/// </summary>
public sealed class GoldenTests
{
    private const double MeanTolerance = 1.5;
    private const double FarShare = 0.01;
    private const int Far = 48;

    public static TheoryData<string> Names => [.. ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_picture_looks_as_accepted(string name)
    {
        var spec = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures.Single(p => p.Name == name);
        var drawn = Picture.Draw(spec with { Size = spec.Size with { Dpi = 48 } }, PictureFormat.Png).Bytes;
        var golden = Path.Combine(Folder(), name + ".png");
        if (Environment.GetEnvironmentVariable("GEOHARM_BLESS") == "1")
        {
            Directory.CreateDirectory(Folder());
            File.WriteAllBytes(golden, drawn);
        }
        Assert.True(File.Exists(golden), $"{golden} is missing: look at the picture, then run 'make bless'.");
        var (mean, far) = Difference(File.ReadAllBytes(golden), drawn);
        Assert.True(mean <= MeanTolerance && far <= FarShare, $"{name}: {mean:0.00} levels on average, {far:P2} of the pixels far off");
    }

    [Fact]
    public void Another_picture_is_told_apart()
    {
        var pictures = ScenarioPictures.All(Results.Layers(), Results.Context()).Pictures;
        var (a, b) = (pictures[1], pictures[2]);
        var (mean, far) = Difference(Small(a), Small(b));
        Assert.True(mean > MeanTolerance || far > FarShare);

        static byte[] Small(PictureSpec spec) => Picture.Draw(spec with { Size = spec.Size with { Dpi = 48 } }, PictureFormat.Png).Bytes;
    }

    private static (double Mean, double FarShare) Difference(byte[] golden, byte[] drawn)
    {
        using var a = SKBitmap.Decode(golden);
        using var b = SKBitmap.Decode(drawn);
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        var (x, y) = (a.Pixels, b.Pixels);
        var (sum, far) = (0L, 0);
        for (var i = 0; i < x.Length; i++)
        {
            var (r, g, c) = (Math.Abs(x[i].Red - y[i].Red), Math.Abs(x[i].Green - y[i].Green), Math.Abs(x[i].Blue - y[i].Blue));
            sum += r + g + c;
            far += Math.Max(r, Math.Max(g, c)) > Far ? 1 : 0;
        }
        return (sum / 3.0 / x.Length, (double)far / x.Length);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../Goldens");
}
