using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Routes;

/// <summary>
/// Cat and mouse in monthly steps (after NarcoLogic, Magliocca et al. 2019, doi 10.1073/pnas.1812459116): traffickers learn perceived risk
/// from what they lose, enforcement moves to where it seized. Both start from the Markovian equilibrium of the first year. Month by month:
/// <para>1. Choices: cost c = transport + value r + kappa F / F0, r = -ln(1 - p) of the perceived loss p of a cell (zone and mode), made
/// salient: odds(p) x delta^-(p - p0) / (p + p0) (Bordalo, Gennaioli and Shleifer 2012, doi 10.1093/qje/qjs018; p0 the loss of the first
/// year), F the inflow they know of; one loading, no equilibrium within the month.
/// 2. Seizures: with n the shipments of last month (at least 1), S is Poisson of mean h n, and a share (1 - 1/n)^S comes through: exp(-h) in the mean.
/// 3. Perceived loss p = (L + (alpha + beta) q) / (T + alpha + beta), L losses and T months with cargo, both discounted by 1 - lambda; q is p0 in
/// zones they know and alpha / (alpha + beta) elsewhere. Where more than the tolerance was lost they take up the next zones by inflow, else they give some up.
/// 4. Enforcement: hazard h = standing share x h0 + the rest x capacity x (share of seizures made here) / shipments, seizures discounted by 1 - mu.</para>
/// Where h0 is the equilibrium's hazard, all zones are known and chance is off, the equilibrium is a fixed point of 1 to 4.
/// Shapes by zone, arc or cell; tonnes and months. Cost: about two sparse factorisations a month. One per thread; fails as
/// <see cref="TerminalLoading"/>. Same bits for the same (seed, member) on any machine and thread.
/// </summary>
public sealed class AdaptiveSimulation
{
    private const int MonthsOfYear = 12;

    /// <summary>Residual of the equilibria as a share of all that is sent: far below what chance adds.</summary>
    private const double StartTolerance = 1e-9;

    private readonly TransitNetwork network;
    private readonly TransitStructure structure;
    private readonly MarkovianTopology topology;
    private readonly TransitCells cells;
    private readonly TransitModel model;
    private AdaptiveCase? started; // the case whose equilibria are known
    private MarkovianEquilibriumResult start = null!;
    private MarkovianEquilibriumResult?[] ofYear = []; // without learning
    private readonly TerminalLoading? loading; // null: the layered structure, loaded market by market
    private readonly double[] cost, baseCost, value, factor, extra, unseen, survival, flow; // by arc
    private readonly bool[] closed, reaches;
    private readonly double[] first, standing, perceived, hazard, passed; // by cell: r0, h0, perceived hazard, hazard in force, share through
    private readonly double[] losses, periods, seizures, inflow, firstShipments, lost, events;
    private readonly double[] known, source, hardened, firstInflow; // by zone or node
    private readonly bool[] active, always;
    private AdaptiveOptions options = new();
    private TransitCosts costs = null!;
    private MarkovianLoading? byMarket; // of the year
    private double[] shares = [];
    private double reference, room; // F0; zones that may still be taken up

    /// <summary>A simulation for one thread.</summary>
    /// <param name="network">The network.</param>
    /// <param name="structure">Structure.</param>
    /// <param name="topology">From <see cref="TransitNetwork.TopologyOf"/>.</param>
    public AdaptiveSimulation(TransitNetwork network, TransitStructure structure, MarkovianTopology topology)
    {
        (this.network, this.structure, this.topology) = (network, structure, topology);
        cells = new TransitCells(network);
        model = new TransitModel(network, structure, topology, StartTolerance);
        if (structure != TransitStructure.Layered) loading = new TerminalLoading(topology, [.. Enumerable.Range(network.ZoneCount, TransitNetwork.Markets.Count)], network.Reference);
        double[] Arcs() => new double[network.ArcCount];
        double[] Cells() => new double[cells.Count];
        double[] Nodes() => new double[network.NodeCount];
        (cost, baseCost, value, factor, extra, unseen, survival, flow) = (Arcs(), Arcs(), Arcs(), Arcs(), Arcs(), Arcs(), Arcs(), Arcs());
        (first, standing, perceived, hazard, passed) = (Cells(), Cells(), Cells(), Cells(), Cells());
        (losses, periods, seizures, inflow, firstShipments, lost, events) = (Cells(), Cells(), Cells(), Cells(), Cells(), Cells(), Cells());
        (known, source, hardened, firstInflow) = (Nodes(), Nodes(), Nodes(), Nodes());
        (closed, reaches) = (new bool[network.ArcCount], new bool[network.NodeCount]);
        (active, always) = (new bool[network.ZoneCount], new bool[network.ZoneCount]);
    }

