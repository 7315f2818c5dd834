using GeoHarm.Engine.Harm;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>What the verbs on ratings share: taxonomy, matrix in force, sheets.</summary>
internal static class HarmRatings
{
    /// <summary>A matrix: a user's own file, or one of the two forms of the embedded data.</summary>
    public static HarmMatrix Matrix(string? file, string form) =>
        HarmMatrix.Read(CsvLayer.Read(file ?? Study.Embedded($"harm/matrix_{form}.csv"), "matrix"), file ?? $"data/harm/matrix_{form}.csv");

    /// <summary>The rules of the embedded data, whose words are those of the five-by-five form.</summary>
    public static IReadOnlyList<HarmRule> Rules() => HarmAssessment.ReadRules(CsvLayer.Read(Study.Embedded("harm/rules.csv"), "rules"), Matrix(null, "gp"), "data/harm/rules.csv");

    /// <summary>The taxonomy of the embedded data.</summary>
    public static IReadOnlyList<HarmType> Taxonomy() => HarmTaxonomy.Read(CsvLayer.Read(Study.Embedded("harm/taxonomy.csv"), "taxonomy"), Rules());

    /// <summary>Meanings of the levels of the five-by-five form.</summary>
    public static IReadOnlyDictionary<string, string> Meanings() => new[] { "severity", "incidence" }.Select(scale => CsvLayer.Read(Study.Embedded($"harm/{scale}.csv"), scale))
        .SelectMany(table => Enumerable.Range(0, table.RowCount).Select(row => (Level: table["level"].TextAt(row)!, Meaning: table["meaning"].TextAt(row) ?? "")))
        .ToDictionary(m => m.Level, m => m.Meaning, StringComparer.Ordinal);

    /// <summary>Reads sheets of raters; every fault of every file at once.</summary>
    public static List<IReadOnlyList<Rating>> Sheets(IReadOnlyList<string> files, IReadOnlyList<HarmType> harms, HarmMatrix matrix, Terminal terminal)
    {
        var (sheets, faults) = (new List<IReadOnlyList<Rating>>(), new List<Fault>());
        foreach (var twice in files.GroupBy(f => Path.GetFullPath(f), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add(new Fault(FaultSeverity.Error, "GH5029", twice.First(), "", "The file is given twice: one rater would count as two.", "Give each rater's file once."));
        }
        foreach (var file in files)
        {
            try
            {
                var (sheet, found) = SheetFile.Read(file);
                sheets.Add(RatingSheet.Read(sheet, file, harms, matrix, found));
                foreach (var fault in found) terminal.Warn(fault);
            }
            catch (InvalidInputException invalid)
            {
                faults.AddRange(invalid.Faults);
            }
        }
        return faults.Count == 0 ? sheets : throw new InvalidInputException(faults);
    }
}
