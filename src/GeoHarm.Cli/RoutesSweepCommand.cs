using System.CommandLine;
using System.Diagnostics;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>Every single-country and single-admin-1 policy of a study: who receives what is pushed.</summary>
internal static class RoutesSweepCommand
{
    public static Command Build()
    {
        var settings = new RouteSettings();
        var control = new Option<double>("--control") { Description = "Share of what comes into the place that is stopped, above 0 and below 1", DefaultValueFactory = _ => new RouteSweepOptions().Control };
        var places = new Option<string[]>("--places") { Description = "Only policies in these zones, countries or regions (default: every one)", AllowMultipleArgumentsPerToken = true };
        var from = new Option<string[]>("--from") { Description = "Origin region: only what comes in from these zones, countries or regions", AllowMultipleArgumentsPerToken = true };
        var modes = new Option<string[]>("--modes") { Description = "Modes met: land, boat, ship, air (default: all)", AllowMultipleArgumentsPerToken = true };
        var picture = PictureFile.Option("Who receives, over the policies by country");
        modes.AcceptOnlyFromAmong([.. ScenarioReader.Modes]);
        return CommandLine.Verb("sweep", "Every single-country and single-admin-1 policy: which places carry what is pushed",
            ["geoharm routes sweep --scenario data/scenarios/do-nothing.yaml --out out/sweep", "geoharm routes sweep --scenario data/scenarios/do-nothing.yaml --from Andes \"South America\" --control 0.3 --json", "geoharm routes sweep --scenario data/scenarios/do-nothing.yaml --picture receivers.png"],
            [.. settings.All, control, places, from, modes, picture],
            (parse, terminal, cancel) => Run(parse, terminal, settings, new RouteSweepOptions
            {
                Control = parse.GetValue(control), Places = parse.GetValue(places) ?? [], From = parse.GetValue(from) ?? [], Modes = parse.GetValue(modes) ?? [], Threads = settings.ThreadsOf(parse),
            }, parse.GetValue(picture), cancel));
    }

    private static int Run(ParseResult parse, Terminal terminal, RouteSettings settings, RouteSweepOptions options, string? picture, CancellationToken cancel)
    {
        if (picture is not null) PictureFile.Require(picture);
        if (!(options.Control > 0 && options.Control < 1)) throw Problem.Usage("--control is above 0 and below 1.");
        var clock = Stopwatch.StartNew();
        using var study = new Study(parse.GetValue(settings.Study));
        var routes = settings.Open(parse, study);
        if (options.From.Concat(options.Places).FirstOrDefault(p => routes.Inputs.Zones.Resolve(p).Count == 0) is { } unknown) throw Problem.Usage($"There is no place '{unknown}': use a zone id, an ISO3 country or a region name of data/study/zones.csv.");
        var burden = settings.BurdenOf(parse, routes);
        var variants = RouteSweep.Run(routes, study.Read("codes"), burden, options, share => terminal.Progress("sweep", share), cancel);
        var caveats = RouteSettings.Caveats(routes);
        var layers = settings.Release(Layers(routes, variants, burden), caveats);
        var files = settings.Write(parse, "sweep.gpkg", layers).ToList();
        if (picture is not null)
        {
            var spec = RoutePictures.Sweep(layers[2], layers[3], PublishedLayer.Open(study.Read("land")), Compared(variants).Length, options.Control, RouteSettings.Context(routes, caveats, terminal));
            files.AddRange(PictureFile.Write(spec, picture, parse.GetValue(settings.Force), terminal));
        }
        var failed = variants.Count(v => !v.Converged);
        terminal.Result(new
        {
            burden = burden.Name, unit = burden.Unit, control = options.Control, from = options.From, modes = options.Modes, structure = routes.Inputs.Scenario.Structure.ToString().ToLowerInvariant(),
            mark = RouteSettings.Mark, converged = failed == 0, maxBalanceError = variants.Max(v => v.BalanceError),
            variants = variants.Select(v => new
            {
                unit = v.Unit, name = v.Name, level = v.Level, node = v.Node, converged = v.Converged, failure = v.Failure, sentBefore = v.Before, noLongerSent = v.NoLongerSent, pushed = v.Pushed,
                seizedOnTheWay = v.SeizedOnTheWay, received = v.Received, gainersReceive = v.GainersReceive, seizedMore = v.SeizedMore, burdenChange = v.BurdenChange, balanceError = v.BalanceError,
                recipients = v.Zones.Select(Recipient), countries = v.Countries.Select(Recipient),
            }),
            caveats, files, seconds = clock.Elapsed.TotalSeconds, faults = terminal.Warnings.Select(Terminal.FaultForm),
        },
        output =>
        {
            foreach (var v in variants.Where(v => v.Level == "country").OrderByDescending(v => v.NoLongerSent).Take(15))
            {
                output.WriteLine($"{v.Unit} {v.Name}: {RouteSettings.Number(v.NoLongerSent)} t no longer sent in; receive most: {string.Join("; ", v.Countries.Take(3).Select(r => $"{r.Name} {RouteSettings.Number(r.Gain)} t (rule of law {RouteSettings.Number(r.RuleOfLaw)}, homicide {RouteSettings.Number(r.HomicideRate)})"))}");
            }
            output.WriteLine($"{variants.Count} policies, {failed} not converged; {RouteSettings.Mark}; {clock.Elapsed.TotalSeconds:F1} s");
        });
        return failed == 0 ? ExitCode.Ok : ExitCode.NotConverged;
    }

