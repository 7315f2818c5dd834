using GeoHarm.Engine.Deforestation;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Routes;
using GeoHarm.Routing.Equilibrium;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Scenarios;

/// <summary>One ensemble member: priors drawn, then cultivation, forest, people, supply and flows, baseline and scenario
/// with the same draws. A workspace of one thread, reused from member to member.</summary>
internal sealed class MemberRun
{
    private readonly ScenarioInputs inputs;
    private readonly TransitNetwork network;
    private readonly TransitPolicy policy, noPolicy;
    private readonly EnsembleDraws draws;
    private readonly double[] weights;
    private readonly CultivationMember cultivation;
    private readonly TransitFlow transit;
    private readonly double[] treatedAllYears, sprayed, marketShares;
    private readonly double[] people, arrivals;

    public MemberRun(ScenarioInputs inputs, TransitNetwork network, TransitPolicy policy, double[] vulnerabilityWeights, EnsembleDraws draws)
    {
        (this.inputs, this.network, this.policy, weights, this.draws) = (inputs, network, policy, vulnerabilityWeights, draws);
        noPolicy = new TransitPolicy(network.ArcCount);
        cultivation = new CultivationMember(inputs.Cultivation);
        transit = new TransitFlow(network);
        var units = inputs.Units.Count;
        (treatedAllYears, sprayed, people, arrivals) = (new double[units], new double[units], new double[units], new double[units]);
        marketShares = new double[TransitNetwork.Markets.Count];
        SumTreatment();
    }

    /// <summary>Hectares treated per unit over all years and measures.</summary>
    public ReadOnlySpan<double> TreatedAllYears => treatedAllYears;

    /// <summary>Hectares sprayed per unit over all years.</summary>
    public ReadOnlySpan<double> Sprayed => sprayed;

    public void Run(int member)
    {
        Cultivation(member);
        Forest(member);
        People(member);
        Production(member);
        Flows(member);
        Burdens(member);
    }

    private double Draw(string key, int member) => inputs.Priors.Draw(key, inputs.Scenario.Seed, (uint)member);

    private void Cultivation(int member)
    {
        var start = inputs.Cultivation.Plan.Start;
        cultivation.Draw(member);
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
            ReadOnlySpan<double> parts = [start[u], balance.Removed[u], balance.Replanted[u], balance.Reappeared[u], stock * (growth - 1), after[zone], balance.Announced[u]];
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
            // Growth, reappearance and planting on announcement are new fields; replanting in place is not.
            ForestFelled.Add([partsBefore[4 * units + u]], share, draws.Forest.Before(member).Slice(zone, 1));
            ForestFelled.Add([partsAfter[4 * units + u]], share, draws.Forest.After(member).Slice(zone, 1));
            ForestFelled.Add([partsAfter[3 * units + u] + partsAfter[6 * units + u]], share, draws.Forest.After(member).Slice(zone, 1));
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

    private void Production(int member)
    {
        var yield = Draw("yield_kg_per_ha", member);
        Supply.Tonnes(draws.Cultivation.Before(member), yield, draws.Production.Before(member));
        Supply.Tonnes(draws.Cultivation.After(member), yield, draws.Production.After(member));
    }

    private void Flows(int member)
    {
        for (var m = 0; m < marketShares.Length; m++) marketShares[m] = Draw("demand." + TransitNetwork.Markets[m], member);
        double[] PerMode(string stem) => [.. TransitNetwork.Modes.Select(mode => Draw($"route.{stem}.{mode}", member))];
        var costs = new TransitCosts(PerMode("cost"), PerMode("fixed"), PerMode("hazard"), Draw("route.border", member), Draw("route.risk_value", member), Draw("route.theta", member));
        var production = draws.Production;
        var unchanged = policy.IsEmpty && production.Before(member).SequenceEqual(production.After(member));
        var before = transit.Load(production.Before(member), marketShares, costs, noPolicy);
        var after = unchanged ? before : transit.Load(production.After(member), marketShares, costs, policy);
        Record(before, draws.Flow.Before(member), draws.CorridorFlow.Before(member), draws.ModeFlow.Before(member), draws.RegionShare.Before(member), production.Before(member));
        Record(after, draws.Flow.After(member), draws.CorridorFlow.After(member), draws.ModeFlow.After(member), draws.RegionShare.After(member), production.After(member));
        (draws.Burdens.Before(member)[1], draws.Burdens.After(member)[1]) = (before.TotalDelivered, after.TotalDelivered);
        (draws.Burdens.Before(member)[2], draws.Burdens.After(member)[2]) = (before.TotalSeized, after.TotalSeized);
        var met = draws.Interdicted.After(member);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            if (policy.ExtraHazard[arc] <= 0) continue;
            var stopped = before.ArcFlow[arc] * (1 - GeoHarm.Spatial.Quantities.PortableMath.Exp(-policy.ExtraHazard[arc]));
            met[network.From[arc]] += stopped;
        }
    }

    private void Record(MarkovianFlows flows, Span<double> through, Span<double> corridors, Span<double> modes, Span<double> shares, ReadOnlySpan<double> produced)
    {
        var (zones, routes) = (inputs.Zones.Count, draws.Corridors);
        flows.NodeThroughput[..zones].CopyTo(through);
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            var corridor = routes.OfArc[arc];
            if (corridor < 0) continue;
            var tonnes = flows.ArcFlow[arc];
            corridors[corridor] += tonnes;
            modes[network.Mode[arc] * routes.Count + corridor] += tonnes;
            var (from, to) = (network.From[arc], network.To[arc]);
            if (routes.RegionOfZone[from] != routes.RegionOfZone[to]) shares[routes.RegionOfZone[to]] += tonnes;
            if (routes.CountryOfZone[from] != routes.CountryOfZone[to]) shares[routes.CountryOfZone[to]] += tonnes;
        }
        for (var zone = 0; zone < zones; zone++)
        {
            shares[routes.RegionOfZone[zone]] += produced[zone];
            shares[routes.CountryOfZone[zone]] += produced[zone];
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
                burden[zone] = flow[zone] * weights[zone];
                burdens[0] += burden[zone];
            }
            var felled = ScenarioInputs.Sum(forest);
            burdens[3] = felled * associated;
            burdens[4] = felled * carbon;
        }
    }

    private void SumTreatment()
    {
        for (var k = 0; k < inputs.Treated.Count; k++)
        {
            foreach (var hectares in inputs.Treated[k].Values)
            {
                for (var u = 0; u < treatedAllYears.Length; u++)
                {
                    treatedAllYears[u] += hectares[u];
                    if (inputs.Scenario.Policy[k].Instrument == Instrument.AerialSpraying) sprayed[u] += hectares[u];
                }
            }
        }
    }
}
