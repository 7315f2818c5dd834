using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Stores.Tests.Importers;

/// <summary>Sets whose real files are not kept here, by the header and the traps that formats.md gives for them.</summary>
public sealed class EventTablesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Eradication_is_hectares_summed_never_rows_counted()
    {
        var path = folder.Put("x", """
            FECHA_HECHO,COD_DEPTO,DEPARTAMENTO,COD_MUNI,MUNICIPIO,TIPO_DE_CULTIVO,UNIDAD,CANTIDAD
            13/01/2015,05,ANTIOQUIA,5031,AMALFI,COCA,HECTAREA,10.5
            14/01/2015,05,ANTIOQUIA,5031,AMALFI,COCA,HECTAREA,2
            14/01/2015,05,ANTIOQUIA,5031,AMALFI,COCA,UNIDAD,3000
            01/02/2016,52,NARIÑO,52835,TUMACO,AMAPOLA,HECTAREA,1
            """);
        var outcome = DataImport.Read(path);
        Assert.Equal("eradication-events", outcome.Format);
        Assert.Equal(4, outcome.Rows);
        Assert.Equal(12.5, outcome.Totals["2015"]);
        Assert.Equal(1, outcome.Totals["2016"]);
        Assert.Equal(2, outcome.Join.Matched);
        Assert.Contains("unit 'unidad'", Assert.Single(outcome.Faults).Message, StringComparison.Ordinal);
        var layer = Assert.Single(outcome.Layers);
        Assert.Equal(2, layer.RowCount);
        Assert.Equal("05031", layer["code"].TextAt(0));
        Assert.Equal(12.5, layer["eradicated_ha"].Number(0));
        Assert.DoesNotContain(layer.Columns, c => c.Type == FieldType.Date);
    }

    [Fact]
    public void Seizures_abroad_are_kept_apart_and_in_no_national_total()
    {
        var path = folder.Put("x", """
            FECHA HECHO,COD_DEPTO,DEPARTAMENTO,COD_MUNI,MUNICIPIO,UNIDAD,CANTIDAD
            2025-01-05T00:00:00.000,52,NARIÑO,52835,TUMACO,KILOGRAMO,100
            2025-01-06T00:00:00.000,9591,ESPAÑA,9591,ESPAÑA,UNIDAD,300
            2025-02-06T00:00:00.000,13,BOLIVAR,13001,CARTAGENA,GRAMO,50
            """);
        var outcome = DataImport.Read(path);
        Assert.Equal("cocaine-seizures", outcome.Format);
        Assert.Equal(150, outcome.Totals["2025"]);
        Assert.Equal(["cocaine_seizures", "cocaine_seizures_abroad"], outcome.Layers.Select(l => l.Name));
        Assert.Equal(300, outcome.Layers[1]["seized_kg"].Number(0));
        Assert.Contains("66.7 % of the weight", outcome.Faults.First(f => f.Code == "GH4038").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Coca_base_is_told_from_cocaine_by_the_names_in_its_code_column()
    {
        var path = folder.Put("x", """
            FECHA HECHO,COD_DEPTO,DEPARTAMENTO,COD_MUNI,MUNICIPIO,UNIDAD,CANTIDAD
            05/01/2020,52,52835,NARIÑO,TUMACO,KILOGRAMO,7
            06/01/2020,5,5031,ANTIOQUIA,AMALFI,KILOGRAMO,3
            """);
        var outcome = DataImport.Read(path);
        Assert.Equal("coca-base-seizures", outcome.Format);
        Assert.Equal(10, outcome.Totals["2020"]);
        Assert.Equal(["05", "52"], Enumerable.Range(0, 2).Select(r => outcome.Layers[0]["department_code"].TextAt(r)));
    }

    [Fact]
    public void The_victims_registry_gets_its_leading_zeros_back_and_counts_displacement()
    {
        var bytes = System.Text.CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes("DANE_OCURRENCIA;Año;Mes;HECHO;total\n5001;2002;1;Desplazamiento forzado;10\n5001;2002;2;Desplazamiento forzado;5\n5001;2002;2;Homicidio;3\n52835;2003;1;Desaparición forzada;1\n");
        var outcome = DataImport.Read(folder.Put("x", bytes));
        Assert.Equal("victims-registry", outcome.Format);
        Assert.Equal(15, outcome.Totals["2002"]);
        Assert.False(outcome.Totals.ContainsKey("2003"));
        Assert.Equal([2002, 2003], outcome.Years);
        Assert.Equal("05001", outcome.Layers[0]["code"].TextAt(0));
        Assert.Contains("Windows-1252", outcome.Notes[0], StringComparison.Ordinal);
        Assert.Contains("Desaparición forzada", Enumerable.Range(0, 3).Select(r => outcome.Layers[0]["event"].TextAt(r)));
    }

    [Fact]
    public void The_conflict_panel_is_read_by_code_and_year()
    {
        var outcome = DataImport.Read(folder.Put("x", "codmpio,ano,desplazados_expulsion,desplazados_recepcion,H_coca\n5001,2002,10,20,\n5001,2003,1,2,3.5\n"));
        Assert.Equal("conflict-panel", outcome.Format);
        Assert.Equal(10, outcome.Totals["2002"]);
        Assert.True(outcome.Layers[0]["coca_ha"].IsNull(0));
    }

    [Fact]
    public void Reported_seizures_are_summed_in_kilograms_by_country()
    {
        var outcome = DataImport.Read(folder.Put("x", "Seizure Date,Country/Territory of Seizure,ISO3,Drug/Substance,Quantity Seized,Measurement Unit\n2020-01-02,Panama,PAN,Cocaine,1.5,Tonnes\n2020-01-03,Panama,PAN,Cocaine,500,Kilogram\n2020-01-03,Panama,PAN,Cannabis,9,Kilogram\n2020-01-03,Panama,PAN,Cocaine,7,Tablets\n"));
        Assert.Equal("drug-seizures", outcome.Format);
        Assert.Equal(2000, outcome.Totals["2020"]);
        Assert.Contains("1 rows are not in units of weight", Assert.Single(outcome.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_no_format_is_sensitive_when_a_field_speaks_of_crops()
    {
        Assert.Equal(Sensitivity.Open, DataImport.Read(folder.Put("x.csv", "code,people\n05001,3\n")).Layers[0].Sensitivity);
        Assert.Equal(Sensitivity.Sensitive, DataImport.Read(folder.Put("y.csv", "code,lotes_coca\n05001,3\n")).Layers[0].Sensitivity);
        Assert.Equal(Sensitivity.Sensitive, DataImport.Read(folder.Put("x.csv", "code,people\n05001,3\n"), new ImportRequest(Sensitive: true)).Layers[0].Sensitivity);
    }
}
