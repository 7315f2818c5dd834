using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Harm;

/// <summary>
/// A matrix that turns severity and incidence into priority (Greenfield and Paoli 2013, doi 10.1016/j.drugpo.2012.09.005;
/// its origin is the risk matrix of the US Army). Ordinal: priorities are compared, never added or averaged. Valid from
/// birth: complete, and monotone in both directions.
/// </summary>
public sealed class HarmMatrix
{
    private readonly int[,] cells;

    private HarmMatrix(IReadOnlyList<string> severities, IReadOnlyList<string> incidences, IReadOnlyList<string> priorities, int[,] cells) =>
        (Severities, Incidences, Priorities, this.cells) = (severities, incidences, priorities, cells);

    /// <summary>Severities, worst first.</summary>
    public IReadOnlyList<string> Severities { get; }

    /// <summary>Incidences, most frequent first.</summary>
    public IReadOnlyList<string> Incidences { get; }

    /// <summary>Priorities, most urgent first.</summary>
    public IReadOnlyList<string> Priorities { get; }

    /// <summary>Priority of a severity and an incidence.</summary>
    public string this[string severity, string incidence] => Priorities[cells[Level(Severities, severity, "severity"), Level(Incidences, incidence, "incidence")]];

    /// <summary>Reads a table severity, incidence, priority, whose order of first mention is the order of the scales, worst
    /// first. Reports every missing, repeated or non-monotone cell.</summary>
    public static HarmMatrix Read(Layer table, string file)
    {
        var rows = Enumerable.Range(0, table.RowCount).Select(r => (S: table["severity"].TextAt(r) ?? "", I: table["incidence"].TextAt(r) ?? "", P: table["priority"].TextAt(r) ?? "", Line: r + 2)).ToList();
        var (severities, incidences) = (rows.Select(r => r.S).Distinct().ToList(), rows.Select(r => r.I).Distinct().ToList());
        var priorities = rows.Select(r => r.P).Distinct().ToList();
        var faults = new List<Fault>();
        var (cells, lines) = (new int[severities.Count, incidences.Count], new int[severities.Count, incidences.Count]);
        for (var s = 0; s < severities.Count; s++) for (var i = 0; i < incidences.Count; i++) cells[s, i] = -1;
        foreach (var (severity, incidence, priority, line) in rows)
        {
            ref var cell = ref cells[severities.IndexOf(severity), incidences.IndexOf(incidence)];
            if (cell >= 0) faults.Add(Fault.AtLine("GH5001", file, line, $"The cell {severity}, {incidence} stands twice.", "Keep one of the two lines."));
            cell = priorities.IndexOf(priority);
            lines[severities.IndexOf(severity), incidences.IndexOf(incidence)] = line;
        }
        for (var s = 0; s < severities.Count; s++)
        {
            for (var i = 0; i < incidences.Count; i++)
            {
                if (cells[s, i] < 0) faults.Add(new Fault(FaultSeverity.Error, "GH5002", file, $"{severities[s]}, {incidences[i]}", "The cell is missing.", "Add a line for it."));
                var broken = (s > 0 && cells[s, i] >= 0 && cells[s, i] < cells[s - 1, i]) || (i > 0 && cells[s, i] >= 0 && cells[s, i] < cells[s, i - 1]);
                if (broken) faults.Add(new Fault(FaultSeverity.Error, "GH5003", file, $"{severities[s]}, {incidences[i]}", $"The priority '{priorities[cells[s, i]]}' is more urgent than that of a worse or more frequent harm.", "A worse or more frequent harm never has a lower priority: mend the cell or its neighbour.", lines[s, i]));
            }
        }
        return faults.Count == 0 ? new HarmMatrix(severities, incidences, priorities, cells) : throw new InvalidInputException(faults);
    }

    private static int Level(IReadOnlyList<string> scale, string word, string what)
    {
        for (var i = 0; i < scale.Count; i++) if (scale[i] == word) return i;
        throw new ArgumentException($"'{word}' is no {what}; the scale is {string.Join(", ", scale)}.");
    }
}
