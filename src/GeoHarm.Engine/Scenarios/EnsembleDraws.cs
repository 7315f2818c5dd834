using GeoHarm.Engine.Routes;

namespace GeoHarm.Engine.Scenarios;

/// <summary>Every outcome of a scenario, draw by draw. One owner of the big arrays; members write to their own places.</summary>
public sealed class EnsembleDraws
{
    /// <summary>Burdens: cardinal, one criterion each, never summed.</summary>
    public static IReadOnlyList<(string Key, string Unit)> BurdenKeys { get; } =
    [
        ("weightedTonnes", "t x vulnerability weight"), ("deliveredTonnes", "t"), ("seizedTonnes", "t"),
        ("associatedForestHa", "ha"), ("carbonTonnes", "t CO2e"), ("seizedValue", "US$ million"),
    ];

    private readonly List<MeasureDraws> all = [];

    /// <summary>Room for the draws of a scenario.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="network">The network.</param>
    /// <param name="members">Number of members held.</param>
    /// <param name="first">First member held.</param>
    public EnsembleDraws(ScenarioInputs inputs, TransitNetwork network, int members, int first = 0)
    {
        Members = members;
        var (zones, units) = (inputs.Zones.Count, inputs.Units.Count);
        MeasureDraws Of(string key, string unit, int places)
        {
            all.Add(new MeasureDraws(key, unit, members, places, first));
            return all[^1];
        }
        (Cultivation, Forest) = (Of("cultivation_ha", "ha", zones), Of("forest_loss_ha", "ha", zones));
        (PeopleOut, PeopleIn) = (Of("people_out", "people", zones), Of("people_in", "people", zones));
        (Flow, Burden) = (Of("flow_t", "t", zones), Of("burden", "t x vulnerability weight", zones));
        Production = Of("production_t", "t", zones);
        Burdens = Of("burdens", "", BurdenKeys.Count);
        Balance = Of("balance", "ha", units * BalanceParts.Count);
        Reappeared = Of("reappeared", "ha", units * CultivationInputs.Kappas.Count);
        Interdicted = Of("interdicted_t", "t", zones);
        Corridors = new Corridors(network, inputs.Zones);
        CorridorFlow = Of("corridor_t", "t", Corridors.Count);
        RegionShare = Of("share", "share of all tonnes", Corridors.Regions.Count);
        Gaps = Of("gaps", "", 3);
        ModeFlow = Of("mode_t", "t", Corridors.Count * TransitNetwork.Modes.Count);
    }

    /// <summary>Number of members held.</summary>
    public int Members { get; }

    /// <summary>Every measure, always in the same order; a member's part of each is all that is known of the member.</summary>
    public IReadOnlyList<MeasureDraws> All => all;

    /// <summary>The same draws with room for more members.</summary>
    internal EnsembleDraws Grown(ScenarioInputs inputs, TransitNetwork network, int members)
    {
        var grown = new EnsembleDraws(inputs, network, members);
        for (var i = 0; i < all.Count; i++) grown.all[i].CopyFrom(all[i]);
        return grown;
    }

    /// <summary>Draws of every total and burden, before, after and change, by key.</summary>
    public IEnumerable<(string Key, string Unit, double[] Before, double[] After, double[] Change)> Outcomes(ScenarioInputs inputs)
    {
        var zones = Enumerable.Range(0, inputs.Zones.Count);
        foreach (var (key, measure, places) in new[] { ("cocaHa", Cultivation, inputs.Units), ("forestLossHa", Forest, zones), ("peopleDisplaced", PeopleOut, zones), ("cocaineTonnes", Production, zones) })
        {
            var (before, after, change) = measure.Sums(places);
            yield return (key, measure.Unit, before, after, change);
        }
        for (var b = 0; b < BurdenKeys.Count; b++)
        {
            var (before, after, change) = Burdens.Sums([b]);
            yield return (BurdenKeys[b].Key, BurdenKeys[b].Unit, before, after, change);
        }
    }

    /// <summary>Parts of the balance of cultivation, hectares per unit.</summary>
    public static IReadOnlyList<string> BalanceParts { get; } = ["start", "removed", "replanted", "reappeared", "growth", "after", "announced", "induced"];

