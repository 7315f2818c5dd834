using GeoHarm.Engine.Deforestation;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Quantities;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>One ensemble member: priors drawn, then cultivation, forest, people, supply and flows, baseline and scenario
/// with the same draws. A workspace of one thread, reused from member to member.</summary>
internal sealed class MemberRun
{
    private const double FlowTolerance = 1e-6; // of all that is sent: a fortieth of the least change of a region in the embedded scenarios

    private readonly ScenarioInputs inputs;
    private readonly RouteCase routes;
    private readonly EnsembleDraws draws;
    private readonly CultivationMember cultivation;
    private readonly TransitModel transit;
    private readonly SupplyLoop loop = new();
    private readonly double[] treatedAllYears, sprayed, tonnes, delivered;
    private readonly double[] people, arrivals;

    public MemberRun(RouteCase routes, EnsembleDraws draws)
    {
        (inputs, this.routes, this.draws) = (routes.Inputs, routes, draws);
        cultivation = new CultivationMember(inputs.Cultivation);
        transit = routes.Model(inputs.Scenario.Structure, FlowTolerance);
        var units = inputs.Units.Count;
        (treatedAllYears, sprayed, people, arrivals) = (new double[units], new double[units], new double[units], new double[units]);
        (tonnes, delivered) = (new double[inputs.Zones.Count], new double[inputs.Scenario.Policy.Count]);
    }

    /// <summary>Hectares treated per unit over all years and measures, in the member that ran last.</summary>
    public ReadOnlySpan<double> TreatedAllYears => treatedAllYears;

    /// <summary>Hectares sprayed per unit over all years, in the member that ran last.</summary>
    public ReadOnlySpan<double> Sprayed => sprayed;

    public void Run(int member)
    {
        Treat(member);
        Cultivation(member);
        People(member);
        var route = routes.Draw(member);
        Production(member, route.Yield);
        Flows(member, route);
        Forest(member);
        Burdens(member);
    }

    private double Draw(string key, int member) => inputs.Priors.Draw(key, inputs.Scenario.Seed, (uint)member);

    private void Cultivation(int member)
    {
        var start = inputs.Cultivation.Plan.Start;
        cultivation.Draw(member, delivered);
        var reappeared = draws.Reappeared.After(member);
        for (var k = 0; k < CultivationInputs.Kappas.Count; k++)
        {
            cultivation.Project(k);
            cultivation.Balance.Reappeared.CopyTo(reappeared[(k * start.Length)..]);
        }
        cultivation.Project(inputs.Cultivation.Headline);
        var (balance, growth) = (cultivation.Balance, cultivation.Growth);
        var before = draws.Cultivation.Before(member);
        var after = draws.Cultivation.After(member);
        inputs.OtherCoca.CopyTo(before);
        inputs.OtherCoca.CopyTo(after);
        var partsBefore = draws.Balance.Before(member);
        var partsAfter = draws.Balance.After(member);
        for (var u = 0; u < start.Length; u++)
        {
            var zone = inputs.Units[u];
            var stock = cultivation.Stock[u];
            before[zone] = start[u] * growth;
            after[zone] = stock * growth;
            ReadOnlySpan<double> parts = [start[u], balance.Removed[u], balance.Replanted[u], balance.Reappeared[u], stock * (growth - 1), after[zone], balance.Announced[u], 0];
            for (var p = 0; p < parts.Length; p++)
            {
                partsBefore[p * start.Length + u] = p switch { 0 => start[u], 4 => start[u] * (growth - 1), 5 => before[zone], _ => 0 };
                partsAfter[p * start.Length + u] = parts[p];
            }
        }
    }

    private void Forest(int member)
    {
        var share = Draw("forest_share", member);
        var partsBefore = draws.Balance.Before(member);
        var partsAfter = draws.Balance.After(member);
        var units = inputs.Units.Count;
        for (var u = 0; u < units; u++)
        {
            var zone = inputs.Units[u];
            // Growth, reappearance, planting on announcement and what prices induce are new fields; replanting in place is not.
            ForestFelled.Add([partsBefore[4 * units + u]], share, draws.Forest.Before(member).Slice(zone, 1));
            ForestFelled.Add([partsAfter[4 * units + u]], share, draws.Forest.After(member).Slice(zone, 1));
            ForestFelled.Add([partsAfter[3 * units + u] + partsAfter[6 * units + u] + partsAfter[7 * units + u]], share, draws.Forest.After(member).Slice(zone, 1));
        }
    }

