using System.CommandLine;
using GeoHarm.Engine.Harm;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;

namespace GeoHarm.Cli;

/// <summary>geoharm harm ratings template: the sheet that people of a workshop fill in.</summary>
internal static class HarmRatingsTemplateCommand
{
    public static Command Build()
    {
        var (form, matrix) = (HarmMatrixCommand.Form("gp"), HarmMatrixCommand.File());
        var output = new Option<string?>("--out") { Description = "CSV file; on stdout without it" };
        var force = new Option<bool>("--force") { Description = "Replace --out if it exists" };
        return CommandLine.Verb("template", "The sheet to fill in: every harm of the taxonomy, its ratings blank, with rows that explain the scales",
            ["geoharm harm ratings template --out ratings.csv", "geoharm harm ratings template --form army > ratings.csv"], [form, matrix, output, force],
            (parse, terminal, _) =>
            {
                var harms = HarmRatings.Taxonomy();
                var inForce = HarmRatings.Matrix(parse.GetValue(matrix), parse.GetValue(form)!);
                var sheet = PublicationGate.Release(RatingSheet.Template(harms, inForce, HarmRatings.Meanings()), Audience.Public, []);
                var file = parse.GetValue(output);
                if (file is not null)
                {
                    using var target = new OutputFile(file, parse.GetValue(force));
                    target.Write(sheet);
                    target.Commit();
                }
                terminal.Result(new { columns = RatingSheet.Columns, severities = inForce.Severities, incidences = inForce.Incidences, harms = harms.Select(h => h.Id), files = file is null ? Array.Empty<string>() : [file] }, writer =>
                {
                    if (file is not null)
                    {
                        writer.WriteLine($"{file}: {harms.Count} harms to rate. Give each rater a copy, then: geoharm harm ratings merge COPY...");
                        return;
                    }
                    using var text = new MemoryStream();
                    CsvLayer.Write(text, sheet);
                    writer.Write(System.Text.Encoding.UTF8.GetString(text.ToArray()));
                });
                return ExitCode.Ok;
            });
    }
}
