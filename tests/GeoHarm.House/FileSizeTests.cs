namespace GeoHarm.House;

/// <summary>One algorithm, one file: no file of src grows past what one can read at a sitting.</summary>
public class FileSizeTests
{
    private const int Ceiling = 500;

    [Fact]
    public void No_source_file_is_longer_than_the_ceiling() =>
        Assert.Empty(Repository.Files("src", "*.cs").Select(f => (File: Repository.Relative(f), Lines: File.ReadAllLines(f).Length)).Where(f => TooLong(f.Lines)));

    [Fact]
    public void A_longer_file_is_reported() => Assert.True(TooLong(Ceiling + 1));

    private static bool TooLong(int lines) => lines > Ceiling;
}
