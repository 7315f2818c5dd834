using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Publication;

/// <summary>
/// The one way out. An open layer passes as it is, with the caveats of the run on it. A sensitive layer passes whole only for
/// a steward on the steward's own machine, watermarked; for others it becomes cells of at least 5 km or zones of
/// municipality and above, by <see cref="DisclosureRules"/>, rounded for the public.
/// </summary>
public static class PublicationGate
{
    /// <summary>Words on everything a model computed.</summary>
    public static IReadOnlyList<string> ModelCaveats { get; } = ["Scenario, not forecast.", "Modelled, not observed."];

    /// <summary>Words on a copy for its steward.</summary>
    public const string Watermark = "STEWARD COPY: not for circulation.";

    /// <summary>Releases a layer to an audience, or throws <see cref="NotPublishableException"/> with the reason.</summary>
    /// <param name="layer">What should leave.</param>
    /// <param name="audience">For whom.</param>
    /// <param name="caveats">Sentences that travel with it.</param>
    /// <param name="asOf">Date against which the age of observed sensitive figures is measured; needed for those alone.</param>
    /// <param name="rules">The rules; null for those in force.</param>
    public static PublishedLayer Release(Layer layer, Audience audience, IReadOnlyList<string> caveats, DateOnly? asOf = null, DisclosureRules? rules = null)
    {
        var released = layer;
        if (layer.Sensitivity == Sensitivity.Sensitive && audience != Audience.Steward) released = Coarse(layer, audience, asOf, rules ?? DisclosureRules.Default);
        var words = caveats.Concat(layer.Caveats).Concat(released.Caveats).Concat(released == layer && layer.Sensitivity == Sensitivity.Sensitive ? [Watermark] : []).Distinct().ToArray();
        return new PublishedLayer(
            new Layer(released.Name, released.Columns, released.HasGeometry ? [.. Enumerable.Range(0, released.RowCount).Select(released.GeometryAt)] : null,
                released.Crs, released.Sensitivity, released.Provenance, released.Title, words),
            audience);
    }

    private static Layer Coarse(Layer layer, Audience audience, DateOnly? asOf, DisclosureRules rules)
    {
        var zones = CoarseRelease.ZoneColumn(layer);
        if (zones is null && !layer.HasGeometry)
        {
            throw new NotPublishableException($"Layer '{layer.Name}' is sensitive and has neither a map nor municipality codes: give one of them, or coarsen it yourself, or read it as its steward (--audience steward).");
        }
        if (asOf is not { } date) throw new NotPublishableException($"Layer '{layer.Name}' is sensitive: name the date it is published on (--as-of), so that its age can be checked.");
        var records = SensitiveRecords.Of(layer, date, rules);
        return zones is null ? CoarseRelease.Grid(layer, records, audience, rules) : CoarseRelease.Zones(layer, zones, records, audience, rules);
    }
}

/// <summary>A layer that may not leave, with the reason and the remedy.</summary>
public sealed class NotPublishableException(string message) : Exception(message);
