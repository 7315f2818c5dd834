using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>
/// People displaced with eradication: out_i = elasticity x treated hectares, an association and not a cause; sent to
/// destinations by a production-constrained gravity model, T_ij = out_i m_j d_ij^-b / sum_k m_k d_ik^-b, j not i
/// (Wilson 1971, equation 11), with m the people the unit received so far. Sum of arrivals = sum of departures.
/// </summary>
public static class HumanDisplacement
{
    /// <summary>People leaving each unit.</summary>
    /// <param name="treatedHectares">Hectares treated per unit over all years.</param>
    /// <param name="peoplePerHectare">Elasticity, people per treated hectare.</param>
    /// <param name="people">Filled, people per unit.</param>
    public static void Departures(ReadOnlySpan<double> treatedHectares, double peoplePerHectare, Span<double> people)
    {
        for (var i = 0; i < people.Length; i++) people[i] = treatedHectares[i] * peoplePerHectare;
    }

    /// <summary>People arriving in each unit.</summary>
    /// <param name="departures">People leaving per unit.</param>
    /// <param name="mass">Pull of each unit, people received so far.</param>
    /// <param name="distancesKilometres">Distances between unit centres, units x units, km.</param>
    /// <param name="power">b, power of distance.</param>
    /// <param name="arrivals">Filled, people per unit.</param>
    public static void Arrivals(ReadOnlySpan<double> departures, ReadOnlySpan<double> mass, ReadOnlySpan<double> distancesKilometres, double power, Span<double> arrivals)
    {
        var units = departures.Length;
        arrivals.Clear();
        for (var i = 0; i < units; i++)
        {
            if (departures[i] == 0) continue;
            var sum = 0.0;
            for (var j = 0; j < units; j++) sum += Pull(mass, distancesKilometres, i, j, power, units);
            if (sum <= 0) throw new InvalidOperationException("No unit receives people: the masses are all zero.");
            for (var j = 0; j < units; j++) arrivals[j] += departures[i] * Pull(mass, distancesKilometres, i, j, power, units) / sum;
        }
    }

    private static double Pull(ReadOnlySpan<double> mass, ReadOnlySpan<double> distances, int i, int j, double power, int units) =>
        i == j ? 0 : mass[j] * PortableMath.Pow(distances[i * units + j], -power);
}
