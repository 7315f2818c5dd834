using GeoHarm.Spatial.Quantities;

namespace GeoHarm.Engine.Displacement;

/// <summary>How flows fall with distance.</summary>
public enum FlowModel
{
    /// <summary>d^-b (Wilson 1971).</summary>
    Gravity,

    /// <summary>By the opportunities nearer than the destination (Simini, González, Maritan, Barabási 2012).</summary>
    Radiation,
}

/// <summary>Settings of people flows.</summary>
public sealed record PeopleFlowOptions
{
    /// <summary>Model; default gravity.</summary>
    public FlowModel Model { get; init; } = FlowModel.Gravity;

    /// <summary>b, power of distance, 0 or more; default 1, an assumption (data/published: 0.5 to 2): margins cannot identify it.</summary>
    public double DistancePower { get; init; } = 1;

    /// <summary>Power of 1 + people from the origin already at the destination, 0 or more; default 0.5, an assumption. Only used with a diaspora.</summary>
    public double DiasporaPower { get; init; } = 0.5;

    /// <summary>Largest difference between a margin and its flows, people; default 1e-7.</summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>Most rounds of balancing; default 20,000.</summary>
    public int MostRounds { get; init; } = 20_000;
}

/// <summary>
/// People expelled from and received by units, with a row for those of unknown origin and a column for those whose destination is unknown or
/// abroad, so that both margins have one total: whichever total is smaller is made up in the unknown row or column.
/// </summary>
public sealed class PeopleMargins
{
    private readonly double[] expelled, received, x, y;

    /// <summary>Margins of units; a unit without place has NaN coordinates and exchanges with all alike.</summary>
    /// <param name="expelled">People expelled, one entry a unit, 0 or more.</param>
    /// <param name="received">People received.</param>
    /// <param name="x">Eastings, metres.</param>
    /// <param name="y">Northings, metres.</param>
    /// <param name="unknownOrigin">People received or registered whose origin is not known.</param>
    /// <param name="unknownDestination">People expelled whose destination is not known or abroad.</param>
    public PeopleMargins(double[] expelled, double[] received, double[] x, double[] y, double unknownOrigin, double unknownDestination)
    {
        if (received.Length != expelled.Length || x.Length != expelled.Length || y.Length != expelled.Length) throw new ArgumentException("Margins and coordinates need one entry a unit.", nameof(received));
        if (expelled.Concat(received).Any(v => !(v >= 0 && double.IsFinite(v))) || !(unknownOrigin >= 0) || !(unknownDestination >= 0)) throw new ArgumentException("People are counted from 0.", nameof(expelled));
        (this.expelled, this.received, this.x, this.y) = (expelled, received, x, y);
        double rows = expelled.Sum() + unknownOrigin, columns = received.Sum() + unknownDestination;
        (UnknownOrigin, UnknownDestination) = (unknownOrigin + Math.Max(0, columns - rows), unknownDestination + Math.Max(0, rows - columns));
        Total = Math.Max(rows, columns);
    }

    /// <summary>Number of units.</summary>
    public int Units => expelled.Length;

    /// <summary>People expelled by unit.</summary>
    public ReadOnlySpan<double> Expelled => expelled;

    /// <summary>People received by unit.</summary>
    public ReadOnlySpan<double> Received => received;

    /// <summary>The row of unknown origin, the difference of the totals included.</summary>
    public double UnknownOrigin { get; }

    /// <summary>The column of unknown or foreign destination, the difference of the totals included.</summary>
    public double UnknownDestination { get; }

    /// <summary>The one total.</summary>
    public double Total { get; }

