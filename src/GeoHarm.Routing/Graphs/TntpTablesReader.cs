namespace GeoHarm.Routing.Graphs;

/// <summary>Reads the other TNTP texts: trips, nodes and flows. Each throws <see cref="InvalidNetworkException"/> with every fault.</summary>
public static class TntpTablesReader
{
    /// <summary>
    /// The trip table in <paramref name="text"/> ("Origin n", then "destination : trips;" pairs).
    /// <paramref name="zones"/> is the network's number of zones; 0 takes the text's own.
    /// Checks zones, repeated pairs, finite non-negative trips and the declared total (a warning kept in <paramref name="warnings"/>).
    /// </summary>
    public static TripTable ReadTrips(ReadOnlySpan<char> text, int zones, ICollection<NetworkFault>? warnings = null)
    {
        var lines = new TntpText(text);
        var faults = new FaultList();
        var declared = double.NaN;
        var ended = false;
        while (!ended && lines.NextLine())
        {
            if (!lines.TryMetadata(out var name, out var value)) break;
            if (name.SequenceEqual("NUMBER OF ZONES"))
            {
                if (!TntpText.TryWhole(value, out var own) || own < 0)
                    faults.AtLine("GH7106", lines.LineNumber, $"<NUMBER OF ZONES> is '{value}', not a whole number of 0 or more", "write a whole number below 2^31");
                else if (zones == 0) zones = own;
                else if (own != zones)
                    faults.AtLine("GH7120", lines.LineNumber, $"the trips have {own} zones and the network {zones}", "give the trips of this network");
            }
            else if (name.SequenceEqual("TOTAL OD FLOW")) TntpText.TryNumber(value, out declared);
            else if (name.StartsWith("END OF METADATA", StringComparison.OrdinalIgnoreCase)) ended = true;
        }
        if (!ended) faults.AtLine("GH7102", lines.LineNumber, "the text ends inside its metadata", "give the whole file; it may have been cut off");
        var rows = ReadPairs(ref lines, zones, faults);
        var total = rows.Sum(r => r.Trips);
        if (faults.Count == 0 && Math.Abs(total - declared) > 1e-4 * Math.Max(declared, 1))
        {
            // A cut-off table cannot always be told from a rounded total: within 1 % it is a warning, beyond it an error.
            var message = $"trips add up to {total} and <TOTAL OD FLOW> is {declared}";
            const string Remedy = "give the whole file, or correct the total";
            if (Math.Abs(total - declared) > 0.01 * declared) faults.AtLine("GH7121", 0, message, Remedy);
            else warnings?.Add(new("GH7121", "", message, Remedy));
        }
        faults.ThrowIfAny();
        return TripTable.From(zones, rows);
    }

    private static List<(int Origin, int Destination, double Trips)> ReadPairs(ref TntpText lines, int zones, FaultList faults)
    {
        var rows = new List<(int, int, double)>();
        var seen = new HashSet<long>();
        var origin = -1;
        while (lines.NextLine())
        {
            while (true)
            {
                var field = lines.NextField();
                if (field.IsEmpty) break;
                if (field.StartsWith("Origin", StringComparison.OrdinalIgnoreCase))
                {
                    if (TntpText.TryWhole(lines.NextField(), out origin) && origin >= 1 && origin <= zones) continue;
                    faults.AtLine("GH7122", lines.LineNumber, $"origin {origin} is outside 1 to {zones}", "number zones from 1");
                    origin = -1;
                    continue;
                }
                if (!ReadPair(ref lines, field, out var destination, out var trips))
                {
                    faults.AtLine("GH7123", lines.LineNumber, $"'{field}' does not begin a pair 'destination : trips;'", "write destination : trips; the file may have been cut off");
                    break;
                }
                if (destination < 1 || destination > zones)
                    faults.AtLine("GH7122", lines.LineNumber, $"destination {destination} is outside 1 to {zones}", "number zones from 1");
                else if (!double.IsFinite(trips) || trips < 0)
                    faults.AtLine("GH7124", lines.LineNumber, $"trips to {destination} are {trips}", "write a finite number of 0 or more");
                else if (origin > 0 && !seen.Add((long)origin << 32 | (uint)destination))
                    faults.AtLine("GH7125", lines.LineNumber, $"trips from {origin} to {destination} are given twice", "give each pair once");
                else if (origin > 0 && trips > 0) rows.Add((origin - 1, destination - 1, trips));
            }
        }
        return rows;
    }

    private static bool ReadPair(ref TntpText lines, ReadOnlySpan<char> field, out int destination, out double trips)
    {
        trips = 0;
        var colon = field.IndexOf(':');
        var number = colon >= 0 ? field[..colon] : field;
        var tail = colon >= 0 ? field[(colon + 1)..] : default;
        if (!TntpText.TryWhole(number, out destination)) return false;
        if (colon < 0)
        {
            var next = lines.NextField();
            if (next.IsEmpty || next[0] != ':') return false;
            tail = next[1..];
        }
        if (tail.IsEmpty) tail = lines.NextField();
        return TntpText.TryNumber(tail, out trips);
    }

    /// <summary>Coordinates of nodes 0 to nodes - 1 from a TNTP "node" text (node, x, y); a node that is absent is NaN.</summary>
    public static (double[] X, double[] Y) ReadNodes(ReadOnlySpan<char> text, int nodes)
    {
        var lines = new TntpText(text);
        var faults = new FaultList();
        var x = new double[nodes];
        var y = new double[nodes];
        Array.Fill(x, double.NaN);
        Array.Fill(y, double.NaN);
        var first = true;
        while (lines.NextLine())
        {
            var number = lines.NextField();
            var isNumber = TntpText.TryWhole(number, out var node);
            if (first && !isNumber) { first = false; continue; } // the heading
            first = false;
            if (!isNumber || !TntpText.TryNumber(lines.NextField(), out var px) || !TntpText.TryNumber(lines.NextField(), out var py))
                faults.AtLine("GH7126", lines.LineNumber, "a node line is not 'node x y'", "write three numbers");
            else if (node < 1 || node > nodes)
                faults.AtLine("GH7108", lines.LineNumber, $"node {node} is outside 1 to {nodes}", "give the nodes of this network");
            else (x[node - 1], y[node - 1]) = (px, py);
        }
        faults.ThrowIfAny();
        return (x, y);
    }

    /// <summary>Flows and costs from a TNTP "flow" text (from, to, volume, cost).</summary>
    public static TntpFlows ReadFlows(ReadOnlySpan<char> text)
    {
        var lines = new TntpText(text);
        var faults = new FaultList();
        List<int> tail = [], head = [];
        List<double> flow = [], cost = [];
        var first = true;
        while (lines.NextLine())
        {
            if (lines.TryMetadata(out _, out _)) continue;
            var isNumber = TntpText.TryWhole(lines.NextField(), out var from);
            if (first && !isNumber) { first = false; continue; }
            first = false;
            if (!isNumber || !TntpText.TryWhole(lines.NextField(), out var to)
                || !TntpText.TryNumber(lines.NextField(), out var volume) || !TntpText.TryNumber(lines.NextField(), out var price))
            {
                faults.AtLine("GH7127", lines.LineNumber, "a flow line is not 'from to volume cost'", "write four numbers");
                continue;
            }
            tail.Add(from - 1);
            head.Add(to - 1);
            flow.Add(volume);
            cost.Add(price);
        }
        faults.ThrowIfAny();
        return new TntpFlows([.. tail], [.. head], [.. flow], [.. cost]);
    }
}
