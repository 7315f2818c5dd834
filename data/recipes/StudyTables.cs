using System.Security.Cryptography;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Recipes;

/// <summary>The tables of the study, from data/sources and data/published.</summary>
internal static class StudyTables
{
    private const string Simci = "SIMCI / UNODC and Government of Colombia, annual coca surveys";
    private const string Panel = "Dávalos et al., doi 10.31389/jied.87; original: Antinarcotics Police";

    public static List<Layer> All(string data, Layer zones)
    {
        string Source(string file) => Path.Combine(data, "sources", file);
        string Published(string file) => Path.Combine(data, "published", file);
        return
        [
            ByDepartment("coca_department", "Coca at 31 December, by department", "coca_ha", Source("coca_ha_department_1999_2024.csv"),
                $"{Simci}; municipal series datos.gov.co acs4-3wgp; 2001: Dávalos et al., doi 10.31389/jied.87", "CC-BY-SA-4.0",
                "2001 is the sum of the adjusted municipal series (144,807 ha as published; the municipal export gives 136,919).",
                "2009 sums to 68,027 ha (published 73,139): flagged, not corrected.",
                "1999 and 2000 come before the municipal series; small fields are corrected for from 2010: earlier years are not strictly comparable.",
                "Departments not listed: none reported, which is not a measured zero."),
            ByDepartment("spraying_department", "Aerial spraying, by department", "sprayed_ha", Source("aerial_spraying_ha_department_2001_2017.csv"), Panel, "facts",
                "Spraying ended in October 2015. Departments not listed: none sprayed."),
            ByDepartment("manual_department", "Manual eradication, by department", "manual_ha", Source("manual_eradication_ha_department_2001_2017.csv"), Panel, "facts",
                "2005 is 32,707 ha here, 31,285 in UNODC."),
            CocaByCountry(Source("andean_coca_ha_1990_2003.csv"), Published("national_coca.csv")),
            PotentialCocaine(Source("andean_coca_ha_1990_2003.csv")),
            ByDepartment("forest_loss_department", "Tree cover loss, by department", "loss_ha", Source("tree_cover_loss_ha_department_2001_2025.csv"),
                "Hansen/UMD/Google/USGS/NASA, Global Forest Change v1.13", "CC-BY-4.0", "All causes; not coca."),
            Displaced(Source("displaced_people_department.csv")),
            Governance(Source("governance_country_2003_2010_2019.csv"), zones),
            Homicide(Source("homicide_rate_country_1990_2017.csv"), Published("territories.csv")),
            Plain("land_cover", "Land cover of Colombia", Source("land_cover_ha_colombia_2001_2018.csv"), "Dávalos et al., JIED, doi 10.31389/jied.87", "year:i forest_ha:r:ha grass_ha:r:ha crop_ha:r:ha other_ha:r:ha"),
            Plain("national_coca", "Coca of Colombia", Published("national_coca.csv"), Simci, "year:i coca_ha:r:ha source note"),
            Transit(Published("transit_series.csv"), zones),
            Plain("regional_shares", "Shares of flow and seizures by region", Published("regional_shares.csv"), "in each row", "destination year:i region measure relation value:r unit source note"),
            Plain("priors", "Priors drawn in every ensemble", Published("priors.csv"), "in each row", "key central:r low:r high:r unit distribution status source note"),
            Plain("producer_zones", "Growing regions of Peru and Bolivia, with assumed shares", Published("producer_zones.csv"), "in each row", "zone country share:r source"),
        ];
    }

    private static Layer ByDepartment(string name, string title, string field, string file, string source, string licence, params string[] caveats)
    {
        var rows = StudyTable.Rows(file).OrderBy(r => r["department_code"], StringComparer.Ordinal).ThenBy(r => r["year"], StringComparer.Ordinal).ToList();
        return new Layer(name,
        [
            Column.Text("dane", rows.Select(r => r["department_code"])), Column.Text("department", rows.Select(r => r["department"])),
            Year(rows), Column.Real(field, rows.Select(r => StudyTable.Number(r[field])), "ha"),
        ],
        provenance: From(file, source, licence), title: title, caveats: caveats);
    }

