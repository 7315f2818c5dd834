using GeoHarm.Spatial.Layers;

namespace GeoHarm.Stores;

/// <summary>The parts of one layer as they are written: the first says what the layer is, the others must be like it.</summary>
internal sealed class LayerParts : IDisposable
{
    private readonly IEnumerator<Layer> parts;

    /// <summary>Takes the first part. Throws <see cref="ArgumentException"/> when there is none.</summary>
    public LayerParts(IEnumerable<Layer> parts)
    {
        this.parts = parts.GetEnumerator();
        if (!this.parts.MoveNext())
        {
            this.parts.Dispose();
            throw new ArgumentException("A layer needs at least one part.", nameof(parts));
        }
        First = this.parts.Current;
    }

    /// <summary>The first part, which stands for what holds of all: name, columns, coordinate system, origin.</summary>
    public Layer First { get; }

    /// <summary>All parts, once. Throws <see cref="ArgumentException"/> at a part that is not like the first.</summary>
    public IEnumerable<Layer> All()
    {
        yield return First;
        while (parts.MoveNext())
        {
            var part = parts.Current;
            if (part.Name != First.Name || part.Crs != First.Crs || !part.Columns.Select(c => (c.Name, c.Type)).SequenceEqual(First.Columns.Select(c => (c.Name, c.Type))))
            {
                throw new ArgumentException($"A part of layer '{First.Name}' differs from the first in its name, columns or coordinate system.");
            }
            yield return part;
        }
    }

    /// <summary>Ends the enumeration.</summary>
    public void Dispose() => parts.Dispose();
}