    /// <summary>Kilometres between two units; to itself half the distance to the nearest other; NaN without place.</summary>
    internal double[] Kilometres()
    {
        var n = Units;
        var d = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var nearest = double.PositiveInfinity;
            for (var j = 0; j < n; j++)
            {
                d[i * n + j] = Math.Sqrt((x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j])) / 1000;
                if (j != i && d[i * n + j] > 0 && d[i * n + j] < nearest) nearest = d[i * n + j];
            }
            d[i * n + i] = double.IsNaN(x[i]) ? double.NaN : double.IsFinite(nearest) ? nearest / 2 : 1;
        }
        return d;
    }
}

/// <summary>
/// Flows of displaced people, T_ij = a_i b_j F_ij, that honour both margins: the doubly constrained model (Wilson 1971, equations 8 to 10) solved by iterative
/// proportional fitting (Deming, Stephan 1940, doi 10.1214/aoms/1177731829). F is d^-b, or the radiation model's m_j / ((m_i + s_ij)(m_i + m_j + s_ij)) with
/// the people received as opportunities m and s_ij those nearer to i than j (Simini and others 2012, equation 2, doi 10.1038/nature10856), times
/// (1 + people from i already in j)^g where a diaspora is given. Unknown origins and destinations exchange with all alike: their F is the mean
/// of the row, weighted by people received. Modelled, not observed: only the margins are data.
/// Cost: units squared a round (radiation: units squared times log units once).
/// </summary>
public sealed class PeopleFlows
{
    private readonly double[] seed, a, b;
    private readonly int size;

    private PeopleFlows(double[] seed, double[] a, double[] b, int size) => (this.seed, this.a, this.b, this.size) = (seed, a, b, size);

    /// <summary>Rounds of balancing.</summary>
    public int Rounds { get; private init; }

    /// <summary>Largest difference between a margin and the flows, people.</summary>
    public double LargestMarginError { get; private init; }

    /// <summary>Whether every margin is honoured within the tolerance.</summary>
    public bool Converged { get; private init; }

    /// <summary>Mean distance of people whose two ends are known, km.</summary>
    public double MeanKilometres { get; private init; }

    /// <summary>People from unit i to unit j; the number of units stands for unknown origin and for unknown or foreign destination.</summary>
    public double this[int i, int j] => a[i] * b[j] * seed[i * size + j];

    /// <summary>Fits the flows.</summary>
    /// <param name="margins">Margins.</param>
    /// <param name="options">Settings.</param>
    /// <param name="diaspora">People from i already at j, units x units, or null.</param>
    public static PeopleFlows Fit(PeopleMargins margins, PeopleFlowOptions? options = null, double[]? diaspora = null)
    {
        options ??= new PeopleFlowOptions();
        int n = margins.Units, size = n + 1;
        if (diaspora is not null && diaspora.Length != n * n) throw new ArgumentException("The diaspora must be units x units.", nameof(diaspora));
        double[] rows = [.. margins.Expelled, margins.UnknownOrigin], columns = [.. margins.Received, margins.UnknownDestination];
        var kilometres = margins.Kilometres();
        var seed = Seed(margins, options, kilometres, diaspora);
        double[] a = new double[size], b = new double[size], sums = new double[size];
        Array.Fill(b, 1);
        double error = double.PositiveInfinity;
        var round = 0;
        while (round < options.MostRounds && !(error <= options.Tolerance))
        {
            round++;
            error = 0;
            Array.Clear(sums);
            for (var i = 0; i < size; i++)
            {
                var row = seed.AsSpan(i * size, size);
                var sum = FixedLanes.Dot(row, b);
                if (round > 1) error = Math.Max(error, Math.Abs(a[i] * sum - rows[i]));
                a[i] = rows[i] > 0 && sum > 0 ? rows[i] / sum : 0;
                if (a[i] > 0) FixedLanes.AddScaled(a[i], row, sums);
            }
            for (var j = 0; j < size; j++) b[j] = columns[j] > 0 && sums[j] > 0 ? columns[j] / sums[j] : 0;
            if (round == 1) error = double.PositiveInfinity;
        }
        return new PeopleFlows(seed, a, b, size) { Rounds = round, LargestMarginError = Largest(seed, a, b, rows, columns), Converged = Largest(seed, a, b, rows, columns) <= 10 * options.Tolerance, MeanKilometres = Mean(seed, a, b, kilometres, n) };
    }