    /// <summary>Runs one replicate.</summary>
    /// <param name="what">Costs, tonnes and policies.</param>
    /// <param name="options">How both sides learn.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="member">Replicate: draws depend on (seed, member, month) only.</param>
    /// <param name="months">Months, 1 or above; years after the last one of the case repeat it.</param>
    /// <param name="groupOfZone">Group (country) of each zone, 0 to groups - 1.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="hardening">Enforcement on top; null for none.</param>
    public AdaptiveRun Run(AdaptiveCase what, AdaptiveOptions options, ulong seed, int member, int months, ReadOnlySpan<int> groupOfZone, int groups, IHardening? hardening = null)
    {
        var run = new AdaptiveRun(months, network.ZoneCount, groups);
        (this.options, costs, shares, room) = (options, what.Costs, [.. what.MarketShares], 0);
        Start(what, run);
        var (sent, stranded) = (0.0, 0.0);
        for (var month = 0; month < months; month++)
        {
            if (month % MonthsOfYear == 0) (sent, stranded) = Year(what, Math.Min(month / MonthsOfYear, what.Years.Count - 1), run);
            (run.sentTonnes[month], run.strandedTonnes[month]) = (sent, stranded);
            if (options.TraffickersLearn || month % MonthsOfYear == 0) FindChoices();
            FindHazards(run.Capacity, hardening, member, month);
            Seize(new CounterRandom(seed, (uint)member, CounterRandom.StreamOf("adaptive.seizures") + (uint)month));
            Load(run, month);
            Record(run, month, groupOfZone);
            Learn(run, month);
        }
        return run;
    }

    // Both sides at the equilibrium of the first year.
    private void Start(AdaptiveCase what, AdaptiveRun run)
    {
        double[] tonnes = [.. what.Years[0].TonnesByZone];
        var all = 0.0;
        foreach (var t in tonnes) all += t;
        if (!ReferenceEquals(started, what))
        {
            model.Set(tonnes, shares, costs, [.. what.RelativeValueByZone], all);
            start = model.Solve(new TransitPolicy(network.ArcCount));
            (started, ofYear) = (what, new MarkovianEquilibriumResult?[what.Years.Count]);
        }
        loading?.Reset();
        run.Converged = start.Converged;
        Array.Clear(inflow);
        for (var arc = 0; arc < cells.OfArc.Length; arc++)
        {
            var cell = cells.OfArc[arc];
            if (cell < 0) continue;
            first[cell] = network.HazardOf(arc, costs);
            standing[cell] = start.ArcHazard[arc];
            baseCost[arc] = network.CostWithoutRisk(arc, costs);
            value[arc] = costs.RiskValue * what.RelativeValueByZone[network.To[arc]];
            inflow[cell] += start.Flows.ArcFlow[arc] / MonthsOfYear;
        }
        Array.Clear(losses);
        Array.Clear(periods);
        reference = Math.Max(all, 1e-9) * costs.ReferenceInflow;
        run.Capacity = 0;
        for (var cell = 0; cell < cells.Count; cell++)
        {
            firstShipments[cell] = inflow[cell] / options.ShipmentTonnes;
            seizures[cell] = standing[cell] * inflow[cell];
            if (!cells.IsEntry[cell]) run.Capacity += standing[cell] * firstShipments[cell];
        }
        start.ZoneInflow.CopyTo(known);
        start.ZoneInflow.CopyTo(firstInflow);
        Know(tonnes);
        Perceive();
    }

