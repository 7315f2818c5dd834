using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Deforestation;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm deforestation accuracy: how right a map is, areas adjusted for its errors, and how large a sample to take.</summary>
internal static class DeforestationAccuracyCommand
{
    public static Command Build()
    {
        var matrix = new Option<string?>("--matrix") { Description = "Confusion matrix CSV: class,mapped_pixels,<reference class>..., one row per map class" };
        var sample = new Option<string?>("--sample") { Description = "Sample units CSV: map,reference and, where strata are not the map's classes, stratum" };
        var strata = new Option<string?>("--strata") { Description = "With --sample or --plan: CSV class (or stratum),mapped_pixels and, to plan, users_accuracy" };
        var pixel = new Option<double>("--pixel-area-ha") { Description = "Hectares of one pixel", DefaultValueFactory = _ => 1 };
        var plan = new Option<bool>("--plan") { Description = "Plan a sample instead: size and allocation for the accuracies expected in --strata" };
        var target = new Option<double>("--target-se") { Description = "With --plan: standard error wanted for overall accuracy", DefaultValueFactory = _ => 0.01 };
        var least = new Option<int>("--least") { Description = "With --plan: units a rare stratum gets at least", DefaultValueFactory = _ => 50 };
        var output = new Option<string?>("--out") { Description = "CSV file of classes (or of the plan)" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb(
            "accuracy", "Accuracy of a map and areas adjusted for its errors, with intervals (Olofsson et al. 2014)",
            ["geoharm deforestation accuracy --matrix matrix.csv --pixel-area-ha 0.09", "geoharm deforestation accuracy --sample units.csv --strata strata.csv --pixel-area-ha 0.09", "geoharm deforestation accuracy --plan --strata strata.csv --target-se 0.01"],
            [matrix, sample, strata, pixel, plan, target, least, output, force],
            (parse, terminal, _) =>
            {
                var files = (Matrix: parse.GetValue(matrix), Sample: parse.GetValue(sample), Strata: parse.GetValue(strata));
                if (new[] { files.Matrix is not null, files.Sample is not null, parse.GetValue(plan) }.Count(given => given) != 1) throw Problem.Usage("Give one of --matrix, --sample and --plan.");
                if (files.Matrix is null && files.Strata is null) throw Problem.Usage("Give the mapped pixels of each stratum with --strata.");
                if (!(parse.GetValue(pixel) > 0) || !double.IsFinite(parse.GetValue(pixel))) throw Problem.Usage("--pixel-area-ha is a number above 0.");
                if (parse.GetValue(plan)) return Plan(files.Strata!, new SamplePlanOptions(parse.GetValue(target), parse.GetValue(least)), parse.GetValue(output), parse.GetValue(force), terminal);
                var units = files.Matrix is { } m ? ReferenceSample.OfMatrix(CsvLayer.Read(m), m) : ReferenceSample.OfUnits(CsvLayer.Read(files.Sample!), files.Sample!, CsvLayer.Read(files.Strata!), files.Strata!);
                return Estimate(units, parse.GetValue(pixel), parse.GetValue(output), parse.GetValue(force), terminal);
            });
    }

    private static int Estimate(ReferenceSample sample, double pixelHa, string? output, bool force, Terminal terminal)
    {
        var result = StratifiedAccuracy.Estimate(sample);
        var z = new AccuracyOptions().Z;
        var hectares = result.Pixels * pixelHa;
        if (output is not null)
        {
            PanelInputs.WriteCsv(output, force, "class,mapped_ha,area_ha,ci95_ha,users_accuracy,users_ci95,producers_accuracy,producers_ci95", result.Classes.Select((c, i) => string.Join(',', new[]
            {
                Mapped(i), c.AreaShare.Value * hectares, z * c.AreaShare.StandardError * hectares, c.Users.Value, z * c.Users.StandardError, c.Producers.Value, z * c.Producers.StandardError,
            }.Select(PanelInputs.N).Prepend(ZonalCommand.Quoted(c.Name)))));
        }
        terminal.Result(
            new
            {
                classes = result.Classes.Select((c, i) => new
                {
                    name = c.Name, mappedHa = Mapped(i), areaHa = c.AreaShare.Value * hectares, ci95Ha = z * c.AreaShare.StandardError * hectares,
                    usersAccuracy = c.Users.Value, usersCi95 = z * c.Users.StandardError, producersAccuracy = c.Producers.Value, producersCi95 = z * c.Producers.StandardError,
                }),
                overallAccuracy = result.Overall.Value,
                overallCi95 = z * result.Overall.StandardError,
                totalHa = hectares,
                files = output is null ? Array.Empty<string>() : [output],
                faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                foreach (var c in result.Classes) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Name}  {c.AreaShare.Value * hectares:F1} +- {z * c.AreaShare.StandardError * hectares:F1} ha  user's {c.Users.Value:F3} +- {z * c.Users.StandardError:F3}  producer's {c.Producers.Value:F3} +- {z * c.Producers.StandardError:F3}"));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"overall accuracy {result.Overall.Value:F4} +- {z * result.Overall.StandardError:F4}; intervals at 95 %"));
            });
        return ExitCode.Ok;

        double Mapped(int i) => sample.StrataAreClasses ? sample.Pixels[i] * pixelHa : double.NaN;
    }