    private static Layer CocaByCountry(string andes, string national)
    {
        var iso3 = new Dictionary<string, string>(StringComparer.Ordinal) { ["Bolivia"] = "BOL", ["Colombia"] = "COL", ["Peru"] = "PER" };
        var rows = StudyTable.Rows(andes).Where(r => r["unit"] == "ha coca").Select(r => (Country: iso3[r["country"]], Year: r["year"], Ha: r["value"], Source: "UNODC market tables"))
            .Where(r => r.Country != "COL" || string.CompareOrdinal(r.Year, "2001") < 0)
            .Concat(StudyTable.Rows(national).Select(r => (Country: "COL", Year: r["year"], Ha: r["coca_ha"], Source: "SIMCI")))
            .OrderBy(r => r.Country, StringComparer.Ordinal).ThenBy(r => r.Year, StringComparer.Ordinal).ToList();
        return new Layer("coca_country",
        [
            Column.Text("country", rows.Select(r => r.Country)), Column.Integer("year", rows.Select(r => (long?)StudyTable.Number(r.Year))),
            Column.Real("coca_ha", rows.Select(r => StudyTable.Number(r.Ha)), "ha"), Column.Text("source", rows.Select(r => r.Source)),
        ],
        provenance: From(andes, $"UNODC, coca and cocaine market tables; {Simci}", "facts"), title: "Coca by country",
        caveats: ["Colombia's method changed in 1999; from 2001 on its series is the national survey's, not the rounded market table's."]);
    }

    private static Layer PotentialCocaine(string andes)
    {
        var rows = StudyTable.Rows(andes).Where(r => r["unit"] == "t cocaine").ToList();
        return new Layer("potential_cocaine", [Year(rows), Column.Real("tonnes", rows.Select(r => StudyTable.Number(r["value"])), "t")],
            provenance: From(andes, "UNODC, coca and cocaine market tables", "facts"), title: "Potential cocaine of the Andes", caveats: ["Potential manufacture, not observed."]);
    }

    private static Layer Displaced(string file)
    {
        var rows = StudyTable.Rows(file);
        return new Layer("displaced_department",
        [
            Column.Text("dane", rows.Select(r => r["department_code"])),
            Column.Integer("expelled", rows.Select(r => (long?)StudyTable.Number(r["people_expelled"])), "people"),
            Column.Integer("received", rows.Select(r => (long?)StudyTable.Number(r["people_received"])), "people"),
        ],
        provenance: From(file, "Unidad para las Víctimas (RUV)", "facts"), title: "People expelled and received, cumulative",
        caveats:
        [
            "96,179 + 2,904 people expelled and 119,581 received have no known municipality and are not in the table: both totals are 7,561,803.",
            "Code 00 is an unknown department; 88 is San Andrés, named unknown in the source.",
        ]);
    }

    private static Layer Governance(string file, Layer zones)
    {
        string[] fields = ["rule_of_law", "government_effectiveness", "control_of_corruption", "political_stability"];
        var countries = Enumerable.Range(0, zones.RowCount).Select(r => zones["country"].TextAt(r)!).Append("ANT").ToHashSet(StringComparer.Ordinal);
        var known = StudyTable.Rows(file).Where(r => countries.Contains(r["iso3"])).ToDictionary(r => (r["iso3"], r["year"]));
        var rows = new List<(string Country, string Year, double[] Values, string? Note)>();
        foreach (var country in countries.Order(StringComparer.Ordinal))
        {
            var stands = known.ContainsKey((country, "2010")) ? country : country is "CUW" or "BES" or "SXM" ? "ANT" : null;
            if (stands is null) continue;
            foreach (var year in (string[])["2003", "2010", "2019"])
            {
                var own = Values(stands, year);
                var used = own.All(double.IsNaN) && year == "2003" ? Values(stands, "2010") : own;
                if (used.All(double.IsNaN)) continue;
                string?[] notes = [stands == country ? null : "value of the Netherlands Antilles", used == own ? null : "value of 2010: none in 2003"];
                rows.Add((country, year, used, StudyTable.Text(string.Join("; ", notes.Where(n => n is not null)))));
            }
        }
        double[] Values(string country, string year) => [.. fields.Select(f => known.TryGetValue((country, year), out var r) ? StudyTable.Number(r[f]) : double.NaN)];
        return new Layer("governance",
        [
            Column.Text("country", rows.Select(r => r.Country)), Column.Integer("year", rows.Select(r => (long?)StudyTable.Number(r.Year))),
            .. fields.Select((f, i) => Column.Real(f, rows.Select(r => r.Values[i]), "estimate")), Column.Text("note", rows.Select(r => r.Note)),
        ],
        provenance: From(file, "World Bank, Worldwide Governance Indicators", "CC-BY-4.0"), title: "Governance estimates",
        caveats: ["Estimates from -2.5 to 2.5 with wide intervals.", "Where 2003 has no value, as for the Netherlands Antilles, 2010 stands in, flagged in the note; the Antilles stand for Curaçao, Sint Maarten and Bonaire."]);
    }