    // Producers and consumers are known, and the zones with most inflow that together take the known share.
    private void Know(double[] tonnes)
    {
        Array.Fill(active, !options.TraffickersLearn);
        Array.Clear(always);
        var all = 0.0;
        for (var zone = 0; zone < active.Length; zone++) all += firstInflow[zone];
        for (var arc = 0; arc < cells.OfArc.Length; arc++)
        {
            if (cells.OfArc[arc] < 0) always[network.From[arc]] = true;
        }
        var covered = 0.0;
        foreach (var zone in Enumerable.Range(0, active.Length).OrderByDescending(z => firstInflow[z]).ThenBy(z => z))
        {
            always[zone] |= tonnes[zone] > 0 || covered < options.KnownShare * all;
            covered += firstInflow[zone];
            active[zone] |= always[zone];
        }
    }

    // Sources, policy and who can reach the markets. Returns what is sent in a month, and what has no way.
    private (double Sent, double Stranded) Year(AdaptiveCase what, int index, AdaptiveRun run)
    {
        var year = what.Years[index];
        if (!options.TraffickersLearn)
        {
            if (ofYear[index] is not { } equilibrium)
            {
                model.SetTonnes([.. year.TonnesByZone]);
                ofYear[index] = equilibrium = model.Solve(year.Policy, known.AsSpan(0, network.ZoneCount));
            }
            run.Converged &= equilibrium.Converged;
            equilibrium.ZoneInflow.CopyTo(known);
        }
        for (var arc = 0; arc < factor.Length; arc++)
        {
            extra[arc] = year.Policy.Seen(arc, 0);
            factor[arc] = year.Policy.Seen(arc, 1) - extra[arc];
            closed[arc] = year.Policy.IsClosed(arc);
            unseen[arc] = closed[arc] || cells.OfArc[arc] < 0 ? 0 : year.Policy.Unseen(arc, first[cells.OfArc[arc]]);
        }
        network.Reach(year.Policy, shares, reaches);
        Array.Clear(source);
        var (sent, left) = (0.0, 0.0);
        for (var zone = 0; zone < year.TonnesByZone.Count; zone++)
        {
            var tonnes = year.TonnesByZone[zone] / MonthsOfYear;
            if (reaches[zone]) source[zone] = tonnes;
            else left += tonnes;
            sent += source[zone];
        }
        if (loading is null)
        {
            var markets = new (int, double)[shares.Length];
            for (var market = 0; market < shares.Length; market++) markets[market] = (network.ZoneCount + market, shares[market]);
            byMarket = new MarkovianLoading(topology, MarkovianDemand.Split(source, markets), [], new MarkovianOptions { Theta = Theta });
        }
        return (sent, left);
    }

    // Perceived cost of every arc, and the choices they lead to.
    private void FindChoices()
    {
        for (var arc = 0; arc < cost.Length; arc++)
        {
            var cell = cells.OfArc[arc];
            if (cell < 0) continue;
            if (closed[arc])
            {
                cost[arc] = double.PositiveInfinity;
                continue;
            }
            var crowd = Crowd(cells.Zone[cell]);
            var reckoned = options.TraffickersLearn ? perceived[cell] : first[cell] * crowd;
            cost[arc] = baseCost[arc] + value[arc] * (reckoned * factor[arc] + extra[arc] * crowd) + costs.Congestion * known[cells.Zone[cell]] / reference;
        }
        loading?.Choose(Theta, cost);
    }

    private double Theta => structure == TransitStructure.Wardrop ? costs.WardropTheta : costs.Theta;

