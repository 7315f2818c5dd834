using GeoHarm.Engine.Routes;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace GeoHarm.Engine.Tests.Routes;

/// <summary>
/// The rival: a random small network and the equations of docs/methods/routes.md written down plainly, with dense matrices, arc by arc and market by market.
/// Only the equilibrium of the first year (proved elsewhere) and the random numbers are shared with what it checks.
/// </summary>
internal sealed class PlainCatAndMouse
{
    private readonly record struct Cell(int Zone, int Mode, bool Entry);

    private readonly Random random;
    private readonly List<(int From, int To, int Mode, double Km, int Border)> arcs = [];
    private readonly int zones;
    private readonly HashSet<int> consumers;

    public PlainCatAndMouse(int seed)
    {
        random = new Random(seed);
        zones = random.Next(7, 12);
        string[] modes = ["land", "boat", "ship", "air"], markets = ["north_america", "europe", "rest"];
        string[] consumerOf = [.. Enumerable.Range(0, zones).Select(z => z >= zones - 3 ? markets[z - zones + 3] : "")];
        consumers = [.. Enumerable.Range(zones - 3, 3)];
        var links = new List<(int A, int B, int Mode, double Km, int Border)>();
        for (var z = 1; z < zones; z++) links.Add((random.Next(z), z, random.Next(4), random.Next(200, 3000), random.Next(2)));
        for (var i = 0; i < 2 * zones; i++)
        {
            var (a, b) = (random.Next(zones), random.Next(zones));
            if (a != b) links.Add((a, b, random.Next(4), random.Next(200, 3000), random.Next(2)));
        }
        foreach (var l in links) arcs.AddRange([(l.A, l.B, l.Mode, l.Km, l.Border), (l.B, l.A, l.Mode, l.Km, l.Border)]);
        for (var market = 0; market < 3; market++) arcs.Add((zones - 3 + market, zones + market, 4, 0, 0));
        var table = new Layer("links", [Column.Text("a", links.Select(l => "Z" + l.A)), Column.Text("b", links.Select(l => "Z" + l.B)), Column.Text("mode", links.Select(l => modes[l.Mode])),
            Column.Real("length_km", links.Select(l => l.Km)), Column.Integer("border", links.Select(l => (long?)l.Border))]);
        Network = TransitNetwork.Read(table, [.. Enumerable.Range(0, zones).Select(z => "Z" + z)], consumerOf);
        var costs = new TransitCosts([2, 0.9, 0.25, 0.3], [0.05, 0.45, 1.6, 0.8], [0.015, 0.045, 0.06, 0.05], 0.35, 8, 3.15) { Congestion = 0.1, RiskFeedback = 0.5, EntryHazard = 0.5 };
        double[] Tonnes() => [.. Enumerable.Range(0, zones).Select(z => z < 2 ? random.Next(50, 300) : 0.0)];
        var policy = new TransitPolicy(Network.ArcCount);
        policy.Add(Network, new Interdiction(new HashSet<int> { 2 }) { RiskFactor = 3, Control = 0.2 });
        policy.Add(Network, new Interdiction(new HashSet<int> { 3 }) { Control = 0.4, Announced = false });
        Case = new AdaptiveCase(costs, [0.5, 0.3, 0.2], [.. Enumerable.Range(0, zones).Select(_ => 0.1 + 0.9 * random.NextDouble())],
            [new AdaptiveYear(Tonnes(), new TransitPolicy(Network.ArcCount)), new AdaptiveYear(Tonnes(), policy)]);
        Options = new AdaptiveOptions { Expansion = 0.4, KnownShare = 0.5, LossTolerance = seed % 2 == 0 ? 0.05 : 0.45, Chance = seed % 3 != 0, Standing = 0.3 };
        Hardening = new Now(zones);
    }

    public TransitNetwork Network { get; }

    public AdaptiveCase Case { get; }

    public AdaptiveOptions Options { get; }

    public int Months => 20;

    public IHardening Hardening { get; }

    public List<double> Perceived { get; } = [];

    private sealed class Now(int zones) : IHardening
    {
        public void Fill(int member, int month, Span<double> hazardByZone) => hazardByZone[(member + month) % zones] = 0.3;
    }

