using Microsoft.Data.Sqlite;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>Turns the result codes of SQLite (sqlite.org/rescode.html) into store failures with a remedy.</summary>
internal static class SqliteFailure
{
    /// <summary>Runs the work; failures of SQLite come out as <see cref="StoreException"/>.</summary>
    public static T Explained<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw Explain(path, failure);
        }
    }

    /// <summary>The elements as they come; failures of SQLite come out as <see cref="StoreException"/>.</summary>
    public static IEnumerable<T> Explained<T>(string path, IEnumerable<T> elements)
    {
        using var each = elements.GetEnumerator();
        while (Explained(path, each.MoveNext)) yield return each.Current;
    }

    /// <summary>The store failure that a failure of SQLite stands for.</summary>
    public static StoreException Explain(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        5 or 6 => new($"'{path}' is being written by another program.", "Wait for it to finish, or close it, then try again.", failure),
        3 or 8 or 23 => new($"'{path}' cannot be written: it is read-only.", "Change the permission, or name another store.", failure),
        10 => new($"'{path}' could not be read or written: {failure.Message}", "Check the disk; nothing of the last write was kept.", failure),
        11 => new($"'{path}' is damaged: {failure.Message}", "Restore it from a copy, or rescue it with 'sqlite3 FILE .recover'.", failure),
        13 => new($"The disk is full: nothing of the last write to '{path}' was kept.", "Free some space, or name a store on another disk.", failure),
        14 => new($"'{path}' cannot be opened.", "Check the path, and that its folder exists and may be written to.", failure),
        26 => new($"'{path}' is not a GeoPackage.", "Name a .gpkg file, or a new one to be made.", failure),
        _ => new($"'{path}': {failure.Message}", "Please report this with the command that led to it.", failure),
    };
}