    private static int Plan(string file, SamplePlanOptions options, string? output, bool force, Terminal terminal)
    {
        if (!(options.TargetStandardError > 0 && options.TargetStandardError < 0.5) || options.LeastPerStratum < 2) throw Problem.Usage("--target-se lies between 0 and 0.5, --least is 2 or more.");
        var table = CsvLayer.Read(file);
        var key = table.Has("stratum") ? "stratum" : "class";
        var faults = new[] { key, "mapped_pixels", "users_accuracy" }.Where(c => !table.Has(c))
            .Select(c => new Fault(FaultSeverity.Error, "GH5700", file, $"column {c}", $"There is no column '{c}'.", "Give class,mapped_pixels,users_accuracy.")).ToList();
        for (var row = 0; faults.Count == 0 && row < table.RowCount; row++)
        {
            if (!(Number(table["mapped_pixels"], row) > 0 && Number(table["users_accuracy"], row) is >= 0 and <= 1))
                faults.Add(Fault.AtLine("GH5703", file, row + 2, "mapped_pixels must be above 0 and users_accuracy from 0 to 1.", "Guess the accuracy from like maps: 0.7 for change, 0.9 for stable classes."));
        }
        if (faults.Count > 0) throw new InvalidInputException(faults);
        var rows = Enumerable.Range(0, table.RowCount).ToArray();
        var (units, strata) = SamplePlan.Of([.. rows.Select(r => table[key].TextAt(r) ?? "")], [.. rows.Select(r => Number(table["mapped_pixels"], r))], [.. rows.Select(r => Number(table["users_accuracy"], r))], options);
        if (output is not null) PanelInputs.WriteCsv(output, force, "stratum,share,equal,proportional,recommended", strata.Select(s => string.Create(CultureInfo.InvariantCulture, $"{ZonalCommand.Quoted(s.Stratum)},{s.Share:R},{s.Equal},{s.Proportional},{s.Recommended}")));
        terminal.Result(
            new { units, recommendedUnits = strata.Sum(s => s.Recommended), targetStandardError = options.TargetStandardError, strata, files = output is null ? Array.Empty<string>() : [output], faults = terminal.Warnings.Select(Terminal.FaultForm) },
            writer =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{units} units for a standard error of {options.TargetStandardError}"));
                foreach (var s in strata) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Stratum}  share {s.Share:F4}  equal {s.Equal}  proportional {s.Proportional}  recommended {s.Recommended}"));
            });
        return ExitCode.Ok;
    }

    private static double Number(Column column, int row) => column.Type is FieldType.Real or FieldType.Integer ? column.Number(row) : double.NaN;
}
