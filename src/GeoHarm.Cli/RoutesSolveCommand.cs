using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Routing.Graphs;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Equilibrium of a TNTP network: who uses which road when nobody gains by changing (ue), or when all choose by logit on cost to go (mte).</summary>
internal static class RoutesSolveCommand
{
    public static Command Build()
    {
        var net = new Option<string>("--net") { Description = "TNTP network (…_net.tntp)", Required = true };
        var trips = new Option<string>("--trips") { Description = "TNTP trip table (…_trips.tntp)", Required = true };
        var model = new Option<string>("--model") { Description = "ue: user equilibrium; mte: Markovian equilibrium", DefaultValueFactory = _ => "ue" };
        model.AcceptOnlyFromAmong("ue", "mte");
        var theta = new Option<double>("--theta") { Description = "mte: dispersion, per unit of cost", DefaultValueFactory = _ => new MarkovianOptions().Theta };
        var gap = new Option<double>("--gap") { Description = "Relative gap to reach", DefaultValueFactory = _ => new EquilibriumOptions().RelativeGap };
        var rounds = new Option<int>("--rounds") { Description = "Most rounds of shortest paths", DefaultValueFactory = _ => new EquilibriumOptions().MaxRounds };
        var distance = new Option<double>("--distance-weight") { Description = "Time units for each length unit" };
        var toll = new Option<double>("--toll-weight") { Description = "Time units for each money unit" };
        var optimum = new Option<bool>("--system-optimum") { Description = "Least total cost instead of equilibrium" };
        var flows = new Option<string?>("--flows") { Description = "CSV file: from,to,flow,cost" };
        var force = new Option<bool>("--force") { Description = "Replace --flows if it exists" };
        return CommandLine.Verb(
            "solve", "Equilibrium of flows on a network",
            ["geoharm routes solve --net SiouxFalls_net.tntp --trips SiouxFalls_trips.tntp --gap 1e-10 --flows flows.csv", "geoharm routes solve --net ChicagoSketch_net.tntp --trips ChicagoSketch_trips.tntp --distance-weight 0.04 --toll-weight 0.02", "geoharm routes solve --net SiouxFalls_net.tntp --trips SiouxFalls_trips.tntp --model mte --theta 2"],
            [net, trips, model, theta, gap, rounds, distance, toll, optimum, flows, force],
            (parse, terminal, _) =>
            {
                var job = new Job(
                    parse.GetValue(net)!, parse.GetValue(trips)!, parse.GetValue(gap), parse.GetValue(rounds),
                    new CostWeights(parse.GetValue(distance), parse.GetValue(toll)), parse.GetValue(optimum), parse.GetValue(flows), parse.GetValue(force));
                if (job.Net.EndsWith(".gpkg", StringComparison.OrdinalIgnoreCase) || Directory.Exists(job.Net)) throw Problem.UseNotSupported("Flows by arc are not given on a study network: 'geoharm routes sweep' and 'routes push' answer by zone and corridor.");
                if (!(job.Gap >= 0)) throw Problem.Usage("--gap is a number of 0 or more.");
                if (job.Rounds < 1) throw Problem.Usage("--rounds is at least 1.");
                if (!(job.Weights.DistanceWeight >= 0 && job.Weights.TollWeight >= 0)) throw Problem.Usage("Weights are numbers of 0 or more.");
                if (parse.GetValue(model) == "ue") return Run(job, terminal);
                if (!(parse.GetValue(theta) > 0 && double.IsFinite(parse.GetValue(theta)))) throw Problem.Usage("--theta is a number above 0.");
                if (job.SystemOptimum) throw Problem.Usage("--system-optimum goes with --model ue.");
                return RunMarkovian(job, parse.GetValue(theta), terminal);
            });
    }

    private static int Run(Job job, Terminal terminal)
    {
        using var target = job.Flows is null ? null : new OutputFile(job.Flows, job.Force);
        var (network, table) = Read(job, terminal);
        var clock = Stopwatch.StartNew();
        var solver = new UserEquilibrium<BprCost>(AssignmentNetwork.Of(network), table, new EquilibriumOptions { RelativeGap = job.Gap, MaxRounds = job.Rounds });
        var costs = BprCost.Of(network, job.Weights);
        var result = solver.Solve(job.SystemOptimum ? costs.Marginal() : costs);
        var seconds = clock.Elapsed.TotalSeconds;
        if (result.Unserved.Count > 0) throw new InvalidInputException(Unreachable(result, job.Trips));
        if (target is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            Write(target.Path, network, solver.Flows(), costs);
            target.Commit();
        }
        Report(job, table, "ue", result.Objective, result.RelativeGap, result.Converged, result.Rounds, TotalCost(solver.Flows(), costs), seconds, terminal);
        return result.Converged ? ExitCode.Ok : ExitCode.NotConverged;
    }

