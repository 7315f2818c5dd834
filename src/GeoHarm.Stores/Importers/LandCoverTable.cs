using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Land cover by municipality of Dávalos and others: forest, grass, crop and other hectares of one year. The year is
/// not in the file; it is taken from four digits of its name, and said so.</summary>
internal sealed class LandCoverTable : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "land-cover-table";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("MPIOS", "Forest", "Grasslands");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("MPIOS", "Forest", "Grasslands", "Croplands", "Other");
        var codes = reading.Codes(out var join, "MPIOS");
        join = reading.RefuseRepeats(join, row => codes[row], "Municipality");
        string[] covers = ["Forest", "Grasslands", "Croplands", "Other"];
        var values = covers.Select(c => reading.Numbers(table.IndexOf(c))).ToArray();
        var digits = new string([.. Path.GetFileNameWithoutExtension(table.File).Where(char.IsAsciiDigit)]);
        int? year = digits.Length == 4 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : null;
        table.Faults.Add(new Fault(FaultSeverity.Warning, "GH4042", table.File, "", $"The year is not in the file; {(year is null ? "none is set" : $"{year} is taken from its name")}.", "Name the file with the four digits of its year."));
        var totals = covers.Select((c, i) => (Name: Folded.Of(c), Sum: values[i].Where(double.IsFinite).Sum())).ToDictionary(t => t.Name, t => t.Sum);
        return OutcomeBuilder.Of(Format, table, join, year is { } y ? [y] : [], totals, () =>
        [
            new Layer(
                year is null ? "land_cover_municipal" : $"land_cover_municipal_{year}",
                [Column.Text("code", codes), OutcomeBuilder.YearColumn(codes.Select(_ => year)), .. covers.Select((c, i) => Column.Real(Folded.Of(c) + "_ha", values[i], "ha"))],
                provenance: origin with { Source = "Dávalos et al., land cover by municipality, doi 10.31389/jied.87", Licence = "see publisher" },
                title: "Land cover by municipality"),
        ]);
    }
}
