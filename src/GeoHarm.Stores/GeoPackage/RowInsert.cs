using System.Text;
using GeoHarm.Spatial.Layers;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>
/// One prepared INSERT, run once a row on SQLite's own calls: the ADO.NET command allocates per row and column, which
/// would be most of the time of a bulk import. Text goes in as UTF-8 from one reused buffer.
/// </summary>
internal sealed class RowInsert : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private byte[] buffer = new byte[256];

    /// <summary>Prepares the statement; throws <see cref="SqliteException"/>.</summary>
    public RowInsert(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    /// <summary>Binds the value of a row of a column to a place, counted from 1.</summary>
    public void Bind(int place, Column column, int row)
    {
        if (column.IsNull(row))
        {
            BindNull(place);
            return;
        }
        switch (column.Type)
        {
            case FieldType.Integer:
                Check(raw.sqlite3_bind_int64(statement, place, column.IntegerAt(row)!.Value));
                break;
            case FieldType.Real:
                Check(raw.sqlite3_bind_double(statement, place, column.Number(row)));
                break;
            default:
                Bind(place, column.TextAt(row)!);
                break;
        }
    }

    /// <summary>Binds text.</summary>
    public void Bind(int place, string text)
    {
        var needed = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (buffer.Length < needed) buffer = new byte[needed];
        Check(raw.sqlite3_bind_text(statement, place, buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer))));
    }

    /// <summary>Binds a whole number.</summary>
    public void Bind(int place, long number) => Check(raw.sqlite3_bind_int64(statement, place, number));

    /// <summary>Binds a number.</summary>
    public void Bind(int place, double number) => Check(raw.sqlite3_bind_double(statement, place, number));

    /// <summary>Binds bytes.</summary>
    public void Bind(int place, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(statement, place, bytes));

    /// <summary>Binds nothing.</summary>
    public void BindNull(int place) => Check(raw.sqlite3_bind_null(statement, place));

    /// <summary>Inserts the row bound.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(statement);
        if (code != raw.SQLITE_DONE) Check(code);
        Check(raw.sqlite3_reset(statement));
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, database);
    }
}
