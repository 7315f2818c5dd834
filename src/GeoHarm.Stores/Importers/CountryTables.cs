using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores.Importers;

/// <summary>Worldwide Governance Indicators of the World Bank: six estimates from -2.5 to 2.5 by country and year
/// (CC.EST..., in the newer interface GOV_WGI_CC.EST).</summary>
internal sealed class GovernanceTable : ITableImporter
{
    private static readonly (string Code, string Name)[] Measures =
    [
        ("CC", "control_of_corruption"), ("GE", "government_effectiveness"), ("RQ", "regulatory_quality"), ("RL", "rule_of_law"), ("VA", "voice_and_accountability"), ("PV", "political_stability"),
    ];

    /// <inheritdoc/>
    public string Format => "governance";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => Present(table).Length >= 2;

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("code|iso3|countryiso3code", "year|date");
        var codes = reading.Texts("code", "iso3", "countryiso3code");
        var years = reading.Years("year", "date");
        var join = reading.RefuseRepeats(JoinReport.None, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Country");
        var present = Present(table);
        var values = present.Select(m => reading.Numbers(m.Column, mayBeNegative: true)).ToArray();
        return OutcomeBuilder.ByYear(Format, table, join with { Matched = codes.OfType<string>().Distinct().Count() }, years.OfType<int>(), new Dictionary<int, double>(), () =>
        [
            new Layer(
                "governance",
                [Column.Text("iso3", codes), Column.Text("country", reading.Texts("country")), OutcomeBuilder.YearColumn(years), .. present.Select((m, i) => Column.Real(m.Name, values[i]))],
                provenance: origin with { Source = "World Bank, Worldwide Governance Indicators", Licence = "CC BY 4.0" },
                title: "Governance by country and year",
                caveats: ["Estimates from -2.5 to 2.5 with wide intervals."]),
        ]);
    }

    private static (int Column, string Name)[] Present(TextTable table) =>
        [.. Measures.Select(m => (table.IndexOf($"{m.Code}.EST", $"GOV_WGI_{m.Code}.EST"), m.Name)).Where(m => m.Item1 >= 0)];
}

/// <summary>Homicide rates of the UNODC Global Study on Homicide 2019, per 100,000, by territory and year.</summary>
internal sealed class HomicideTable : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "homicide";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("Territory", "Homicide_Rate") || table.HasAll("territory", "homicides_per_100000");

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("Territory", "Year", "Homicide_Rate|homicides_per_100000");
        var years = reading.Years("Year");
        var rates = reading.Numbers(table.IndexOf("Homicide_Rate", "homicides_per_100000"));
        return OutcomeBuilder.ByYear(Format, table, JoinReport.None, years.OfType<int>(), new Dictionary<int, double>(), () =>
        [
            new Layer(
                "homicide",
                [
                    Column.Text("territory", reading.Texts("Territory")), Column.Text("region", reading.Texts("Region")), Column.Text("subregion", reading.Texts("Subregion")), Column.Text("level", reading.Texts("Level")),
                    OutcomeBuilder.YearColumn(years), Column.Real("homicides_per_100000", rates, "per 100,000"),
                ],
                provenance: origin with { Source = "UNODC, Global Study on Homicide 2019", Licence = "see publisher" },
                title: "Homicide rate by territory and year"),
        ]);
    }
}

/// <summary>Refugees and internally displaced people of UNHCR: flows and stocks by country of origin and asylum, and stock by country.</summary>
internal sealed class RefugeeTable : ITableImporter
{
    private static readonly string[] Measures = ["refugees", "asylum_seekers", "refugee_like", "idps", "oip", "hst", "total"];

    /// <inheritdoc/>
    public string Format => "refugees";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("year", "coo_iso") && Measures.Any(m => table.IndexOf(m) >= 0);

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("year", "coo_iso");
        var years = reading.Years("year");
        var (origins, asylum) = (reading.Texts("coo_iso"), reading.Texts("coa_iso"));
        var present = Measures.Where(m => table.IndexOf(m) >= 0).ToArray();
        var values = present.Select(m => reading.Numbers(table.IndexOf(m))).ToArray();
        var hasAsylum = table.IndexOf("coa_iso") >= 0;
        var join = reading.RefuseRepeats(JoinReport.None, row => years[row] is { } y ? $"{origins[row]} to {asylum[row]} in {y}" : null, "Pair");
        return OutcomeBuilder.ByYear(Format, table, join, years.OfType<int>(), OutcomeBuilder.SumByYear(years, values[0]), () =>
        [
            new Layer(
                hasAsylum ? "refugees" : "displaced_stock",
                [
                    OutcomeBuilder.YearColumn(years), Column.Text("origin_iso3", origins), .. hasAsylum ? [Column.Text("asylum_iso3", asylum)] : Array.Empty<Column>(),
                    .. present.Select((m, i) => Column.Real(m, values[i], "people")),
                ],
                provenance: origin with { Source = "UNHCR, Refugee Population Statistics", Licence = "CC BY 4.0" },
                title: "Refugees and displaced people by country"),
        ]);
    }
}