    public (double[][] Inflow, double[][] Seized, int[] Known, List<double> Perceived) Run(ulong seed, int member)
    {
        var (c, o) = (Case.Costs, Options);
        double[] tonnes = [.. Case.Years[0].TonnesByZone];
        var f0 = tonnes.Sum() * c.ReferenceInflow;
        var model = new TransitModel(Network, TransitStructure.Reference, Network.TopologyOf(TransitStructure.Reference, c));
        model.Set(tonnes, [.. Case.MarketShares], c, [.. Case.RelativeValueByZone], tonnes.Sum());
        var start = model.Solve(new TransitPolicy(Network.ArcCount));

        bool Screens(int zone) => zone == zones - 3 || zone == zones - 2; // North America and Europe; the third market does not screen
        bool Entry(int a) => arcs[a].Mode is 2 or 3 && Screens(arcs[a].To) && !Screens(arcs[a].From);
        Cell? CellOf(int a) => arcs[a].Mode == 4 ? null : new Cell(arcs[a].To, arcs[a].Mode, Entry(a));
        var cells = Enumerable.Range(0, arcs.Count).Select(CellOf).Where(x => x is not null).Select(x => x!.Value).Distinct().ToList();
        List<int> ArcsOf(Cell cell) => [.. Enumerable.Range(0, arcs.Count).Where(a => CellOf(a) == cell)];
        var arcsOf = cells.ToDictionary(x => x, ArcsOf);
        var r0 = cells.ToDictionary(x => x, x => c.Hazard[x.Mode] + (x.Entry ? c.EntryHazard : 0));
        var h0 = cells.ToDictionary(x => x, x => r0[x] * (1 + c.RiskFeedback * start.ZoneInflow[x.Zone] / f0));
        var inflow = cells.ToDictionary(x => x, x => arcsOf[x].Sum(a => start.Flows.ArcFlow[a]) / 12);
        var n0 = cells.ToDictionary(x => x, x => inflow[x] / o.ShipmentTonnes);
        var seizures = cells.ToDictionary(x => x, x => h0[x] * inflow[x]);
        var moving = cells.Where(x => !x.Entry).ToList();
        var capacity = moving.Sum(x => h0[x] * n0[x]);
        var (losses, periods) = (cells.ToDictionary(x => x, _ => 0.0), cells.ToDictionary(x => x, _ => 0.0));
        var known = start.ZoneInflow.ToArray();
        var always = Enumerable.Range(0, zones).Where(z => tonnes[z] > 0 || consumers.Contains(z)).ToHashSet();
        var covered = 0.0;
        foreach (var z in Enumerable.Range(0, zones).OrderByDescending(z => start.ZoneInflow[z]))
        {
            if (covered >= o.KnownShare * start.ZoneInflow.ToArray().Sum()) break;
            always.Add(z);
            covered += start.ZoneInflow[z];
        }
        var active = always.ToHashSet();
        var room = 0.0;
        var (inflows, seized, counts) = (new double[Months][], new double[Months][], new int[Months]);
        for (var month = 0; month < Months; month++)
        {
            var year = Case.Years[Math.Min(1, month / 12)];
            double Crowd(int zone) => 1 + c.RiskFeedback * known[zone] / f0;
            var perceived = cells.ToDictionary(x => x, x =>
            {
                var p0 = 1 - Math.Exp(-h0[x]);
                var q = active.Contains(x.Zone) ? p0 : o.Alpha / (o.Alpha + o.Beta);
                var p = (losses[x] + (o.Alpha + o.Beta) * q) / (periods[x] + o.Alpha + o.Beta);
                Perceived.Add(p);
                var odds = p / (1 - p) * Math.Pow(o.Salience, -(p - p0) / (p + p0));
                return -Math.Log(1 - odds / (1 + odds));
            });
            var hardened = new double[zones];
            Hardening.Fill(member, month, hardened);
            var sum = moving.Sum(x => seizures[x]);
            var hazard = cells.ToDictionary(x => x, x => hardened[x.Zone] + (x.Entry ? h0[x]
                : o.Standing * h0[x] + (1 - o.Standing) * capacity * seizures[x] / sum / Math.Max(inflow[x] / o.ShipmentTonnes, Math.Min(1, n0[x]))));
            var draws = new CounterRandom(seed, (uint)member, CounterRandom.StreamOf("adaptive.seizures") + (uint)month);
            var (met, through) = (new Dictionary<Cell, double>(), new Dictionary<Cell, double>());
            foreach (var x in cells)
            {
                var n = Math.Max(1, inflow[x] / o.ShipmentTonnes);
                if (o.Chance)
                {
                    var count = Poisson(hazard[x] * n, draws.NextUniform());
                    (met[x], through[x]) = (count / n, Math.Pow(1 - 1 / n, count));
                }
                else (met[x], through[x]) = (hazard[x], Math.Exp(-hazard[x]));
            }
            var (cost, survival, unseen) = (new double[arcs.Count], new double[arcs.Count], new double[arcs.Count]);
            for (var a = 0; a < arcs.Count; a++)
            {
                survival[a] = 1;
                if (CellOf(a) is not { } x) continue;
                var (times, plus) = (year.Policy.Seen(a, 1) - year.Policy.Seen(a, 0), year.Policy.Seen(a, 0));
                unseen[a] = year.Policy.Unseen(a, r0[x]);
                cost[a] = c.Fixed[x.Mode] + c.PerThousandKilometres[x.Mode] * arcs[a].Km / 1000 + arcs[a].Border * c.Border
                    + c.RiskValue * Case.RelativeValueByZone[x.Zone] * (perceived[x] * times + plus * Crowd(x.Zone)) + c.Congestion * known[x.Zone] / f0;
                survival[a] = through[x] * Math.Exp(-(hazard[x] * (times - 1) + plus * Crowd(x.Zone) + unseen[a]));
            }
            var flow = Flow(cost, survival, [.. year.TonnesByZone.Select(t => t / 12)]);
            (inflows[month], seized[month]) = (new double[zones], new double[zones]);
            for (var a = 0; a < arcs.Count; a++)
            {
                if (CellOf(a) is not { } x) continue;
                inflows[month][x.Zone] += flow[a];
                seized[month][x.Zone] += flow[a] * (1 - survival[a]);
            }
            foreach (var x in cells)
            {
                inflow[x] = arcsOf[x].Sum(a => flow[a]);
                seizures[x] = (1 - o.EnforcementLearning) * seizures[x] + o.EnforcementLearning * met[x] * inflow[x];
                var weight = Math.Min(1, inflow[x] / o.ShipmentTonnes);
                var kept = through[x] * (inflow[x] > 0 ? arcsOf[x].Sum(a => flow[a] * Math.Exp(-unseen[a])) / inflow[x] : 1);
                losses[x] = (1 - o.RouteLearning) * losses[x] + weight * (1 - kept);
                periods[x] = (1 - o.RouteLearning) * periods[x] + weight;
            }
            for (var z = 0; z < zones; z++) known[z] = (1 - o.Crowding) * known[z] + o.Crowding * 12 * inflows[month][z];
            room += o.Expansion;
            if (room >= 1)
            {
                room -= 1;
                if (seized[month].Sum() > o.LossTolerance * year.TonnesByZone.Sum() / 12)
                {
                    var next = Enumerable.Range(0, zones).Where(z => !active.Contains(z)).OrderByDescending(z => inflows[month][z]).Take(1).ToList();
                    next.ForEach(z => active.Add(z));
                }
                else Enumerable.Range(0, zones).Where(z => active.Contains(z) && !always.Contains(z)).OrderBy(z => inflows[month][z]).Take(1).ToList().ForEach(z => active.Remove(z));
            }
            counts[month] = active.Count;
        }
        return (inflows, seized, counts, Perceived);
    }