    // How far the inflow that is known of raises the hazard.
    private double Crowd(int zone) => 1 + costs.RiskFeedback * known[zone] / reference;

    // Hazard in force in every cell, before policy.
    private void FindHazards(double capacity, IHardening? hardening, int member, int month)
    {
        Array.Clear(hardened);
        hardening?.Fill(member, month, hardened.AsSpan(0, network.ZoneCount));
        var all = 0.0;
        for (var cell = 0; cell < cells.Count; cell++) all += cells.IsEntry[cell] ? 0 : seizures[cell];
        for (var cell = 0; cell < cells.Count; cell++)
        {
            var zone = cells.Zone[cell];
            var shipments = Math.Max(inflow[cell] / options.ShipmentTonnes, Math.Min(1, firstShipments[cell]));
            if (!options.EnforcementMoves) hazard[cell] = first[cell] * Crowd(zone);
            else if (cells.IsEntry[cell] || all == 0 || shipments == 0) hazard[cell] = standing[cell];
            else hazard[cell] = options.Standing * standing[cell] + (1 - options.Standing) * capacity * (seizures[cell] / all) / shipments;
            hazard[cell] += hardened[zone];
        }
    }

    // Shipments met in every cell and the share that comes through.
    private void Seize(CounterRandom random)
    {
        for (var cell = 0; cell < cells.Count; cell++)
        {
            if (!options.Chance)
            {
                (events[cell], passed[cell]) = (hazard[cell], PortableMath.Exp(-hazard[cell]));
                continue;
            }
            var shipments = Math.Max(1, inflow[cell] / options.ShipmentTonnes);
            var met = Poisson(hazard[cell] * shipments, random.NextUniform());
            events[cell] = met / shipments; // as a hazard: the seizures a cell makes are this times its inflow
            passed[cell] = PortableMath.Pow(1 - 1 / shipments, met);
        }
    }

    /// <summary>Quantile u of the Poisson distribution, by adding up its probabilities; above a mean of 500, that of the normal with the same mean and variance.</summary>
    internal static double Poisson(double mean, double u)
    {
        const double Largest = 500; // exp(-500) is still far from underflow
        if (mean > Largest) return Math.Max(0, Math.Round(mean + Math.Sqrt(mean) * NormalDistribution.Quantile(Math.Clamp(u, 1e-15, 1 - 1e-15))));
        var probability = PortableMath.Exp(-mean);
        var (sum, count) = (probability, 0);
        while (u >= sum && count < 10 * Largest)
        {
            probability *= mean / ++count;
            if (probability < 1e-300 && count > mean) break;
            sum += probability;
        }
        return count;
    }

    private void Load(AdaptiveRun run, int month)
    {
        for (var arc = 0; arc < survival.Length; arc++)
        {
            var cell = cells.OfArc[arc];
            var more = cell < 0 || closed[arc] ? 0 : hazard[cell] * (factor[arc] - 1) + (extra[arc] == 0 ? 0 : extra[arc] * Crowd(cells.Zone[cell])) + unseen[arc];
            survival[arc] = cell < 0 ? 1 : more == 0 ? passed[cell] : passed[cell] * PortableMath.Exp(-more);
        }
        if (loading is null)
        {
            LoadByMarket(run, month);
            return;
        }
        loading.Load(source, shares, survival, flow);
        run.imbalance[month] = loading.BalanceError;
        for (var market = 0; market < shares.Length; market++) run.deliveredTonnes[month] += loading.DeliveredTo(market);
    }

    private void LoadByMarket(AdaptiveRun run, int month)
    {
        const double Unpassable = 700; // exp(-700) is the least that a double holds with all its digits
        double[] hazards = [.. survival.Select(s => s > 0 ? -PortableMath.Log(s) : Unpassable)];
        var flows = byMarket!.Load(cost, hazards);
        flows.ArcFlow.CopyTo(flow);
        (run.imbalance[month], run.deliveredTonnes[month]) = (flows.BalanceError, flows.TotalDelivered);
    }

