namespace GeoHarm.Spatial.Layers;

/// <summary>Who a result is for.</summary>
public enum Audience
{
    /// <summary>Anyone.</summary>
    Public,

    /// <summary>Named analysts: municipality or 5 km cells without rounding.</summary>
    Analyst,

    /// <summary>The owner of the data, on the owner's machine; watermarked.</summary>
    Steward,
}

/// <summary>
/// A layer that may leave: an open layer as it is, or a sensitive one that passed the publication gate. Writers, maps
/// and the service take nothing else. Only the gate (GeoHarm.Engine/Publication) can make one from a sensitive layer:
/// the constructor is internal and the House tests hold that no other room calls it.
/// </summary>
public sealed class PublishedLayer
{
    internal PublishedLayer(Layer layer, Audience audience) => (Layer, Audience) = (layer, audience);

    /// <summary>What may be seen.</summary>
    public Layer Layer { get; }

    /// <summary>For whom it was released.</summary>
    public Audience Audience { get; }

    /// <summary>Releases an open layer. Throws when the layer is sensitive: that one must pass the gate.</summary>
    public static PublishedLayer Open(Layer layer) => layer.Sensitivity == Sensitivity.Open
        ? new PublishedLayer(layer, Audience.Public)
        : throw new InvalidOperationException($"Layer '{layer.Name}' is sensitive: it leaves only through the publication gate.");
}
