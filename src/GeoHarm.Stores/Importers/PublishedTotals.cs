using System.Globalization;
using System.Reflection;
using CsvHelper;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Published national totals of coca (SIMCI / UNODC, data/published/national_coca.csv) against which a municipal
/// table is summed. A year that misses is a warning that names the year; nothing is corrected.</summary>
internal static class PublishedTotals
{
    /// <summary>Largest relative difference taken for rounding: municipal figures are rounded to whole or tenth hectares,
    /// which moves a sum by less than 0.02 %; the known misses are 5 and 7 %.</summary>
    public const double Tolerance = 0.001;

    private static readonly Lazy<IReadOnlyDictionary<int, (double Hectares, string Note)>> Table = new(Load);

    /// <summary>Hectares by year.</summary>
    public static double? Coca(int year) => Table.Value.TryGetValue(year, out var found) ? found.Hectares : null;

    /// <summary>A warning for every year whose sum misses the published total.</summary>
    public static IEnumerable<Fault> Misses(string file, IEnumerable<KeyValuePair<int, double>> sums)
    {
        foreach (var (year, sum) in sums)
        {
            if (!Table.Value.TryGetValue(year, out var published)) continue;
            var difference = sum / published.Hectares - 1;
            if (Math.Abs(difference) <= Tolerance) continue;
            var text = string.Create(CultureInfo.InvariantCulture, $"{year}: the municipalities sum to {sum:#,0} ha, the published national total is {published.Hectares:#,0} ha ({100 * difference:+0.0;-0.0} %).");
            yield return new Fault(
                FaultSeverity.Warning, "GH4031", file, $"year {year}", text,
                published.Note.Length > 0 ? $"Known: {published.Note}. The file is taken as it is." : "Check the download and the number format of this column; the file is taken as it is.");
        }
    }

    private static Dictionary<int, (double, string)> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("national_coca.csv")
            ?? throw new InvalidOperationException("The published totals are not in the program.");
        using var csv = CsvReader.Create(stream, new CsvReaderOptions { Separator = ',' });
        var totals = new Dictionary<int, (double, string)>();
        while (csv.Read()) totals.Add(csv.Parse<int>("year"), (csv.Parse<double>("coca_ha"), csv.GetString("note")));
        return totals;
    }
}