/// <summary>Internal displacement by conflict of IDMC (workbook, sheet 1_Displacement_data): stock and new displacements by country and year.</summary>
internal sealed class InternalDisplacement : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "internal-displacement";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.HasAll("ISO3", "Year") && table.IndexOf("Conflict Internal Displacements", "Conflict Stock Displacement") >= 0;

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("ISO3", "Year", "Conflict Stock Displacement", "Conflict Internal Displacements");
        var codes = reading.Texts("ISO3");
        var years = reading.Years("Year");
        var stock = reading.Numbers(table.IndexOf("Conflict Stock Displacement"));
        var flow = reading.Numbers(table.IndexOf("Conflict Internal Displacements"));
        var join = reading.RefuseRepeats(JoinReport.None, row => codes[row] is { } c && years[row] is { } y ? $"{c} in {y}" : null, "Country");
        return OutcomeBuilder.ByYear(Format, table, join with { Matched = codes.OfType<string>().Distinct().Count() }, years.OfType<int>(), OutcomeBuilder.SumByYear(years, flow), () =>
        [
            new Layer(
                "internal_displacement",
                [Column.Text("iso3", codes), Column.Text("country", reading.Texts("Name")), OutcomeBuilder.YearColumn(years), Column.Real("stock_people", stock, "people"), Column.Real("new_displacements", flow, "people")],
                provenance: origin with { Source = "Internal Displacement Monitoring Centre, Global Internal Displacement Database", Licence = "see publisher" },
                title: "Internal displacement by conflict, by country and year",
                caveats: ["New displacements count movements, not people: one person may move more than once."]),
        ]);
    }
}

/// <summary>Individual drug seizures of UNODC (a sheet a year): kilograms of cocaine by country and year. There is no origin and no destination.</summary>
internal sealed class DrugSeizures : ITableImporter
{
    /// <inheritdoc/>
    public string Format => "drug-seizures";

    /// <inheritdoc/>
    public bool Recognises(TextTable table) => table.IndexOf("Quantity Seized") >= 0 && table.IndexOf("Country/Territory of Seizure", "ISO3") >= 0;

    /// <inheritdoc/>
    public ImportOutcome Read(TextTable table, Provenance origin)
    {
        var reading = new TableReading(table);
        reading.Require("Seizure Date", "Country/Territory of Seizure", "ISO3", "Drug/Substance", "Quantity Seized", "Measurement Unit");
        var years = reading.Dates("Seizure Date").Select(d => d?.Year).ToArray();
        var (codes, drugs, units) = (reading.Texts("ISO3"), reading.Texts("Drug/Substance"), reading.Texts("Measurement Unit"));
        var quantities = reading.Numbers(table.IndexOf("Quantity Seized"));
        var kilograms = quantities.Select((q, r) => q * Weight(units[r])).ToArray();
        var odd = kilograms.Count(double.IsNaN);
        if (odd > 0) reading.Faults.Add(new Fault(FaultSeverity.Warning, "GH4028", table.File, "column Measurement Unit", $"{odd} rows are not in units of weight; they are in no sum.", "Nothing to do for tablets, plants and litres."));
        var sums = OutcomeBuilder.SumByYear(years, kilograms, r => Folded.Of(drugs[r] ?? "").Contains("cocaine", StringComparison.Ordinal));
        return OutcomeBuilder.ByYear(Format, table, JoinReport.None, years.OfType<int>(), sums, () =>
        {
            var groups = Enumerable.Range(0, reading.RowCount).Where(r => years[r] is not null && double.IsFinite(kilograms[r]))
                .GroupBy(r => (Code: codes[r] ?? "unknown", Year: years[r]!.Value, Drug: drugs[r] ?? "unknown")).OrderBy(g => g.Key).ToArray();
            return
            [
                new Layer(
                    "drug_seizures",
                    [
                        Column.Text("iso3", groups.Select(g => g.Key.Code)), OutcomeBuilder.YearColumn(groups.Select(g => (int?)g.Key.Year)), Column.Text("drug", groups.Select(g => g.Key.Drug)),
                        Column.Real("seized_kg", groups.Select(g => g.Sum(r => kilograms[r])), "kg"), Column.Integer("seizures", groups.Select(g => (long?)g.Count())),
                    ],
                    provenance: origin with { Source = "UNODC, Individual Drug Seizures", Licence = "see publisher" },
                    title: "Drug seizures by country and year",
                    caveats: ["Significant single seizures only, as reported; no origin or destination.", "Seizures measure enforcement as much as flow."]),
            ];
        });
    }

    private static double Weight(string? unit) => Folded.Of(unit ?? "") switch
    {
        "kilogram" or "kilograms" or "kg" or "kgs" => 1,
        "gram" or "grams" or "g" => 1e-3,
        "tonne" or "tonnes" or "metric_ton" or "metric_tons" or "t" => 1000,
        "milligram" or "milligrams" or "mg" => 1e-6,
        _ => double.NaN,
    };
}
