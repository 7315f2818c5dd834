using System.Text;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.GeoPackage;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

public sealed class TwentyFaultsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>One file, twenty kinds of wrong, each at a known line.</summary>
    private static readonly (string Line, string Code)[] Lines =
    [
        ("05,ANTIOQUIA,05031,1,2,3,4", ""),
        ("05,ANTIOQUIA,05034,1,2,3", "GH4012"), // cut short
        ("05,ANTIOQUIA,05036,1,2,3,4,5,6", "GH4012"), // too many fields
        ("05;ANTIOQUIA;05038;1;2;3;4", "GH4013"), // another separator
        ("05,ANTIOQUIA,05040,-7,2,3,4", "GH4022"), // negative hectares
        ("05,ANTIOQUIA,05031,1,2,3,4", "GH4023"), // the code again
        ("05,ANTIOQUIA,05999,1,2,3,4", "GH4024"), // unknown code
        ("05,ANTIOQUIA,ABC,1,2,3,4", "GH4024"), // no code
        ("05,ANTIOQUIA,,1,2,3,4", "GH4034"), // empty code
        ("52,NARIÑO,05045,1,2,3,4", "GH4032"), // department of another
        ("05,ANTIOQUIA,05051,=1+1,2,3,4", "GH4014"), // formula
        ("05,ANTIOQUIA,05055,1,@SUM(A1),3,4", "GH4014"),
        ("05,ANTIOQUIA,05059,many,2,3,4", "GH4021"), // no number
        ("05,ANTIOQUIA,05079,1,\"1.234,5\",3,4", "GH4033"), // the other number style
        ("05,ANTIOQUIA,05086,1,\"1,234.5\",3,4", ""),
        ("05,ANTIOQUIA,05088,1,\"2,234.5\",3,4", ""),
        ("05,ANTIOQUIA,05091,1,NaN,3,4", "GH4021"), // not finite
        ("05,ANTIOQUIA,05093,1,1..5,3,4", "GH4021"),
        ("05,ANTI\u0001OQUIA,05101,1,2,3,4", "GH4017"), // junk
        ("05,ANTI\"OQUIA,05107,1,2,3,4", "GH4019"), // a quote inside a field
        ("05,HUGE,05113,1,2,3,4", "GH4018"),
    ];

    [Fact]
    public void Twenty_different_faults_are_told_at_once_with_their_lines_and_the_store_is_untouched()
    {
        // Over all of it: a column missing (MUNICIPIO), a year twice, a year left out, a line in no encoding.
        var text = new StringBuilder("CODDEPTO,DEPARTAMENTO,CODMPIO,2001,2002,2002,2004\n");
        foreach (var (line, _) in Lines) text.Append(line.Replace("HUGE", new string('x', 20_000), StringComparison.Ordinal)).Append('\n');
        var path = folder.Put("bad.csv", [.. Encoding.UTF8.GetBytes(text.ToString()), .. "05,ANT"u8, 0x81, 0x8D, .. "OQUIA,05120,1,2,3,4\n"u8]);

        using var store = GeoPackageStore.Open(folder["s.gpkg"]);
        store.Write(SampleLayers.Table("coca_municipal"));
        var refused = Assert.Throws<InvalidInputException>(() => DataImport.Import(path, () => store));
        SampleLayers.AssertSame(SampleLayers.Table("coca_municipal"), store.Read("coca_municipal"));
        Assert.Equal(1, store.VersionOf("coca_municipal"));

        for (var i = 0; i < Lines.Length; i++)
        {
            var told = string.Join(", ", refused.Faults.Where(f => f.Line == i + 2).Select(f => f.Code));
            Assert.True(Lines[i].Code.Length > 0 ? told.Contains(Lines[i].Code, StringComparison.Ordinal) : told.Length == 0, $"line {i + 2} ({Lines[i].Line}): expected '{Lines[i].Code}', told '{told}'");
        }
        Assert.Contains(refused.Faults, f => f.Code == "GH4020" && f.Message.Contains("MUNICIPIO", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, f => f.Code == "GH4011" && f.Message.Contains("2002", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, f => f.Code == "GH4035" && f.Message.Contains("2003", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, f => f.Code == "GH4016" && f.Line == Lines.Length + 2);
        Assert.True(refused.Faults.Count(f => f.Severity == FaultSeverity.Error) + refused.Faults.Count(f => f.Code is "GH4024" or "GH4016") >= 20, string.Join("\n", refused.Faults));
        Assert.True(refused.Faults.Select(f => f.Code).Distinct().Count() >= 15);
        Assert.All(refused.Faults, f => Assert.True(f.Remedy.Length > 0 && f.Code.StartsWith("GH4", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_unclosed_quote_does_not_hide_the_rest_in_silence()
    {
        var path = folder.Put("bad.csv", "CODDEPTO,DEPARTAMENTO,CODMPIO,MUNICIPIO,2001,2002,2003\n05,\"ANTIOQUIA,05031,AMALFI,1,2,3\n05,ANTIOQUIA,05034,ANDES,1,2,3\n");
        Assert.Contains(Assert.Single(DataCheck.Check([path])).Faults, f => f.Severity == FaultSeverity.Error && f.Line == 2);
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused_never_a_crash()
    {
        var seed = Encoding.UTF8.GetBytes("CODDEPTO,DEPARTAMENTO,CODMPIO,MUNICIPIO,2001,2002,2003\n05,ANTIOQUIA,05031,AMALFI,\"1,002.0\",- 0,3\n52,NARIÑO,52835,TUMACO,1,\"2.5\",3\n");
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, seed.Length - 1], CsCheck.Gen.Byte, CsCheck.Gen.Int[0, seed.Length - 1], CsCheck.Gen.Byte), change =>
        {
            var bytes = seed.ToArray();
            bytes[change.Item1] = change.Item2;
            bytes[change.Item3] = change.Item4;
            var check = Assert.Single(DataCheck.Check([folder.Put($"f{change.GetHashCode():x}", bytes)]));
            File.Delete(check.Path);
            return check.Format.Length > 0;
        }, iter: 1500, threads: 1);
    }
}
