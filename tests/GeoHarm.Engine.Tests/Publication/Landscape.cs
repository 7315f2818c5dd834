using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Publication;

/// <summary>A random landscape of fields: clusters over some hundred kilometres, areas from 0.05 to 90 ha, some giants, and one
/// to three years in which fields come and go.</summary>
internal sealed class Landscape
{
    private Landscape(double[] x, double[] y, CellSum[][] records) => (X, Y, Records) = (x, y, records);

    public double[] X { get; }

    public double[] Y { get; }

    /// <summary>By year, then field.</summary>
    public CellSum[][] Records { get; }

    public static Landscape Random(ulong seed, uint number)
    {
        var random = new CounterRandom(seed, number, 1);
        var (clusters, fields, years) = (1 + random.NextBelow(6), 1 + random.NextBelow(400), 1 + random.NextBelow(3));
        var (spread, giants) = (500 + random.NextUniform() * 20_000, random.NextBelow(3) == 0);
        var (x, y) = (new double[fields], new double[fields]);
        var records = Enumerable.Range(0, years).Select(_ => new CellSum[fields]).ToArray();
        var centres = Enumerable.Range(0, clusters).Select(_ => (X: -7e6 + random.NextUniform() * 150_000, Y: random.NextUniform() * 150_000)).ToArray();
        for (var f = 0; f < fields; f++)
        {
            var centre = centres[random.NextBelow(clusters)];
            (x[f], y[f]) = (centre.X + random.NextNormal() * spread, centre.Y + random.NextNormal() * spread);
            var area = 0.05 + random.NextTriangular(0, 0.5, 6) * (giants && random.NextBelow(20) == 0 ? 15 : 1);
            for (var t = 0; t < years; t++) records[t][f] = CellSum.Record(random.NextBelow(4) == 0 ? 0 : area * (0.5 + random.NextUniform()), CellKeyRounding.KeyOf(x[f], y[f]));
        }
        return new Landscape(x, y, records);
    }

    /// <summary>The landscape without one field.</summary>
    public Landscape Without(int field)
    {
        T[] Others<T>(T[] all) => [.. all.Where((_, i) => i != field)];
        return new Landscape(Others(X), Others(Y), [.. Records.Select(Others)]);
    }
}