    /// <summary>Markovian equilibrium of the same costs. Its relative gap is the largest difference between a link's flow and the flow that its costs cause, as a share of all trips.</summary>
    private static int RunMarkovian(Job job, double theta, Terminal terminal)
    {
        using var target = job.Flows is null ? null : new OutputFile(job.Flows, job.Force);
        var (network, table) = Read(job, terminal);
        var clock = Stopwatch.StartNew();
        var costs = BprCost.Of(network, job.Weights);
        MarkovianEquilibriumResult result;
        try
        {
            result = MarkovianAssignment.Solve(network, table, costs, new MarkovianOptions { Theta = theta }, new MarkovianEquilibriumOptions { Tolerance = job.Gap, StepLimit = job.Rounds });
        }
        catch (InvalidNetworkException e)
        {
            throw new InvalidInputException([.. e.Faults.Select(f => FaultOf(f, job.Trips, FaultSeverity.Error))]);
        }
        catch (DivergentLoadingException e)
        {
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH7421", Path.GetFileName(job.Net), $"nodes {string.Join(", ", e.Cycle.ToArray().Select(v => v + 1))}", e.Message, "give the links of the cycle a cost above 0")]);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        var flow = result.Flows.ArcFlow.ToArray();
        if (target is not null && (!terminal.Strict || terminal.Warnings.Count == 0))
        {
            Write(target.Path, network, flow, costs);
            target.Commit();
        }
        double objective = 0;
        for (var arc = 0; arc < flow.Length; arc++) objective += costs.Integral(arc, flow[arc]);
        Report(job, table, "mte", objective, result.Residual, result.Converged, result.Steps, TotalCost(flow, costs), seconds, terminal);
        return result.Converged ? ExitCode.Ok : ExitCode.NotConverged;
    }

    private static void Report(Job job, TripTable table, string model, double objective, double gap, bool converged, int iterations, double totalCost, double seconds, Terminal terminal)
    {
        using var process = Process.GetCurrentProcess();
        terminal.Result(
            new
            {
                model, objective, relativeGap = gap, converged, iterations, totalCost, trips = table.Total, seconds, cpuSeconds = process.TotalProcessorTime.TotalSeconds, peakMemoryMb = process.PeakWorkingSet64 / 1e6,
                files = job.Flows is null ? Array.Empty<string>() : [job.Flows], faults = terminal.Warnings.Select(Terminal.FaultForm),
            },
            writer => writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(converged ? "converged" : "NOT CONVERGED")}: relative gap {gap:E2} after {iterations} rounds, {seconds:F3} s; objective {objective:R}, total cost {totalCost:R}")));
    }

    private static double TotalCost(double[] flow, BprCost costs)
    {
        double total = 0;
        for (var arc = 0; arc < flow.Length; arc++)
        {
            costs.Evaluate(arc, flow[arc], out var cost, out _);
            total += flow[arc] * cost;
        }
        return total;
    }

    private static (TntpNetwork Network, TripTable Trips) Read(Job job, Terminal terminal)
    {
        // Both files are read before anything is refused: every fault at once.
        var faults = new List<Fault>();
        TntpNetwork? network = null;
        TripTable? table = null;
        var warnings = new List<NetworkFault>();
        void Guarded(string path, Action<string> parse)
        {
            try { parse(File.ReadAllText(path)); }
            catch (InvalidNetworkException e) { faults.AddRange(e.Faults.Select(f => FaultOf(f, path, FaultSeverity.Error))); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                faults.Add(new Fault(FaultSeverity.Error, "GH7130", Path.GetFileName(path), "", e.Message, "check the path"));
            }
        }
        Guarded(job.Net, text => network = TntpNetworkReader.Read(text));
        Guarded(job.Trips, text => table = TntpTablesReader.ReadTrips(text, network?.Zones ?? 0, warnings));
        if (faults.Count > 0) throw new InvalidInputException(faults);
        foreach (var warning in network!.Warnings) terminal.Warn(FaultOf(warning, job.Net, FaultSeverity.Warning));
        foreach (var warning in warnings) terminal.Warn(FaultOf(warning, job.Trips, FaultSeverity.Warning));
        return (network, table!);
    }

    private static Fault FaultOf(NetworkFault fault, string path, FaultSeverity severity) =>
        new(severity, fault.Code, Path.GetFileName(path), fault.Place, fault.Message, fault.Remedy, fault.Line);

    private static List<Fault> Unreachable(EquilibriumResult result, string path)
    {
        const int Listed = 1000;
        var faults = result.Unserved.Take(Listed).Select(u => new Fault(
            FaultSeverity.Error, "GH7420", Path.GetFileName(path), $"origin {u.Origin + 1}, destination {u.Destination + 1}",
            string.Create(CultureInfo.InvariantCulture, $"{u.Trips} trips have no path"), "add the missing link, or leave the trips out")).ToList();
        if (result.Unserved.Count > Listed)
            faults.Add(new Fault(FaultSeverity.Error, "GH7099", Path.GetFileName(path), "", $"{result.Unserved.Count - Listed} more faults not listed", "mend those above first"));
        return faults;
    }

    private static void Write(string path, TntpNetwork network, double[] flow, BprCost costs)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine("from,to,flow,cost");
        for (var arc = 0; arc < flow.Length; arc++)
        {
            costs.Evaluate(arc, flow[arc], out var cost, out _);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Tail[arc] + 1},{network.Head[arc] + 1},{flow[arc]:R},{cost:R}"));
        }
    }

    private sealed record Job(string Net, string Trips, double Gap, int Rounds, CostWeights Weights, bool SystemOptimum, string? Flows, bool Force);
}