    private void People(int member)
    {
        HumanDisplacement.Departures(sprayed, Draw("displaced_per_sprayed_ha", member), people);
        HumanDisplacement.Arrivals(people, inputs.PeopleReceived, inputs.UnitDistances, Draw("people.distance_power", member), arrivals);
        for (var u = 0; u < people.Length; u++)
        {
            draws.PeopleOut.After(member)[inputs.Units[u]] = people[u];
            draws.PeopleIn.After(member)[inputs.Units[u]] = arrivals[u];
        }
    }

    private void Production(int member, double yield)
    {
        Supply.Tonnes(draws.Cultivation.Before(member), yield, draws.Production.Before(member));
        Supply.Tonnes(draws.Cultivation.After(member), yield, draws.Production.After(member));
    }

    private void Flows(int member, RouteDraw route)
    {
        var production = draws.Production;
        var sent = ScenarioInputs.Sum(production.Before(member));
        transit.Set(production.Before(member), route.MarketShares, route.Costs, route.RelativeValueByZone, sent);
        var policy = routes.PolicyIn(member);
        var before = transit.Solve(routes.NoPolicy, routes.StartFor(sent, tonnes));
        var after = policy.IsEmpty && production.Before(member).SequenceEqual(production.After(member)) ? before : Loop(member, route, policy, before);
        Record(before.Flows, draws.Flow.Before(member), draws.CorridorFlow.Before(member), draws.ModeFlow.Before(member), draws.RegionShare.Before(member), production.Before(member));
        Record(after.Flows, draws.Flow.After(member), draws.CorridorFlow.After(member), draws.ModeFlow.After(member), draws.RegionShare.After(member), production.After(member));
        Losses(before.Flows, route, draws.Burdens.Before(member));
        Losses(after.Flows, route, draws.Burdens.After(member));
        draws.Gaps.After(member)[0] = Math.Max(before.Residual, after.Residual);
        var met = draws.Interdicted.After(member);
        for (var arc = 0; arc < routes.Network.ArcCount; arc++)
        {
            var hazard = routes.Network.HazardOf(arc, route.Costs);
            var more = policy.IsClosed(arc) ? double.PositiveInfinity : policy.Seen(arc, hazard) - hazard + policy.Unseen(arc, hazard);
            if (more > 0) met[routes.Network.From[arc]] += before.Flows.ArcFlow[arc] * (1 - PortableMath.Exp(-more));
        }
    }

    // Seizures raise prices, prices raise planting, planting changes flows: until nothing moves, or the rounds are used up.
    private MarkovianEquilibriumResult Loop(int member, RouteDraw route, TransitPolicy policy, MarkovianEquilibriumResult before)
    {
        var production = draws.Production.After(member);
        var deliveredBefore = before.Flows.TotalDelivered / before.Flows.TotalSource;
        var (factor, result) = (1.0, before);
        for (var round = 1; round <= loop.Rounds; round++)
        {
            for (var zone = 0; zone < tonnes.Length; zone++) tonnes[zone] = production[zone] * factor;
            transit.SetTonnes(tonnes);
            result = transit.Solve(policy, result.ZoneInflow);
            var next = loop.Factor(deliveredBefore, result.Flows.TotalDelivered / (result.Flows.TotalSource + transit.Stranded), route.SupplyElasticity, route.DemandElasticity);
            var gap = Math.Abs(next - factor);
            (draws.Gaps.After(member)[1], draws.Gaps.After(member)[2]) = (gap, round);
            if (gap <= loop.Tolerance || round == loop.Rounds) break;
            factor = next;
        }
        if (factor != 1) Induce(member, factor);
        return result;
    }

    private void Induce(int member, double factor)
    {
        var after = draws.Cultivation.After(member);
        var production = draws.Production.After(member);
        var parts = draws.Balance.After(member);
        for (var zone = 0; zone < after.Length; zone++)
        {
            after[zone] *= factor;
            production[zone] *= factor;
        }
        var units = inputs.Units.Count;
        for (var u = 0; u < units; u++)
        {
            parts[7 * units + u] = after[inputs.Units[u]] - parts[5 * units + u];
            parts[5 * units + u] = after[inputs.Units[u]];
        }
    }

