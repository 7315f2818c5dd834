using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Harm;

/// <summary>What one rater says of one harm.</summary>
/// <param name="Harm">Id of the harm.</param>
/// <param name="Severity">Severity on the matrix's scale.</param>
/// <param name="Incidence">Incidence on the matrix's scale.</param>
/// <param name="Note">The rater's own words; may be empty.</param>
public sealed record Rating(string Harm, string Severity, string Incidence, string Note);

/// <summary>The sheet that people of a workshop fill in, one a rater: a row a harm, with severity, incidence and a note. Rows whose id begins
/// with # explain and are not read; a harm left blank is not rated. Also reads merged ratings, which have the same columns and more.</summary>
public static class RatingSheet
{
    /// <summary>Columns of a sheet, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["id", "activity", "harm", "harm_type", "bearer", "severity", "incidence", "note"];

    /// <summary>Begins the id of a row that explains.</summary>
    public const string Remark = "#";

    private static readonly string[] Needed = ["id", "severity", "incidence"];

    /// <summary>A sheet to fill in: rows that explain the columns and the levels, then every harm, its ratings blank.</summary>
    /// <param name="harms">The taxonomy.</param>
    /// <param name="matrix">Whose scales are used.</param>
    /// <param name="meanings">Meaning of each level, where known.</param>
    public static Layer Template(IReadOnlyList<HarmType> harms, HarmMatrix matrix, IReadOnlyDictionary<string, string> meanings)
    {
        string Levels(IReadOnlyList<string> scale) => "one of: " + string.Join(", ", scale);
        var rows = new List<string[]>
        {
            new[] { Remark, "what does the harm", "the harm to rate", "what is harmed: leave as it is", "who bears it: leave as it is", Levels(matrix.Severities), Levels(matrix.Incidences), "your reason, if you like; leave severity and incidence blank where you cannot say" },
        };
        foreach (var level in matrix.Severities) rows.Add([Remark, "severity", level, "", "", "", "", meanings.GetValueOrDefault(level, "")]);
        foreach (var level in matrix.Incidences) rows.Add([Remark, "incidence", level, "", "", "", "", meanings.GetValueOrDefault(level, "")]);
        foreach (var harm in harms) rows.Add([harm.Id, harm.Activity, harm.Harm, harm.Kind, harm.Bearer, "", "", ""]);
        return new Layer("ratings", [.. Columns.Select((name, column) => Column.Text(name, rows.Select(row => row[column])))]);
    }

    /// <summary>Reads a sheet; throws <see cref="InvalidInputException"/> with every fault.</summary>
    /// <param name="sheet">Text columns, and an integer column "line" with the line of each row.</param>
    /// <param name="file">File name for messages.</param>
    /// <param name="harms">The taxonomy.</param>
    /// <param name="matrix">Whose scales are used.</param>
    /// <param name="earlier">Faults that the reading of the file has found.</param>
    public static IReadOnlyList<Rating> Read(Layer sheet, string file, IReadOnlyList<HarmType> harms, HarmMatrix matrix, IReadOnlyList<Fault>? earlier = null)
    {
        var faults = new List<Fault>(earlier ?? []);
        foreach (var column in Needed.Where(c => !sheet.Has(c))) faults.Add(Fault.AtLine("GH5020", file, 1, $"The column '{column}' is missing.", "Start from 'geoharm harm ratings template' and keep its first row."));
        var ratings = new List<Rating>();
        if (Needed.All(sheet.Has))
        {
            var reader = new Reader(sheet, file, harms, matrix, faults);
            for (var row = 0; row < sheet.RowCount; row++) if (reader.At(row) is { } rating) ratings.Add(rating);
            if (ratings.Count == 0 && faults.Count == 0) faults.Add(new Fault(FaultSeverity.Error, "GH5028", file, "", "No harm is rated.", "Give severity and incidence of at least one harm."));
        }
        return faults.TrueForAll(f => f.Severity == FaultSeverity.Warning) ? ratings : throw new InvalidInputException([.. faults.OrderBy(f => f.Line ?? 0)]);
    }

    private sealed class Reader(Layer sheet, string file, IReadOnlyList<HarmType> harms, HarmMatrix matrix, List<Fault> faults)
    {
        private readonly Dictionary<string, HarmType> known = harms.ToDictionary(h => h.Id, StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, int> lineOf = new(StringComparer.Ordinal);

        public Rating? At(int row)
        {
            var id = Text("id", row);
            if (id.StartsWith(Remark, StringComparison.Ordinal)) return null;
            var line = (int)(sheet["line"].IntegerAt(row) ?? 0);
            var (severity, incidence) = (Text("severity", row), Text("incidence", row));
            if (id.Length == 0 && severity.Length == 0 && incidence.Length == 0) return null;
            var before = faults.Count;
            var harm = known.GetValueOrDefault(id);
            if (harm is null) Say("GH5021", line, $"Unknown harm '{id}'.", "Use an id of data/harm/taxonomy.csv, as the template has it.");
            Same("harm_type", "GH5022", HarmTaxonomy.Kinds, harm?.Kind, row, line);
            Same("bearer", "GH5023", HarmTaxonomy.Bearers, harm?.Bearer, row, line);
            if (severity.Length == 0 && incidence.Length == 0) return null;
            if (severity.Length == 0 || incidence.Length == 0) Say("GH5024", line, severity.Length == 0 ? "Incidence without severity." : "Severity without incidence.", "Rate both, or leave both blank.");
            var (howBad, howOften) = (Level(matrix.Severities, severity, "GH5025", "severity", line), Level(matrix.Incidences, incidence, "GH5026", "incidence", line));
            if (harm is not null && !lineOf.TryAdd(harm.Id, line)) Say("GH5027", line, $"'{harm.Id}' is rated twice; first on line {lineOf[harm.Id]}.", "Keep one of the two rows.");
            return faults.Count > before ? null : new Rating(harm!.Id, howBad, howOften, sheet.Has("note") ? Text("note", row) : "");
        }

        private string Text(string column, int row) => (sheet[column].TextAt(row) ?? "").Trim();

        private void Say(string code, int line, string message, string remedy) => faults.Add(Fault.AtLine(code, file, line, message, remedy));

        private string Level(IReadOnlyList<string> scale, string word, string code, string what, int line)
        {
            if (word.Length == 0) return "";
            if (scale.FirstOrDefault(level => level.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } level) return level;
            Say(code, line, $"Unknown {what} '{word}'.", $"Use one of: {string.Join(", ", scale)}.");
            return "";
        }

        // The columns that say what the harm is: a word that is none of the scale, or that belongs to another harm.
        private void Same(string column, string code, IReadOnlyList<string> words, string? wanted, int row, int line)
        {
            if (!sheet.Has(column) || Text(column, row) is not { Length: > 0 } given) return;
            var name = column.Replace('_', ' ');
            if (!words.Contains(given, StringComparer.OrdinalIgnoreCase)) Say(code, line, $"Unknown {name} '{given}'.", $"Use one of: {string.Join(", ", words)}.");
            else if (wanted is not null && !wanted.Equals(given, StringComparison.OrdinalIgnoreCase)) Say(code, line, $"The {name} of this harm is '{wanted}', not '{given}'.", "Put back the word of the template; another harm needs a row of the taxonomy.");
        }
    }
}
