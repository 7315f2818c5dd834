namespace GeoHarm.Stores;

/// <summary>
/// A store or the network did not do its part: a full disk, a folder without write permission, a damaged file, a
/// server that does not answer. Nothing was changed. Edges turn it into exit code 5.
/// </summary>
public sealed class StoreException : Exception
{
    /// <summary>What failed, what to do about it, and why it failed.</summary>
    public StoreException(string what, string remedy, Exception? inner = null)
        : base($"{what} {remedy}", inner) => (What, Remedy) = (what, remedy);

    /// <summary>What failed, without the remedy.</summary>
    public string What { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }
}