    private void Losses(MarkovianFlows flows, RouteDraw route, Span<double> burdens)
    {
        (burdens[1], burdens[2]) = (flows.TotalDelivered, flows.TotalSeized);
        var dollars = 0.0; // tonnes x US$ per kg: thousands
        for (var arc = 0; arc < routes.Network.ArcCount; arc++)
        {
            if (routes.Network.To[arc] < routes.Network.ZoneCount) dollars += flows.ArcSeized[arc] * route.PriceByZone[routes.Network.To[arc]];
        }
        burdens[5] = dollars / 1000;
    }

    private void Record(MarkovianFlows flows, Span<double> through, Span<double> corridors, Span<double> modes, Span<double> shares, ReadOnlySpan<double> produced)
    {
        var (zones, corridor, network) = (inputs.Zones.Count, draws.Corridors, routes.Network);
        flows.NodeThroughput[..zones].CopyTo(through);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var pair = corridor.OfArc[arc];
            if (pair < 0) continue;
            var tonnes = flows.ArcFlow[arc];
            corridors[pair] += tonnes;
            modes[network.Mode[arc] * corridor.Count + pair] += tonnes;
            var (from, to) = (network.From[arc], network.To[arc]);
            if (corridor.RegionOfZone[from] != corridor.RegionOfZone[to]) shares[corridor.RegionOfZone[to]] += tonnes;
            if (corridor.CountryOfZone[from] != corridor.CountryOfZone[to]) shares[corridor.CountryOfZone[to]] += tonnes;
        }
        for (var zone = 0; zone < zones; zone++)
        {
            shares[corridor.RegionOfZone[zone]] += produced[zone];
            shares[corridor.CountryOfZone[zone]] += produced[zone];
        }
        foreach (ref var share in shares) share = flows.TotalSource > 0 ? share / flows.TotalSource : 0;
    }

    private void Burdens(int member)
    {
        var (carbon, associated) = (Draw("carbon_amazon", member), Draw("associated_clearing", member));
        Side(draws.Flow.Before(member), draws.Burden.Before(member), draws.Forest.Before(member), draws.Burdens.Before(member));
        Side(draws.Flow.After(member), draws.Burden.After(member), draws.Forest.After(member), draws.Burdens.After(member));

        void Side(ReadOnlySpan<double> flow, Span<double> burden, ReadOnlySpan<double> forest, Span<double> burdens)
        {
            for (var zone = 0; zone < flow.Length; zone++)
            {
                burden[zone] = flow[zone] * routes.Weights[zone];
                burdens[0] += burden[zone];
            }
            var felled = ScenarioInputs.Sum(forest);
            burdens[3] = felled * associated;
            burdens[4] = felled * carbon;
        }
    }

    /// <summary>Hectares treated and sprayed per unit over all years, mean over members 0 to members - 1.</summary>
    public (double[] Treated, double[] Sprayed) TreatedOnAverage(int members)
    {
        var (treated, spray) = (new double[treatedAllYears.Length], new double[treatedAllYears.Length]);
        var counted = inputs.Scenario.IsDelivered ? members : 1; // as designed, every member treats the same
        for (var member = 0; member < counted; member++)
        {
            Treat(member);
            for (var u = 0; u < treated.Length; u++)
            {
                treated[u] += treatedAllYears[u] / counted;
                spray[u] += sprayed[u] / counted;
            }
        }
        return (treated, spray);
    }

    /// <summary>What of each measure is carried out in a member, and the hectares that this treats.</summary>
    private void Treat(int member)
    {
        Array.Clear(treatedAllYears);
        Array.Clear(sprayed);
        for (var k = 0; k < delivered.Length; k++) delivered[k] = Delivery.Share(inputs, k, member);
        for (var k = 0; k < inputs.Treated.Count; k++)
        {
            foreach (var hectares in inputs.Treated[k].Values)
            {
                for (var u = 0; u < treatedAllYears.Length; u++)
                {
                    treatedAllYears[u] += hectares[u] * delivered[k];
                    if (inputs.Scenario.Policy[k].Instrument == Instrument.AerialSpraying) sprayed[u] += hectares[u] * delivered[k];
                }
            }
        }
    }
}