    private static Layer Homicide(string file, string names)
    {
        var iso3 = StudyTable.Rows(names).Where(r => r["iso3"].Length > 0).ToDictionary(r => r["territory"], r => r["iso3"], StringComparer.Ordinal);
        var rows = StudyTable.Rows(file).Where(r => iso3.ContainsKey(r["territory"])).Select(r => (Country: iso3[r["territory"]], Year: r["year"], Rate: r["homicides_per_100000"]))
            .OrderBy(r => r.Country, StringComparer.Ordinal).ThenBy(r => r.Year, StringComparer.Ordinal).ToList();
        return new Layer("homicide",
        [
            Column.Text("country", rows.Select(r => r.Country)), Column.Integer("year", rows.Select(r => (long?)StudyTable.Number(r.Year))),
            Column.Real("rate", rows.Select(r => StudyTable.Number(r.Rate)), "per 100,000"),
        ],
        provenance: From(file, "UNODC, Global Study on Homicide 2019", "facts"), title: "Homicides per 100,000 inhabitants",
        caveats: ["Joined by ISO3 through data/published/territories.csv; countries without a row there have no value, which is not zero."]);
    }

    private static Layer Transit(string file, Layer zones)
    {
        var rows = StudyTable.Rows(file);
        string? Zone(string place, string country) => Enumerable.Range(0, zones.RowCount).Where(r => zones["country"].TextAt(r) == country && zones["name"].TextAt(r) == place).Select(zones["zone"].TextAt).FirstOrDefault();
        return new Layer("transit_series",
        [
            Column.Text("place", rows.Select(r => r["place"])), Column.Text("level", rows.Select(r => r["level"])), Column.Text("country", rows.Select(r => r["country"])),
            Column.Text("zone", rows.Select(r => r["level"] == "country" ? null : Zone(r["place"], r["country"]) ?? throw new InvalidDataException($"No zone {r["place"]} in {r["country"]}."))),
            Year(rows), Column.Real("kg", rows.Select(r => StudyTable.Number(r["kg"])), "kg"), Column.Text("source", rows.Select(r => r["source"])), Column.Text("note", rows.Select(r => StudyTable.Text(r["note"]))),
        ],
        provenance: From(file, "NarcoLogic calibration targets (Magliocca et al. 2019, doi 10.1073/pnas.1812459116); CCDB", "facts"), title: "Cocaine in transit",
        caveats: ["Costa Rica is the whole country and holds Puntarenas. Colón is assumed to be the department of Honduras."]);
    }

    private static Layer Plain(string name, string title, string file, string source, string schema)
    {
        var rows = StudyTable.Rows(file);
        return new Layer(name, [.. schema.Split(' ').Select(s => s.Split(':')).Select(s => s switch
        {
            [var field, "i", ..] => Column.Integer(field, rows.Select(r => r[field].Length == 0 ? null : (long?)StudyTable.Number(r[field]))),
            [var field, "r", .. var unit] => Column.Real(field, rows.Select(r => StudyTable.Number(r[field])), unit.FirstOrDefault()),
            [var field, ..] => Column.Text(field, rows.Select(r => StudyTable.Text(r[field]))),
            [] => throw new ArgumentException("An empty field."),
        })], provenance: From(file, source, "facts"), title: title);
    }

    private static Column Year(List<Dictionary<string, string>> rows) => Column.Integer("year", rows.Select(r => (long?)StudyTable.Number(r["year"])));

    private static Provenance From(string file, string source, string licence) =>
        new(source, licence, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), "GeoHarm.Recipes");
}