    private static object Recipient(RouteRecipient r) => new { zone = r.Zone, name = r.Name, country = r.Country, gain = r.Gain, ruleOfLaw = r.RuleOfLaw, homicideRate = r.HomicideRate };

    private static Layer[] Layers(RouteCase routes, IReadOnlyList<RouteVariant> variants, RouteBurden burden)
    {
        var zones = routes.Inputs.Zones;
        var made = new Provenance("GeoHarm routes sweep", "Apache-2.0; see data/README.md for the inputs");
        Column Real(string name, Func<RouteVariant, double> value, string unit) => Column.Real(name, variants.Select(value), unit);
        var received = variants.SelectMany(v => v.Countries.Select((r, i) => (v, r, Level: "country", Rank: i + 1)).Concat(v.Zones.Select((r, i) => (v, r, Level: "zone", Rank: i + 1)))).ToList();
        return
        [
            new Layer("sweep_variants",
            [
                Column.Text("unit", variants.Select(v => v.Unit)), Column.Text("name", variants.Select(v => v.Name)), Column.Text("level", variants.Select(v => v.Level)), Column.Text("node", variants.Select(v => v.Node)),
                Real("sent_before_t", v => v.Before, "t"), Real("no_longer_sent_t", v => v.NoLongerSent, "t"), Real("pushed_t", v => v.Pushed, "t"), Real("seized_on_the_way_t", v => v.SeizedOnTheWay, "t"),
                Real("received_t", v => v.Received, "t"), Real("seized_more_t", v => v.SeizedMore, "t"), Real("burden_change", v => v.BurdenChange, burden.Unit), Column.Text("mark", variants.Select(_ => RouteSettings.Mark)),
            ], [.. variants.Select(v => zones.IndexOf(v.Node) is >= 0 and var z ? zones.Layer.GeometryAt(z) : null)], zones.Layer.Crs, provenance: made, title: "What enforcement in each place pushes; admin-1 units on the zone that holds them"),
            new Layer("sweep_recipients",
            [
                Column.Text("unit", received.Select(r => r.v.Unit)), Column.Text("recipient_level", received.Select(r => r.Level)), Column.Integer("rank", received.Select(r => (long?)r.Rank)),
                Column.Text("zone", received.Select(r => r.r.Zone)), Column.Text("name", received.Select(r => r.r.Name)), Column.Text("country", received.Select(r => r.r.Country)), Column.Real("gain_t", received.Select(r => r.r.Gain), "t"),
                Column.Real("rule_of_law", received.Select(r => r.r.RuleOfLaw)), Column.Real("homicide_rate", received.Select(r => r.r.HomicideRate), "per 100,000"), Column.Text("mark", received.Select(_ => RouteSettings.Mark)),
            ], provenance: made, title: "Who receives what is pushed, with the capacity to bear it beside"),
            Receivers(routes, variants, made), Ranks(variants, made),
        ];
    }

    // Policies that are compared: by country where there are any, else by admin-1 unit; a node once.
    private static RouteVariant[] Compared(IReadOnlyList<RouteVariant> variants)
    {
        var solved = variants.Where(v => v.Converged).DistinctBy(v => v.Node).ToArray();
        return solved.Any(v => v.Level == "country") ? [.. solved.Where(v => v.Level == "country")] : solved;
    }

    private static Layer Receivers(RouteCase routes, IReadOnlyList<RouteVariant> variants, Provenance made)
    {
        var (zones, compared) = (routes.Inputs.Zones, Compared(variants));
        var times = compared.SelectMany(v => v.Zones.Where(r => r.Gain > 0).Select(r => r.Zone)).GroupBy(z => z, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        double Share(string zone) => compared.Length == 0 ? double.NaN : 100.0 * times.GetValueOrDefault(zone) / compared.Length;
        return new Layer("sweep_receivers",
        [
            Column.Text("zone", zones.Ids), Column.Text("name", zones.Names), Column.Text("country", zones.Countries), Column.Real("top_ten_percent", zones.Ids.Select(Share), "% of policies"), Column.Text("mark", zones.Ids.Select(_ => RouteSettings.Mark)),
        ], [.. Enumerable.Range(0, zones.Count).Select(zones.Layer.GeometryAt)], zones.Layer.Crs, provenance: made, title: "How often a zone is among the ten that receive most");
    }

    private static Layer Ranks(IReadOnlyList<RouteVariant> variants, Provenance made)
    {
        var compared = Compared(variants);
        var places = compared.SelectMany(v => v.Countries.Where(r => r.Gain > 0).Take(3).Select((r, i) => (r, Rank: i))).GroupBy(p => p.r.Zone, StringComparer.Ordinal)
            .Select(g => (g.First().r, Shares: Enumerable.Range(0, 3).Select(k => g.Count(p => p.Rank == k) / (double)compared.Length).ToArray()))
            .OrderByDescending(p => p.Shares[0]).ThenByDescending(p => p.Shares.Sum()).ThenBy(p => p.r.Zone, StringComparer.Ordinal).ToList();
        return new Layer("sweep_ranks",
        [
            Column.Text("country", places.Select(p => p.r.Zone)), Column.Text("name", places.Select(p => p.r.Name)), .. Enumerable.Range(0, 3).Select(k => Column.Real($"rank{k + 1}", places.Select(p => p.Shares[k]), "share of policies")),
            Column.Real("rule_of_law", places.Select(p => p.r.RuleOfLaw)), Column.Real("homicide_rate", places.Select(p => p.r.HomicideRate), "per 100,000"),
        ], provenance: made, title: "How often a country is the first, second or third to receive what is pushed");
    }
}