    // Reference probabilities equal over modes, then arcs; W = Q exp(-theta c); z, P, y for each market.
    private double[] Flow(double[] cost, double[] survival, double[] tonnes)
    {
        var n = zones + 3;
        double Q(int a) => 1.0 / arcs.Where(b => b.From == arcs[a].From).Select(b => b.Mode).Distinct().Count() / arcs.Count(b => b.From == arcs[a].From && b.Mode == arcs[a].Mode);
        double[] w = [.. Enumerable.Range(0, arcs.Count).Select(a => Q(a) * Math.Exp(-Case.Costs.Theta * cost[a]))];
        var flow = new double[arcs.Count];
        for (var market = 0; market < 3; market++)
        {
            var walk = Matrix<double>.Build.DenseIdentity(n);
            for (var a = 0; a < arcs.Count; a++) walk[arcs[a].From, arcs[a].To] -= w[a];
            var z = walk.Solve(Vector<double>.Build.Dense(n, v => v == zones + market ? 1 : 0));
            var chain = Matrix<double>.Build.DenseIdentity(n);
            double P(int a) => arcs[a].To >= zones && arcs[a].To != zones + market ? 0 : w[a] * z[arcs[a].To] / z[arcs[a].From];
            for (var a = 0; a < arcs.Count; a++) chain[arcs[a].To, arcs[a].From] -= P(a) * survival[a];
            var y = chain.Solve(Vector<double>.Build.Dense(n, v => v < zones ? tonnes[v] * Case.MarketShares[market] : 0));
            for (var a = 0; a < arcs.Count; a++) flow[a] += y[arcs[a].From] * P(a);
        }
        return flow;
    }

    private static int Poisson(double mean, double u)
    {
        var (count, probability) = (0, Math.Exp(-mean));
        for (var sum = probability; sum <= u; sum += probability) probability *= mean / ++count;
        return count;
    }
}