    /// <summary>Hectares of coca per zone.</summary>
    public MeasureDraws Cultivation { get; }

    /// <summary>Hectares of forest felled for new coca per zone.</summary>
    public MeasureDraws Forest { get; }

    /// <summary>People leaving per zone.</summary>
    public MeasureDraws PeopleOut { get; }

    /// <summary>People arriving per zone.</summary>
    public MeasureDraws PeopleIn { get; }

    /// <summary>Tonnes through each zone.</summary>
    public MeasureDraws Flow { get; }

    /// <summary>Tonnes through each zone times its vulnerability weight.</summary>
    public MeasureDraws Burden { get; }

    /// <summary>Tonnes produced per zone.</summary>
    public MeasureDraws Production { get; }

    /// <summary>Named burdens in total.</summary>
    public MeasureDraws Burdens { get; }

    /// <summary>Balance of cultivation, units x parts.</summary>
    public MeasureDraws Balance { get; }

    /// <summary>Hectares reappearing per unit under each length scale, units x kappas; "after" holds it.</summary>
    public MeasureDraws Reappeared { get; }

    /// <summary>Tonnes of the baseline's flow that meet the interdiction, per zone; "after" holds it.</summary>
    public MeasureDraws Interdicted { get; }

    /// <summary>Zone pairs along which cargo moves.</summary>
    public Corridors Corridors { get; }

    /// <summary>Tonnes along each corridor.</summary>
    public MeasureDraws CorridorFlow { get; }

    /// <summary>Tonnes along each corridor by mode, corridors x modes.</summary>
    public MeasureDraws ModeFlow { get; }

    /// <summary>Of each member, in "after": residual of the flow equilibrium, the worse of baseline and scenario, as a share of all
    /// that is sent; what the loop from seizures back to planting would still change, as a share; rounds of that loop.</summary>
    public MeasureDraws Gaps { get; }

    /// <summary>Tonnes that enter each region or country from outside or start there, as a share of all.</summary>
    public MeasureDraws RegionShare { get; }
}

/// <summary>Directed pairs of zones that arcs join, over all modes; and the regions and countries that arcs enter.</summary>
public sealed class Corridors
{
    private readonly int[] corridorOfArc;
    private readonly List<(int From, int To, double Kilometres)> pairs = [];

    internal Corridors(TransitNetwork network, Zones zones)
    {
        corridorOfArc = new int[network.ArcCount];
        var known = new Dictionary<(int, int), int>();
        for (var arc = 0; arc < network.ArcCount; arc++)
        {
            corridorOfArc[arc] = -1;
            if (network.To[arc] >= network.ZoneCount) continue;
            var key = (network.From[arc], network.To[arc]);
            if (!known.TryGetValue(key, out var corridor))
            {
                known[key] = corridor = pairs.Count;
                pairs.Add((key.Item1, key.Item2, network.Kilometres[arc]));
            }
            corridorOfArc[arc] = corridor;
        }
        var names = zones.Regions.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(r => ("region", r))
            .Concat(zones.Countries.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(c => ("country", c))).ToList();
        Regions = names;
        var regionCount = names.Count(n => n.Item1 == "region");
        RegionOfZone = [.. zones.Regions.Select(r => names.IndexOf(("region", r)))];
        CountryOfZone = [.. zones.Countries.Select(c => names.IndexOf(("country", c), regionCount))];
    }

    /// <summary>Number of corridors.</summary>
    public int Count => pairs.Count;

    /// <summary>Tail zone, head zone and length of a corridor.</summary>
    public (int From, int To, double Kilometres) this[int corridor] => pairs[corridor];

    /// <summary>Corridor of an arc; -1 for arcs into a sink.</summary>
    public ReadOnlySpan<int> OfArc => corridorOfArc;

    /// <summary>Regions, then countries: kind and name.</summary>
    public IReadOnlyList<(string Kind, string Name)> Regions { get; }

    internal int[] RegionOfZone { get; }

    internal int[] CountryOfZone { get; }
}
