using GeoHarm.Maps.Pictures;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Maps.Reports;

/// <summary>
/// The published layers of one scenario's result, as pictures and reports read them. All numbers come in threes: name,
/// name_low, name_high. NaN means: not modelled there, or suppressed.
/// </summary>
public sealed record ResultLayers
{
    /// <summary>Measures of the overlay, in the order of the chain.</summary>
    public static IReadOnlyList<string> Measures { get; } = ["cultivation_ha", "forest_loss_ha", "people_out", "people_in", "flow_t", "burden"];

    /// <summary>One row per zone and year, EPSG:4326: zone, name, country, country_name, region, level, year, and for
    /// each measure m: m_before, m_after, m_change with _low and _high.</summary>
    public required PublishedLayer Overlay { get; init; }

    /// <summary>Land under the zones, polygons.</summary>
    public required PublishedLayer Land { get; init; }

    /// <summary>Table of bands: from_zone, to_zone, from_name, to_name, mode_mix, flow_t_before, flow_t_after,
    /// flow_t_change with _low and _high, lon1, lat1, lon2, lat2.</summary>
    public PublishedLayer? Corridors { get; init; }

    /// <summary>Table: zone, name, country, measure, change, change_low, change_high, rule_of_law, homicide_rate, note.</summary>
    public PublishedLayer? Recipients { get; init; }

    /// <summary>Table: measure, unit, before, after, change with _low and _high.</summary>
    public PublishedLayer? Totals { get; init; }

    /// <summary>Table: zone, activity, harm, bearer, severity, incidence_before, incidence_after, priority_before,
    /// priority_after, cause, reason.</summary>
    public PublishedLayer? Harm { get; init; }

    /// <summary>Table of the balance of hectares: removed, replanted, reappeared, ended, growth.</summary>
    public PublishedLayer? Balance { get; init; }

    /// <summary>Table: zone, observed, projected with low and high, persistence.</summary>
    public PublishedLayer? Backcast { get; init; }

    /// <summary>Table of assumptions: key, central, low, high, unit, status, source.</summary>
    public PublishedLayer? Priors { get; init; }

    /// <summary>Table of burdens.</summary>
    public PublishedLayer? Burdens { get; init; }

    /// <summary>Table of past cases like the scenario: case_title, case_years, matches (of 4), same_instrument, same_market, same_country, same_zone,
    /// outcome, evidence, source.</summary>
    public PublishedLayer? Cases { get; init; }
}

/// <summary>What every picture of a run shares.</summary>
/// <param name="Scenario">Scenario name for subtitles.</param>
/// <param name="Credits">Sources, run id, caveats.</param>
/// <param name="Language">en, es or pt.</param>
public sealed record PictureContext(string Scenario, Credits Credits, string Language = "en")
{
    /// <summary>Year of the overlay that is drawn; null for the last.</summary>
    public long? Year { get; init; }

    /// <summary>Words that stand on every map of flows, such as "structure not validated".</summary>
    public IReadOnlyList<string> FlowCaveats { get; init; } = [];
}

/// <summary>The pictures of a run.</summary>
/// <param name="Pictures">In reading order.</param>
/// <param name="Refused">Pictures that were not made, each with the reason.</param>
public sealed record ScenarioPictureSet(IReadOnlyList<PictureSpec> Pictures, IReadOnlyList<string> Refused);
