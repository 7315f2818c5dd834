using GeoHarm.Spatial.Layers;
using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Cli;

/// <summary>The kernel estimate: what treatments here and beside are followed by, over one specification or all of a curve.</summary>
internal static class DisplacementEstimateCommand
{
    public static Command Build()
    {
        var inputs = new PanelInputs();
        inputs.Zones.Required = true;
        inputs.ZoneId.Required = true;
        var treat = new Option<string?>("--treat") { Description = "Treatment columns, separated by commas (not with --identify)" };
        var controls = new Option<string?>("--controls") { Description = "Control columns" };
        var weights = new Option<string>("--weights") { Description = "queen, knn:8, distance:KM or rings:50,100,200,400 (km)", DefaultValueFactory = _ => "queen" };
        var model = new Option<string>("--model") { Description = "slx or sdm (spatial Durbin, maximum likelihood)", DefaultValueFactory = _ => "slx" };
        model.AcceptOnlyFromAmong("slx", "sdm");
        var lagged = new Option<bool>("--lagged") { Description = "Add last year's amount, own and neighbours'" };
        var window = new Option<string?>("--window") { Description = "Years of the outcome, 2002-2015 (default: all)" };
        var conley = new Option<double?>("--conley") { Description = "Conley errors within so many km instead of clusters by unit" };
        var conleyKernel = new Option<string>("--conley-kernel") { Description = "uniform, or bartlett: weights that fall to 0 at the distance", DefaultValueFactory = _ => "uniform" };
        conleyKernel.AcceptOnlyFromAmong("uniform", "bartlett");
        var conleyLags = new Option<int>("--conley-lags") { Description = "Years of serial correlation that Conley errors allow for", DefaultValueFactory = _ => 2 };
        var identify = new Option<bool>("--identify") { Description = "Whether the data say where lost hectares reappear: identified or not, with the reasons" };
        var curve = new Option<bool>("--curve") { Description = "All variants and the share that agree in sign" };
        var picture = PictureFile.Option("With --curve: the specification curve of the neighbours' first treatment");
        return CommandLine.Verb(
            "estimate", "What followed treatments, here and at neighbours: an association, not a cause",
            ["geoharm displacement estimate --panel panel.csv --unit idmun --time year --value coca_ --treat asp_,er_ --zones mpio.shp --zone-id MPIOS --window 2002-2015", "geoharm displacement estimate ... --curve --out curve.csv --picture curve.png", "geoharm displacement estimate --panel coca.csv --unit divipola --time year --value coca_ha --missing-zero --zones mpio.shp --zone-id MPIOS --identify"],
            [inputs.Panel, inputs.Unit, inputs.Time, inputs.Value, treat, inputs.Zones, inputs.ZoneId, inputs.Crs, inputs.Layer, inputs.Merge, inputs.MissingZero, controls, weights, model, lagged, window, conley, conleyKernel, conleyLags, curve, picture, identify, DisplacementIdentification.Regions, inputs.Out, inputs.Force],
            (parse, terminal, _) =>
            {
                if (parse.GetValue(picture) is { } drawn) PictureFile.Require(drawn, parse.GetValue(curve), "--picture draws the specification curve: give --curve too.");
                var treatments = PanelInputs.List(parse.GetValue(treat));
                var other = PanelInputs.List(parse.GetValue(controls));
                var value = parse.GetValue(inputs.Value)!;
                if (treatments.Length == 0 && !parse.GetValue(identify)) throw Problem.Usage("--treat names the treatment columns; only --identify does without.");
                var zones = inputs.ReadZones(parse, terminal)!;
                var terms = Terms(parse.GetValue(weights)!, zones);
                // Ring terms are sums, and 0 where nobody lies in the ring; a mean over no neighbours is not a number.
                List<Spatial.Layers.Fault> faults = parse.GetValue(identify) || terms[0].Prefix != "neighbour" ? [] : [.. PanelInputs.Islands(terms[0].Weights, zones, parse.GetValue(inputs.Zones)!)];
                var panel = inputs.ReadPanel(parse, [value, .. treatments, .. other], missingIsZero: false, units: zones.Codes, with: faults);
                if (panel.Unmatched.Count > 0) terminal.Warn(new(Spatial.Layers.FaultSeverity.Warning, "GH5515", parse.GetValue(inputs.Panel)!, $"{panel.Unmatched.Count} units", $"They have no zone and are left out: {string.Join(", ", panel.Unmatched.Take(20))}.", "Add them to a unit that has a zone with --merge CODE=CODE."));
                if (parse.GetValue(identify)) return DisplacementIdentification.Run(parse, terminal, inputs, panel, value, zones);
                var (from, to) = PanelInputs.Years(parse.GetValue(window)) ?? (panel.FirstYear + 1, panel.LastYear);
                if (to <= from || to > panel.LastYear || from <= panel.FirstYear) throw Problem.Usage($"--window needs at least two years within {panel.FirstYear + 1}-{panel.LastYear}.");
                var queen = PanelInputs.Weights("queen", zones);
                if (parse.GetValue(curve)) return Curve(parse, terminal, inputs, panel, zones, queen, value, treatments, other, from, to, parse.GetValue(picture));
                var options = new EstimateOptions
                {
                    Outcome = value, Treatments = treatments, Controls = other, Neighbours = terms, Lagged = parse.GetValue(lagged), FirstYear = from, LastYear = to,
                    LagWeights = terms[0].Prefix == "neighbour" ? terms[0].Weights : queen,
                    Conley = parse.GetValue(conley) is { } km ? Conley(km, parse.GetValue(conleyKernel) == "bartlett", parse.GetValue(conleyLags), zones) : null,
                };
                return parse.GetValue(model) == "sdm" ? Durbin(terminal, panel, options) : Single(parse, terminal, inputs, panel, options);
            });
    }

