using System.Text;
using CsCheck;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

public class TextTableTests
{
    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private static readonly Encoding Macintosh = CodePagesEncodingProvider.Instance.GetEncoding(10000)!;

    public static TheoryData<string, string> Encodings => new() { { "utf8", "UTF-8" }, { "bom", "UTF-8 with byte order mark" }, { "utf16", "UTF-16" }, { "windows", "Windows-1252" }, { "mac", "Mac Roman" } };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Names_are_read_in_the_encoding_of_the_file(string encoding, string said)
    {
        const string text = "código;nombre\n1;Nariño\n2;Bogotá\n3;Córdoba\n4;Ábrego\n";
        byte[] bytes = encoding switch
        {
            "utf8" => Encoding.UTF8.GetBytes(text),
            "bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            "utf16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
            "windows" => Windows.GetBytes(text),
            _ => Macintosh.GetBytes(text),
        };
        var table = TextTable.Parse("f.csv", bytes);
        Assert.Empty(table.Faults);
        Assert.Equal(["Nariño", "Bogotá", "Córdoba", "Ábrego"], table.Cells[table.IndexOf("NOMBRE")]);
        Assert.StartsWith(said + ", separator semicolon", table.Form, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_different_encodings_are_each_read_in_their_own_and_said_so()
    {
        byte[] bytes = [.. "name\n"u8, .. Macintosh.GetBytes("Nariño\n"), .. Windows.GetBytes("Córdoba Ñ\n"), .. Encoding.UTF8.GetBytes("Ábrego\n")];
        var table = TextTable.Parse("f.csv", bytes);
        Assert.Equal(["Nariño", "Córdoba Ñ", "Ábrego"], table.Cells[0]);
        Assert.Equal("GH4015", Assert.Single(table.Faults).Code);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_are_counted_whatever_ends_them(string end)
    {
        var table = TextTable.Parse("f.csv", Encoding.UTF8.GetBytes(string.Join(end, "a,b", "1,2", "3", "4,5", "")));
        Assert.Equal([2, 4], table.Lines);
        Assert.Equal(3, Assert.Single(table.Faults).Line);
    }

    [Fact]
    public void A_file_without_a_table_is_a_fault()
    {
        Assert.Equal("GH4010", Assert.Single(TextTable.Parse("f.csv", []).Faults).Code);
        Assert.Equal("GH4010", Assert.Single(TextTable.Parse("f.csv", "\n\n"u8.ToArray()).Faults).Code);
    }

    [Fact]
    public void No_bytes_whatever_make_it_throw() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            var table = TextTable.Parse("f.csv", bytes);
            return table.Cells.All(c => c.Count == table.RowCount);
        }, iter: 3000);
}
