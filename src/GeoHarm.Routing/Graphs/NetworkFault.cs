namespace GeoHarm.Routing.Graphs;

/// <summary>
/// One thing wrong with a network or its figures: where it is and what to do about it. Checks return all of them at once.
/// Routing depends on nothing, so this is its own record; edges turn it into their fault type.
/// Codes: GH70nn graph, GH71nn text formats, GH72nn Markovian equilibrium, GH73nn paths, GH74nn user equilibrium.
/// </summary>
/// <param name="Code">Stable code GHnnnn.</param>
/// <param name="Place">"arc 12", "node 7", "line 3"; empty for the whole network.</param>
/// <param name="Message">What is wrong, with the value found.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Line">Line number from 1, where the network came from text.</param>
public sealed record NetworkFault(string Code, string Place, string Message, string Remedy, int? Line = null);

/// <summary>A network that cannot be used, with every fault found in it.</summary>
public sealed class InvalidNetworkException(IReadOnlyList<NetworkFault> faults)
    : Exception(string.Join(Environment.NewLine, faults.Select(f => $"{(f.Place.Length == 0 ? "network" : f.Place)}: {f.Code} {f.Message}")))
{
    /// <summary>All faults, in the order of the input.</summary>
    public IReadOnlyList<NetworkFault> Faults { get; } = faults;

    /// <summary>Throws if there is any fault.</summary>
    public static void ThrowIfAny(IReadOnlyList<NetworkFault> faults)
    {
        if (faults.Count > 0) throw new InvalidNetworkException(faults);
    }
}

/// <summary>
/// Collects faults up to a limit, so that a file with a million bad rows gives a readable report and not a million
/// records; the last entry then says how many more there were.
/// </summary>
/// <param name="limit">Faults kept in full; default 1000, more than anybody reads.</param>
public sealed class FaultList(int limit = 1000)
{
    private readonly List<NetworkFault> kept = [];

    /// <summary>Faults seen, also those beyond the limit.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one fault.</summary>
    public void Add(string code, string place, string message, string remedy, int? line = null)
    {
        if (Count++ < limit) kept.Add(new NetworkFault(code, place, message, remedy, line));
    }

    /// <summary>Throws <see cref="InvalidNetworkException"/> with all faults if there is any.</summary>
    public void ThrowIfAny()
    {
        if (Count == 0) return;
        if (Count > limit)
        {
            kept.Add(new NetworkFault("GH7099", "", $"{Count - limit} more faults not listed", "mend those above first"));
        }
        throw new InvalidNetworkException(kept);
    }
}