    private static ConleyOptions Conley(double km, bool falling, int lags, ZoneSet zones)
    {
        if (!(km > 0) || lags < 0) throw Problem.Usage("--conley is a distance in km above 0, --conley-lags 0 or more.");
        return new ConleyOptions(falling ? DistanceWeights.Bartlett(zones.X, zones.Y, km * 1000) : DistanceWeights.Within(zones.X, zones.Y, km * 1000), lags);
    }

    /// <summary>Neighbour sets by name; rings hold sums of hectares, the others means.</summary>
    internal static IReadOnlyList<NeighbourTerm> Terms(string name, ZoneSet zones)
    {
        if (!name.StartsWith("rings:", StringComparison.Ordinal)) return [new NeighbourTerm("neighbour", PanelInputs.Weights(name, zones))];
        var edges = PanelInputs.List(name[6..]).Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var km) ? km : double.NaN).Prepend(0).ToArray();
        var terms = new List<NeighbourTerm>();
        for (var i = 1; i < edges.Length; i++)
        {
            if (!(edges[i] > edges[i - 1])) throw Problem.Usage($"'{name}' is no set of rings; write rising distances in km, rings:50,100,200,400.");
            terms.Add(new NeighbourTerm(string.Create(CultureInfo.InvariantCulture, $"ring{edges[i - 1]}-{edges[i]}"), DistanceWeights.Ring(zones.X, zones.Y, edges[i - 1] * 1000, edges[i] * 1000)));
        }
        return terms.Count > 0 ? terms : throw Problem.Usage("rings: needs at least one distance in km.");
    }

    private static int Single(ParseResult parse, Terminal terminal, PanelInputs inputs, UnitPanel panel, EstimateOptions options)
    {
        var result = KernelEstimate.Run(panel, options);
        if (parse.GetValue(inputs.Out) is { } file) PanelInputs.WriteCsv(file, parse.GetValue(inputs.Force), "name,value,standard_error", result.Coefficients.Select(c => $"{c.Name},{PanelInputs.N(c.Value)},{PanelInputs.N(c.StandardError)}"));
        terminal.Result(
            new { n = result.N, coefficients = result.Coefficients, residualVariance = result.ResidualVariance, errors = options.Conley is null ? "clustered by unit" : "Conley", caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm) },
            writer =>
            {
                writer.WriteLine($"{result.N} unit-years; association, not causation");
                foreach (var c in result.Coefficients) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Name,-24} {c.Value,10:F4}  ({c.StandardError:F4})"));
            });
        return ExitCode.Ok;
    }

    private static int Durbin(Terminal terminal, UnitPanel panel, EstimateOptions options)
    {
        if (options.Neighbours.Count != 1 || options.Neighbours[0].Prefix != "neighbour") throw Problem.Usage("--model sdm takes queen, knn or distance weights, not rings.");
        var result = SpatialDurbin.Run(panel, options);
        terminal.Result(
            new
            {
                n = result.N, rho = result.Rho, coefficients = result.Coefficients, totalEffects = result.TotalEffects.Select(t => new { treatment = t.Treatment, value = t.Value }),
                logLikelihood = result.LogLikelihood, logDeterminant = result.Method, caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.N} unit-years; rho {result.Rho.Value:F4} ({result.Rho.StandardError:F4}); log-determinant: {result.Method}; association, not causation"));
                foreach (var c in result.Coefficients) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Name,-24} {c.Value,10:F4}  ({c.StandardError:F4})"));
            });
        return ExitCode.Ok;
    }

    private static int Curve(
        ParseResult parse, Terminal terminal, PanelInputs inputs, UnitPanel panel, ZoneSet zones, SpatialWeights queen, string value, string[] treatments, string[] controls, int from, int to, string? picture)
    {
        string[] names = ["queen", "knn:4", "knn:8", "knn:12", "distance:100", "rings:50,100", "rings:50,100,200,400"];
        var sets = names.Where(n => !n.StartsWith("knn:", StringComparison.Ordinal) || int.Parse(n[4..], CultureInfo.InvariantCulture) < zones.Codes.Length).Select(n => (Name: n, Terms: Terms(n, zones))).ToArray();

        // A ring in which nobody has a neighbour is no variant: its column would be 0 everywhere.
        var leftOut = sets.Where(s => s.Terms.Any(t => t.Weights.LinkCount == 0)).Select(s => s.Name).ToArray();
        sets = [.. sets.Where(s => !leftOut.Contains(s.Name))];
        var curve = SpecificationCurve.Run(panel, value, treatments, controls, sets, queen, from, to);
        if (parse.GetValue(inputs.Out) is { } file)
        {
            PanelInputs.WriteCsv(file, parse.GetValue(inputs.Force), "weights,first_year,last_year,lagged,name,value,standard_error", curve.Variants.SelectMany(v => v.Result.Coefficients.Select(c =>
                $"\"{v.Weights}\",{v.FirstYear},{v.LastYear},{(v.Lagged ? 1 : 0)},{c.Name},{PanelInputs.N(c.Value)},{PanelInputs.N(c.StandardError)}")));
        }
        var main = curve.Signs.First(s => s.Name.StartsWith("neighbour:", StringComparison.Ordinal));
        List<string> files = [];
        if (picture is not null)
        {
            var context = PictureFile.Context(value, $"{Path.GetFileName(parse.GetValue(inputs.Panel)!)}, {Path.GetFileName(parse.GetValue(inputs.Zones)!)}", Caveats, false, terminal);
            files = PictureFile.Write(ChartPictures.Specifications(PublishedLayer.Open(Variants(curve, main.Name, Wording.In(terminal.Language))), main.Name, ["weights", "years", "lag", "treatments"], context), picture, parse.GetValue(inputs.Force), terminal);
        }
        terminal.Result(
            new
            {
                n = curve.Variants[0].Result.N,
                variants = curve.Variants.Select(v => new { weights = v.Weights, firstYear = v.FirstYear, lastYear = v.LastYear, lagged = v.Lagged, treatments = v.Treatments, errors = v.Errors, n = v.Result.N, coefficients = v.Result.Coefficients }),
                leftOut, signAgreement = main.Agreement, signs = curve.Signs, files, caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine($"{curve.Variants.Count} variants; association, not causation");
                if (leftOut.Length > 0) writer.WriteLine($"left out, since no unit has such a neighbour: {string.Join(", ", leftOut)}");
                foreach (var s in curve.Signs) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.Name,-20} negative in {s.Negative:P0} of {s.Variants}; 95 % interval below 0 in {s.SignificantNegative:P0}, above 0 in {s.SignificantPositive:P0}; {s.Least:F4} to {s.Largest:F4}"));
            });
        return ExitCode.Ok;
    }

    // One coefficient of every variant with its 95 % interval; the nearest ring stands for the neighbours, as in the signs.
    private static Layer Variants(CurveResult curve, string name, Wording words)
    {
        var treatment = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var kept = curve.Variants.Select(v => (V: v, C: v.Result.Coefficients.FirstOrDefault(c => !c.Name.StartsWith("own:", StringComparison.Ordinal) && c.Name.EndsWith(":" + treatment, StringComparison.Ordinal))))
            .Where(v => v.C is not null).Select(v => (v.V, C: v.C!)).ToArray();
        return new Layer("variants",
        [
            Column.Real("value", kept.Select(v => v.C.Value)), Column.Real("low", kept.Select(v => v.C.Value - 1.96 * v.C.StandardError)), Column.Real("high", kept.Select(v => v.C.Value + 1.96 * v.C.StandardError)),
            Column.Text("weights", kept.Select(v => v.V.Weights)), Column.Text("years", kept.Select(v => $"{v.V.FirstYear}-{v.V.LastYear}")),
            Column.Text("lag", kept.Select(v => words[v.V.Lagged ? "curve.lagged" : "curve.notLagged"])), Column.Text("treatments", kept.Select(v => string.Join(" + ", v.V.Treatments))),
        ]);
    }

    internal static readonly string[] Caveats = ["Association, not causation: enforcement follows coca.", "Net coefficients are never a kill share per treated hectare."];
}
