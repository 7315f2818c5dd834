using System.Globalization;
using GeoHarm.Spatial.Layers;
using System.Data.Common;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>Gathers the values of one column while rows are read.</summary>
internal sealed class ColumnBuilder
{
    private readonly string name;
    private readonly string? unit;
    private readonly FieldType type;
    private readonly List<string?> texts = [];
    private readonly List<long?> integers = [];
    private readonly List<double> reals = [];
    private readonly List<DateOnly?> dates = [];

    /// <summary>An empty column.</summary>
    public ColumnBuilder(string name, FieldType type, string? unit) => (this.name, this.type, this.unit) = (name, type, unit);

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the value of the reader's current row.</summary>
    public void Add(DbDataReader reader, int ordinal)
    {
        Count++;
        var absent = reader.IsDBNull(ordinal);
        switch (type)
        {
            case FieldType.Integer:
                integers.Add(absent ? null : reader.GetInt64(ordinal));
                break;
            case FieldType.Real:
                reals.Add(absent ? double.NaN : reader.GetDouble(ordinal));
                break;
            case FieldType.Date:
                dates.Add(absent ? null : Date(reader, ordinal));
                break;
            default:
                texts.Add(absent ? null : reader.GetString(ordinal));
                break;
        }
    }

    /// <summary>The column.</summary>
    public Column ToColumn() => type switch
    {
        FieldType.Integer => Column.Integer(name, integers, unit),
        FieldType.Real => Column.Real(name, reals, unit),
        FieldType.Date => Column.Date(name, dates),
        _ => Column.Text(name, texts),
    };

    private static DateOnly? Date(DbDataReader reader, int ordinal) =>
        DateOnly.TryParseExact(reader.GetString(ordinal), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
