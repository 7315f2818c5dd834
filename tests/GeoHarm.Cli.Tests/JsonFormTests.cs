using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli.Tests;

public sealed class JsonFormTests
{
    private static readonly JsonSerializerOptions Serializer = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    [Fact]
    public void Documents_read_as_the_serializer_writes_them()
    {
        var document = new
        {
            RunId = "a\"b\n\u00e9<&>", Count = 3, Long = 1L << 60, Share = 0.1, Tiny = 1e-300, Single = 0.1f, Big = 12.50m, Yes = true, None = (string?)null, Severity = FaultSeverity.Warning,
            Date = new DateOnly(2026, 11, 25), Empty = Array.Empty<int>(), Pairs = new Dictionary<string, object?> { ["Kept As Is"] = 1.5, ["list"] = new[] { "x", null } },
            ByYear = new SortedDictionary<int, double> { [2001] = 1, [2002] = 2.25 }, Faults = new[] { new Fault(FaultSeverity.Error, "GH1", "f", "p", "m", "r") }.Select(f => f),
            Parsed = JsonDocument.Parse("""{"a":[1,{"b":null}]}""").RootElement, Nested = new { InnerValue = new { Deep = new[] { 1, 2 } } }, Optional = (int?)7, Missing = (double?)null,
            Pair = new KeyValuePair<string, int>("k", 1), Byte = (byte)5, Unsigned = 6UL,
        };
        Assert.Equal(JsonSerializer.Serialize(document, Serializer), JsonForm.Of(document));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_null() =>
        Assert.Equal("{\n  \"values\": [\n    null,\n    null,\n    1\n  ]\n}", JsonForm.Of(new { values = new[] { double.NaN, double.PositiveInfinity, 1 } }));
}
