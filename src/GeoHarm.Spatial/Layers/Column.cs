namespace GeoHarm.Spatial.Layers;

/// <summary>What a field holds.</summary>
public enum FieldType
{
    /// <summary>Text; codes are text, with their leading zeros.</summary>
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Integer,

    /// <summary>Double-precision numbers; NaN means no value.</summary>
    Real,

    /// <summary>Calendar dates.</summary>
    Date,
}

/// <summary>One named column of a layer, of one type, with its unit. Nulls are kept apart from zero.</summary>
public sealed class Column
{
    private readonly string?[]? texts;
    private readonly long?[]? integers;
    private readonly double[]? reals;
    private readonly DateOnly?[]? dates;

    private Column(string name, string? unit, FieldType type, int count)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Unit, Type, Count) = (name, unit, type, count);
    }

    private Column(string name, string?[] values) : this(name, null, FieldType.Text, values.Length) => texts = values;

    private Column(string name, string? unit, long?[] values) : this(name, unit, FieldType.Integer, values.Length) => integers = values;

    private Column(string name, string? unit, double[] values) : this(name, unit, FieldType.Real, values.Length) => reals = values;

    private Column(string name, DateOnly?[] values) : this(name, null, FieldType.Date, values.Length) => dates = values;

    /// <summary>Field name.</summary>
    public string Name { get; }

    /// <summary>Unit, such as "ha" or "t"; null where none applies.</summary>
    public string? Unit { get; }

    /// <summary>Type of the values.</summary>
    public FieldType Type { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>All numbers of a Real column, for kernels. Throws on other types.</summary>
    public ReadOnlySpan<double> Reals => reals ?? throw new InvalidOperationException($"Column '{Name}' holds {Type}, not Real.");

    /// <summary>A column of text.</summary>
    public static Column Text(string name, IEnumerable<string?> values) => new(name, values.ToArray());

    /// <summary>A column of whole numbers.</summary>
    public static Column Integer(string name, IEnumerable<long?> values, string? unit = null) => new(name, unit, values.ToArray());

    /// <summary>A column of numbers; NaN means no value.</summary>
    public static Column Real(string name, IEnumerable<double> values, string? unit = null) => new(name, unit, values.ToArray());

    /// <summary>A column of dates.</summary>
    public static Column Date(string name, IEnumerable<DateOnly?> values) => new(name, values.ToArray());

    /// <summary>Whether the row has no value.</summary>
    public bool IsNull(int row) => Type switch
    {
        FieldType.Text => texts![row] is null,
        FieldType.Integer => integers![row] is null,
        FieldType.Real => double.IsNaN(reals![row]),
        _ => dates![row] is null,
    };

    /// <summary>The row's number; an Integer is widened; NaN where there is none. Throws on text and dates.</summary>
    public double Number(int row) => Type switch
    {
        FieldType.Real => reals![row],
        FieldType.Integer => integers![row] ?? double.NaN,
        _ => throw new InvalidOperationException($"Column '{Name}' holds {Type}, not numbers."),
    };

    /// <summary>The row as text in invariant form; null where there is no value. Reals round-trip.</summary>
    public string? TextAt(int row) => Type switch
    {
        FieldType.Text => texts![row],
        FieldType.Integer => integers![row]?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        FieldType.Real => double.IsNaN(reals![row]) ? null : reals[row].ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => dates![row]?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The row's date; null where there is none. Throws on other types.</summary>
    public DateOnly? DateAt(int row) => dates is null ? throw new InvalidOperationException($"Column '{Name}' holds {Type}, not dates.") : dates[row];

    /// <summary>The row's whole number; null where there is none. Throws on other types.</summary>
    public long? IntegerAt(int row) => integers is null ? throw new InvalidOperationException($"Column '{Name}' holds {Type}, not whole numbers.") : integers[row];

    /// <summary>Columns of one name and type, one after the other.</summary>
    public static Column Concatenate(IReadOnlyList<Column> parts) => parts[0].Type switch
    {
        FieldType.Text => Text(parts[0].Name, parts.SelectMany(p => p.texts!)),
        FieldType.Integer => Integer(parts[0].Name, parts.SelectMany(p => p.integers!), parts[0].Unit),
        FieldType.Real => Real(parts[0].Name, parts.SelectMany(p => p.reals!), parts[0].Unit),
        _ => Date(parts[0].Name, parts.SelectMany(p => p.dates!)),
    };

    /// <summary>The column restricted to rows, in the order given.</summary>
    public Column Take(IReadOnlyList<int> rows) => Type switch
    {
        FieldType.Text => Text(Name, rows.Select(r => texts![r])),
        FieldType.Integer => Integer(Name, rows.Select(r => integers![r]), Unit),
        FieldType.Real => Real(Name, rows.Select(r => reals![r]), Unit),
        _ => Date(Name, rows.Select(r => dates![r])),
    };
}
