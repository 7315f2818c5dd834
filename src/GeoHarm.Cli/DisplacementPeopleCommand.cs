using System.CommandLine;
using System.Globalization;
using GeoHarm.Engine.Displacement;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Importers;

namespace GeoHarm.Cli;

/// <summary>Flows of displaced people between units from the margins of a registry.</summary>
internal static class DisplacementPeopleCommand
{
    public static Command Build()
    {
        var inputs = new PanelInputs();
        inputs.Zones.Required = true;
        inputs.ZoneId.Required = true;
        var margins = new Option<string>("--margins") { Description = "People expelled and received by unit: a victims registry file, or a table", Required = true };
        var unit = new Option<string>("--unit") { Description = "Column of unit codes", DefaultValueFactory = _ => "code" };
        var expelled = new Option<string>("--expelled") { Description = "Column of people expelled", DefaultValueFactory = _ => "people_expelled" };
        var received = new Option<string>("--received") { Description = "Column of people received", DefaultValueFactory = _ => "people_received" };
        var model = new Option<string>("--model") { Description = "gravity or radiation, both balanced to the margins", DefaultValueFactory = _ => "gravity" };
        model.AcceptOnlyFromAmong("gravity", "radiation");
        var power = new Option<double>("--power") { Description = "Power of distance, an assumption: margins cannot identify it", DefaultValueFactory = _ => 1 };
        var diaspora = new Option<string?>("--diaspora") { Description = "CSV from,to,people: people from a unit already at another" };
        var diasporaPower = new Option<double>("--diaspora-power") { Description = "Power of 1 + those people, an assumption", DefaultValueFactory = _ => 0.5 };
        var least = new Option<double>("--least") { Description = "Smallest flow written to --out, people", DefaultValueFactory = _ => 1 };
        return CommandLine.Verb(
            "people", "Where displaced people went, modelled from who left and who arrived where",
            ["geoharm displacement people --margins ruv_margins.csv --zones mpio.shp --zone-id MPIOS --out flows.csv"],
            [margins, inputs.Zones, inputs.ZoneId, inputs.Crs, inputs.Layer, unit, expelled, received, model, power, diaspora, diasporaPower, least, inputs.Out, inputs.Force],
            (parse, terminal, _) =>
            {
                if (!(parse.GetValue(power) >= 0) || !(parse.GetValue(diasporaPower) >= 0)) throw Problem.Usage("--power and --diaspora-power are 0 or more.");
                var zones = inputs.ReadZones(parse, terminal)!;
                var registry = Registry.Read(parse.GetValue(margins)!, parse.GetValue(unit)!, parse.GetValue(expelled)!, parse.GetValue(received)!, zones, terminal);
                var options = new PeopleFlowOptions { Model = parse.GetValue(model) == "radiation" ? FlowModel.Radiation : FlowModel.Gravity, DistancePower = parse.GetValue(power), DiasporaPower = parse.GetValue(diasporaPower) };
                var flows = PeopleFlows.Fit(registry.Margins, options, parse.GetValue(diaspora) is { } file ? registry.Diaspora(file) : null);
                if (parse.GetValue(inputs.Out) is { } path) Write(path, parse.GetValue(inputs.Force), registry, flows, parse.GetValue(least));
                Show(terminal, registry, flows, parse.GetValue(model)!, parse.GetValue(power));
                return flows.Converged ? ExitCode.Ok : ExitCode.NotConverged;
            });
    }

    private static void Write(string path, bool force, Registry registry, PeopleFlows flows, double least) => PanelInputs.WriteCsv(path, force, "from,to,people", Rows(registry, flows, least));

