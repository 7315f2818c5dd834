using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Publication;

/// <summary>
/// The one way out. An open layer passes as it is, with the caveats of the run on it. A sensitive layer passes only for a
/// steward on the steward's own machine, watermarked; for other audiences it is refused until it has been coarsened.
/// </summary>
public static class PublicationGate
{
    /// <summary>Words on everything a model computed.</summary>
    public static IReadOnlyList<string> ModelCaveats { get; } = ["Scenario, not forecast.", "Modelled, not observed."];

    /// <summary>Releases a layer to an audience, or throws <see cref="NotPublishableException"/> with the reason.</summary>
    /// <param name="layer">What should leave.</param>
    /// <param name="audience">For whom.</param>
    /// <param name="caveats">Sentences that travel with it.</param>
    public static PublishedLayer Release(Layer layer, Audience audience, IReadOnlyList<string> caveats)
    {
        if (layer.Sensitivity == Sensitivity.Sensitive && audience != Audience.Steward)
        {
            throw new NotPublishableException($"Layer '{layer.Name}' is sensitive: coarsen it to a grid of 5 km or more, or to municipalities, before it can leave.");
        }
        var words = caveats.Concat(layer.Caveats).Concat(layer.Sensitivity == Sensitivity.Sensitive ? ["STEWARD COPY: not for circulation."] : []).Distinct().ToArray();
        var released = new Layer(layer.Name, layer.Columns, layer.HasGeometry ? [.. Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt)] : null,
            layer.Crs, layer.Sensitivity, layer.Provenance, layer.Title, words);
        return new PublishedLayer(released, audience);
    }
}

/// <summary>A layer that may not leave, with the reason and the remedy.</summary>
public sealed class NotPublishableException(string message) : Exception(message);
