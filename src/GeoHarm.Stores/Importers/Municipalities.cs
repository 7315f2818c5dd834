using System.Reflection;
using CsvHelper;

namespace GeoHarm.Stores.Importers;

/// <summary>
/// The register of Colombian municipalities (DANE Divipola): five digits, the first two being the department. Codes are
/// joined to it by code, never by name. Municipalities made since 2000 are marked, since a series across that year
/// changes its ground.
/// </summary>
internal static class Municipalities
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Names = new(Load);

    /// <summary>Codes outside the register of 2018 that official files hold, and what they are.</summary>
    private static readonly Dictionary<string, string> Special = new(StringComparer.Ordinal)
    {
        ["94663"] = "Mapiripana was merged into Barrancominas (94343) in 2019",
        ["27086"] = "Belén de Bajirá was annulled as a municipality and is disputed between Chocó and Antioquia",
    };

    /// <summary>Names by code.</summary>
    public static IReadOnlyDictionary<string, string> Register => Names.Value;

    /// <summary>Whether the code is of the register.</summary>
    public static bool Has(string code) => Names.Value.ContainsKey(code);

    /// <summary>What is special about a code; null for the rest.</summary>
    public static string? Remark(string code) => Special.GetValueOrDefault(code);

    /// <summary>The code in its full form: a lost leading zero put back, a P-code's "CO" taken off; null when it is none.</summary>
    public static string? Full(string cell)
    {
        var code = cell.Trim();
        if (code.StartsWith("CO", StringComparison.OrdinalIgnoreCase)) code = code[2..];
        if (code.EndsWith(".0", StringComparison.Ordinal)) code = code[..^2];
        if (code.Length is 0 or > 5 || !code.All(char.IsAsciiDigit)) return null;
        return code.Length == 4 ? "0" + code : code.Length == 5 ? code : null;
    }

    private static Dictionary<string, string> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("municipalities.csv")
            ?? throw new InvalidOperationException("The register of municipalities is not in the program.");
        using var csv = CsvReader.Create(stream, new CsvReaderOptions { Separator = ',' });
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (csv.Read()) names.Add(csv.GetString("code"), csv.GetString("municipality"));
        return names;
    }
}