    private void Record(AdaptiveRun run, int month, ReadOnlySpan<int> groupOfZone)
    {
        var (zones, groups) = (month * run.ZoneCount, month * run.GroupCount);
        Array.Clear(inflow);
        Array.Clear(lost);
        for (var arc = 0; arc < flow.Length; arc++)
        {
            var cell = cells.OfArc[arc];
            if (cell < 0) continue;
            var (from, to) = (network.From[arc], network.To[arc]);
            var taken = flow[arc] * (1 - survival[arc]);
            run.inZone[zones + to] += flow[arc];
            run.takenZone[zones + to] += taken;
            run.seizedTonnes[month] += taken;
            inflow[cell] += flow[arc];
            lost[cell] += unseen[arc] == 0 ? 0 : flow[arc] * (1 - PortableMath.Exp(-unseen[arc]));
            var group = groupOfZone[to];
            run.takenGroup[groups + group] += taken;
            if (groupOfZone[from] != group) run.inGroup[groups + group] += flow[arc];
        }
    }

    private void Learn(AdaptiveRun run, int month)
    {
        var zones = run.ZoneInflow(month);
        for (var zone = 0; options.TraffickersLearn && zone < zones.Length; zone++) known[zone] += options.Crowding * (MonthsOfYear * zones[zone] - known[zone]);
        for (var cell = 0; cell < cells.Count; cell++)
        {
            seizures[cell] += options.EnforcementLearning * (events[cell] * inflow[cell] - seizures[cell]);
            var loss = 1 - passed[cell] * (inflow[cell] > 0 ? 1 - lost[cell] / inflow[cell] : 1);
            var weight = Math.Min(1, inflow[cell] / options.ShipmentTonnes); // months with cargo: a place with a tenth of a shipment has a tenth of one
            losses[cell] = (1 - options.RouteLearning) * losses[cell] + weight * loss;
            periods[cell] = (1 - options.RouteLearning) * periods[cell] + weight;
        }
        if (options.TraffickersLearn) Expand(run, month);
        Perceive();
        run.knownZones[month] = active.Count(a => a);
    }

    // Above the tolerance the next zones by inflow are taken up, below it those with least are given up.
    private void Expand(AdaptiveRun run, int month)
    {
        room += options.Expansion;
        var number = (int)room;
        room -= number;
        if (number == 0 || !(run.sentTonnes[month] > 0)) return;
        var offset = month * run.ZoneCount;
        var grows = run.seizedTonnes[month] > options.LossTolerance * run.sentTonnes[month];
        var zones = Enumerable.Range(0, active.Length).Where(z => grows ? !active[z] && run.inZone[offset + z] > 0 : active[z] && !always[z]);
        zones = grows ? zones.OrderByDescending(z => run.inZone[offset + z]).ThenBy(z => z) : zones.OrderBy(z => run.inZone[offset + z]).ThenBy(z => z);
        foreach (var zone in zones.Take(number).ToArray()) active[zone] = grows;
    }

    // Hazard that traffickers reckon with in every cell.
    private void Perceive()
    {
        var prior = options.Alpha + options.Beta;
        for (var cell = 0; cell < cells.Count; cell++)
        {
            var usual = 1 - PortableMath.Exp(-standing[cell]);
            var believed = active[cells.Zone[cell]] ? usual : options.Alpha / prior;
            perceived[cell] = Salient((losses[cell] + prior * believed) / (periods[cell] + prior), usual, options.Salience, standing[cell]);
        }
    }

    // Hazard of the salient loss; the usual one where nothing stands out.
    private static double Salient(double loss, double usual, double delta, double standing)
    {
        if (loss == usual) return standing;
        var contrast = (loss - usual) / (loss + usual);
        var odds = loss / (1 - loss) * PortableMath.Exp(-contrast * PortableMath.Log(delta));
        return PortableMath.Log(1 + odds); // -ln(1 - p), p = odds / (1 + odds)
    }
}