    private static double[] Seed(PeopleMargins margins, PeopleFlowOptions options, double[] kilometres, double[]? diaspora)
    {
        int n = margins.Units, size = n + 1;
        var seed = new double[size * size];
        var received = 0.0;
        foreach (var v in margins.Received) received += v;
        for (var i = 0; i < n; i++)
        {
            var row = seed.AsSpan(i * size, size);
            if (options.Model == FlowModel.Gravity)
            {
                for (var j = 0; j < n; j++) row[j] = PortableMath.Pow(kilometres[i * n + j], -options.DistancePower);
            }
            else
            {
                Radiation(margins.Received, kilometres.AsSpan(i * n, n), i, row);
            }
            if (diaspora is not null)
            {
                for (var j = 0; j < n; j++) row[j] *= PortableMath.Pow(1 + diaspora[i * n + j], options.DiasporaPower);
            }
            double mean = 0, placed = 0;
            for (var j = 0; j < n; j++)
            {
                if (double.IsNaN(row[j])) continue;
                mean += row[j] * margins.Received[j];
                placed += margins.Received[j];
            }
            // A row without place, or from which nothing can be reached, exchanges with all alike.
            var alike = placed > 0 && mean > 0 ? mean / placed : 1;
            for (var j = 0; j < n; j++) if (double.IsNaN(row[j]) || !(mean > 0)) row[j] = alike;
            row[n] = alike;
        }
        seed.AsSpan(n * size, size).Fill(1);
        return seed;
    }

    /// <summary>m_j / ((m_i + s)(m_i + m_j + s)), s the opportunities within the distance of j, those of i and j left out; nobody stays.</summary>
    private static void Radiation(ReadOnlySpan<double> mass, ReadOnlySpan<double> kilometres, int i, Span<double> row)
    {
        var n = mass.Length;
        var order = new int[n];
        var distance = kilometres.ToArray();
        for (var j = 0; j < n; j++) order[j] = j;
        Array.Sort(distance, order);
        double within = 0;
        row[..n].Fill(double.NaN);
        for (var k = 0; k < n;)
        {
            if (double.IsNaN(distance[k])) { k++; continue; }
            // Units at one distance all count as within reach of each other.
            var end = k;
            double ring = 0;
            for (; end < n && distance[end] == distance[k]; end++) ring += order[end] == i ? 0 : mass[order[end]];
            for (; k < end; k++)
            {
                var j = order[k];
                var nearer = Math.Max(1e-9, mass[i] + within + ring - (j == i ? 0 : mass[j]));
                row[j] = j == i ? 0 : mass[j] / (nearer * (nearer + mass[j]));
            }
            within += ring;
        }
    }

    private static double Largest(double[] seed, double[] a, double[] b, double[] rows, double[] columns)
    {
        var size = a.Length;
        var sums = new double[size];
        var largest = 0.0;
        for (var i = 0; i < size; i++)
        {
            var row = seed.AsSpan(i * size, size);
            largest = Math.Max(largest, Math.Abs(a[i] * FixedLanes.Dot(row, b) - rows[i]));
            FixedLanes.AddScaled(a[i], row, sums);
        }
        for (var j = 0; j < size; j++) largest = Math.Max(largest, Math.Abs(b[j] * sums[j] - columns[j]));
        return largest;
    }

    private static double Mean(double[] seed, double[] a, double[] b, double[] kilometres, int n)
    {
        double people = 0, distance = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                if (double.IsNaN(kilometres[i * n + j])) continue;
                var flow = a[i] * b[j] * seed[i * (n + 1) + j];
                people += flow;
                distance += flow * kilometres[i * n + j];
            }
        }
        return people > 0 ? distance / people : 0;
    }
}