    private static IEnumerable<string> Rows(Registry registry, PeopleFlows flows, double least)
    {
        var n = registry.Margins.Units;
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= n; j++)
            {
                if (flows[i, j] > 0 && flows[i, j] >= least) yield return $"{(i < n ? registry.Codes[i] : "unknown")},{(j < n ? registry.Codes[j] : "unknown or abroad")},{PanelInputs.N(flows[i, j])}";
            }
        }
    }

    private static void Show(Terminal terminal, Registry registry, PeopleFlows flows, string model, double power)
    {
        var margins = registry.Margins;
        var difference = registry.ExpelledTotal - registry.ReceivedTotal;
        terminal.Result(
            new
            {
                model, power, expelled = registry.ExpelledTotal, received = registry.ReceivedTotal, total = margins.Total,
                unknownOrigin = new { recorded = registry.UnknownExpelled, difference = Math.Max(0, -difference), total = margins.UnknownOrigin },
                unknownOrAbroad = new { recorded = registry.UnknownReceived, difference = Math.Max(0, difference), total = margins.UnknownDestination },
                largestMarginError = flows.LargestMarginError, iterations = flows.Rounds, converged = flows.Converged, meanDistanceKm = flows.MeanKilometres,
                units = registry.Codes.Select((code, i) => new { id = code, expelled = margins.Expelled[i], received = margins.Received[i], within = flows[i, i], toUnknownOrAbroad = flows[i, margins.Units], fromUnknown = flows[margins.Units, i] }),
                caveats = Caveats, faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer =>
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"expelled {registry.ExpelledTotal:N0}, of unknown origin {string.Join(" + ", registry.UnknownExpelled.Select(v => v.ToString("N0", CultureInfo.InvariantCulture)))}"));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"received {registry.ReceivedTotal:N0}, of unknown destination {string.Join(" + ", registry.UnknownReceived.Select(v => v.ToString("N0", CultureInfo.InvariantCulture)))}; difference of the totals {Math.Abs(difference):N0}, taken as {(difference >= 0 ? "unknown or abroad" : "unknown origin")}"));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"both margins {margins.Total:N0}, honoured to {flows.LargestMarginError:E1} people in {flows.Rounds} rounds; mean distance {flows.MeanKilometres:F0} km"));
                foreach (var caveat in Caveats) writer.WriteLine(caveat);
            });
    }

    private static readonly string[] Caveats = ["Modelled, not observed: only who left and who arrived is data.", "The power of distance is an assumption that margins cannot identify."];

    /// <summary>The margins of a file, its rows put to zones.</summary>
    private sealed class Registry
    {
        public required string[] Codes { get; init; }

        public required PeopleMargins Margins { get; init; }

        public required double[] UnknownExpelled { get; init; }

        public required double[] UnknownReceived { get; init; }

        public required double ExpelledTotal { get; init; }

        public required double ReceivedTotal { get; init; }

        public static Registry Read(string path, string unit, string expelled, string received, ZoneSet zones, Terminal terminal)
        {
            var outcome = DataImport.Read(path, new ImportRequest());
            foreach (var fault in outcome.Faults) terminal.Warn(fault);
            var table = outcome.Layers[0];
            var faults = new List<Fault>();
            foreach (var name in new[] { unit, expelled, received }.Where(c => !table.Has(c))) faults.Add(new Fault(FaultSeverity.Error, "GH5501", path, $"column {name}", $"There is no column '{name}'; there are {string.Join(", ", table.Columns.Select(c => c.Name))}.", "Name a column of the file."));
            if (faults.Count > 0) throw new InvalidInputException(faults);
            var place = zones.Codes.Select((code, i) => (code, i)).ToDictionary(z => z.code, z => z.i, StringComparer.Ordinal);
            List<double> leaving = [], arriving = [], x = [], y = [], unknownOut = [], unknownIn = [];
            var codes = new List<string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var without = new List<string>();
            for (var r = 0; r < table.RowCount; r++)
            {
                double left = People(expelled, r), arrived = People(received, r);
                var text = table[unit].TextAt(r);
                var known = !string.IsNullOrWhiteSpace(text) && text != "unknown" && !(table.Has("municipality_known") && table["municipality_known"].TextAt(r) == "0");
                if (!known)
                {
                    if (left > 0) unknownOut.Add(left);
                    if (arrived > 0) unknownIn.Add(arrived);
                    continue;
                }
                var code = UnitPanel.Code(text!);
                if (!seen.Add(code)) faults.Add(new Fault(FaultSeverity.Error, "GH5531", path, $"line {r + 2}, unit {code}", "The unit appears again.", "Keep one row for each unit, or add them up first.", r + 2));
                var zone = place.GetValueOrDefault(code, -1);
                if (zone < 0) without.Add(code);
                codes.Add(code);
                leaving.Add(left);
                arriving.Add(arrived);
                x.Add(zone < 0 ? double.NaN : zones.X[zone]);
                y.Add(zone < 0 ? double.NaN : zones.Y[zone]);
            }
            if (faults.Count > 0) throw new InvalidInputException(faults);
            if (without.Count > 0) terminal.Warn(new Fault(FaultSeverity.Warning, "GH5532", path, $"{without.Count} units", $"They have no zone and exchange with all alike: {string.Join(", ", without.Take(20))}.", "Give zones that hold them; departments without municipality have none."));
            double[] e = [.. leaving], a = [.. arriving];
            return new Registry
            {
                Codes = [.. codes], Margins = new PeopleMargins(e, a, [.. x], [.. y], unknownOut.Sum(), unknownIn.Sum()), UnknownExpelled = [.. unknownOut.OrderDescending()], UnknownReceived = [.. unknownIn.OrderDescending()],
                ExpelledTotal = e.Sum() + unknownOut.Sum(), ReceivedTotal = a.Sum() + unknownIn.Sum(),
            };

            double People(string column, int row)
            {
                var text = table[column].TextAt(row);
                if (string.IsNullOrWhiteSpace(text)) return 0;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var people) && people >= 0 && double.IsFinite(people)) return people;
                faults.Add(new Fault(FaultSeverity.Error, "GH5533", path, $"line {row + 2}, column {column}", $"'{text}' is no number of people.", "Write numbers of 0 or more with a decimal point and without separators.", row + 2));
                return 0;
            }
        }

        /// <summary>People from each unit already at each other; units that the margins lack are left out.</summary>
        public double[] Diaspora(string path)
        {
            var table = DataFile.Read(path);
            var faults = new[] { "from", "to", "people" }.Where(c => !table.Has(c)).Select(c => new Fault(FaultSeverity.Error, "GH5501", path, $"column {c}", $"There is no column '{c}'; there are {string.Join(", ", table.Columns.Select(k => k.Name))}.", "Name the columns from, to and people.")).ToList();
            if (faults.Count > 0) throw new InvalidInputException(faults);
            var index = Codes.Select((code, i) => (code, i)).ToDictionary(c => c.code, c => c.i, StringComparer.Ordinal);
            var stock = new double[Codes.Length * Codes.Length];
            for (var r = 0; r < table.RowCount; r++)
            {
                if (!double.TryParse(table["people"].TextAt(r), NumberStyles.Float, CultureInfo.InvariantCulture, out var people) || !(people >= 0))
                {
                    faults.Add(new Fault(FaultSeverity.Error, "GH5533", path, $"line {r + 2}, column people", $"'{table["people"].TextAt(r)}' is no number of people.", "Write numbers of 0 or more with a decimal point and without separators.", r + 2));
                    continue;
                }
                if (index.TryGetValue(UnitPanel.Code(table["from"].TextAt(r) ?? ""), out var i) && index.TryGetValue(UnitPanel.Code(table["to"].TextAt(r) ?? ""), out var j)) stock[i * Codes.Length + j] += people;
            }
            return faults.Count > 0 ? throw new InvalidInputException(faults) : stock;
        }
    }
}
