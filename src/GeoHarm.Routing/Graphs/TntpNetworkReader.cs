namespace GeoHarm.Routing.Graphs;

/// <summary>
/// Reads a TNTP "net" text: metadata, then one link a line (init node, term node, capacity, length, free-flow time, b, power,
/// speed, toll, type; the last three may be absent). Nothing is allocated by a declared count, so a text that declares
/// a thousand million nodes costs nothing. Throws <see cref="InvalidNetworkException"/> with every fault.
/// </summary>
public static class TntpNetworkReader
{
    private const int Columns = 7;

    /// <summary>The network in <paramref name="text"/>.</summary>
    public static TntpNetwork Read(ReadOnlySpan<char> text)
    {
        var lines = new TntpText(text);
        var faults = new FaultList();
        var header = ReadHeader(ref lines, faults);
        var links = new Links();
        if (header.Ended)
        {
            while (lines.NextLine()) ReadLink(ref lines, header, links, faults);
            CheckCounts(lines, header, links, faults);
        }
        var warnings = CheckParallel(links, faults);
        faults.ThrowIfAny();
        return new TntpNetwork
        {
            Zones = header.Zones, Nodes = header.Nodes, FirstThroughNode = Math.Max(header.FirstThrough, 1) - 1,
            Tail = [.. links.Tail], Head = [.. links.Head], Capacity = Column(links, 0), Length = Column(links, 1),
            FreeFlowTime = Column(links, 2), B = Column(links, 3), Power = Column(links, 4), Toll = Column(links, 6),
            Warnings = warnings,
        };
    }

    private static double[] Column(Links links, int column)
    {
        var values = new double[links.Tail.Count];
        for (var i = 0; i < values.Length; i++) values[i] = links.Values[i * Columns + column];
        return values;
    }

    private static Header ReadHeader(ref TntpText lines, FaultList faults)
    {
        int zones = -1, nodes = -1, count = -1, through = 1;
        var ended = false;
        while (!ended && lines.NextLine())
        {
            if (!lines.TryMetadata(out var name, out var value))
            {
                faults.AtLine("GH7101", lines.LineNumber, "the metadata has a line that is not <NAME> value", "end the metadata with <END OF METADATA>");
                break;
            }
            if (name.StartsWith("END OF METADATA", StringComparison.OrdinalIgnoreCase)) { ended = true; break; }
            if (name.SequenceEqual("NUMBER OF ZONES")) zones = Whole(value, "NUMBER OF ZONES", lines.LineNumber, faults);
            else if (name.SequenceEqual("NUMBER OF NODES")) nodes = Whole(value, "NUMBER OF NODES", lines.LineNumber, faults);
            else if (name.SequenceEqual("NUMBER OF LINKS")) count = Whole(value, "NUMBER OF LINKS", lines.LineNumber, faults);
            else if (name.SequenceEqual("FIRST THRU NODE")) through = Whole(value, "FIRST THRU NODE", lines.LineNumber, faults);
        }
        if (!ended) faults.AtLine("GH7102", lines.LineNumber, "the text ends inside its metadata", "give the whole file; it may have been cut off");
        foreach (var (value, name) in new[] { (zones, "NUMBER OF ZONES"), (nodes, "NUMBER OF NODES"), (count, "NUMBER OF LINKS") })
        {
            if (value == -1) faults.AtLine("GH7103", 0, $"<{name}> is missing", $"add <{name}> to the metadata");
        }
        if (nodes >= 0 && zones > nodes)
            faults.AtLine("GH7104", 0, $"{zones} zones are declared but only {nodes} nodes", "zones are the first nodes: declare at least as many nodes");
        if (nodes >= 0 && through > (long)nodes + 1)
            faults.AtLine("GH7104", 0, $"FIRST THRU NODE {through} is above the {nodes} nodes", "FIRST THRU NODE lies between 1 and the number of nodes");
        // A connected network has at most links + 1 nodes; more than twice that is a wrong number, and would only cost memory.
        if (count >= 0 && nodes > 2L * count + 1000)
            faults.AtLine("GH7105", 0, $"{nodes} nodes are declared for {count} links", "declare the nodes that links use; most of these could not be reached");
        return new Header(zones, nodes, count, through, ended);
    }

    private static int Whole(ReadOnlySpan<char> value, string name, int line, FaultList faults)
    {
        if (TntpText.TryWhole(value, out var whole) && whole >= 0) return whole;
        faults.AtLine("GH7106", line, $"<{name}> is '{value}', not a whole number of 0 or more", "write a whole number below 2^31");
        return -2;
    }

    private static void ReadLink(ref TntpText lines, Header header, Links links, FaultList faults)
    {
        var line = lines.LineNumber;
        if (!TntpText.TryWhole(lines.NextField(), out var tail) || !TntpText.TryWhole(lines.NextField(), out var head))
        {
            links.Broken = true;
            faults.AtLine("GH7107", line, "a link must begin with two node numbers", "write init node and term node as whole numbers");
            return;
        }
        foreach (var node in (ReadOnlySpan<int>)[tail, head])
        {
            if (node < 1 || (header.Nodes >= 0 && node > header.Nodes))
                faults.AtLine("GH7108", line, $"node {node} is outside 1 to {header.Nodes}", "correct the link or <NUMBER OF NODES>");
        }
        if (tail == head) faults.AtLine("GH7109", line, $"the link leads from node {tail} to itself", "remove it: it carries no trip");
        Span<double> values = stackalloc double[Columns];
        for (var column = 0; column < Columns; column++)
        {
            var field = lines.NextField();
            if (field.IsEmpty && column >= 5) break;
            if (field.IsEmpty || !TntpText.TryNumber(field, out values[column]))
            {
                var found = field.IsEmpty ? "missing" : $"'{field}'";
                var cut = !lines.LineIsWhole ? "; the last line has no end, so the file may have been cut off" : "";
                links.Broken = true;
                faults.AtLine("GH7110", line, $"{Names[column]} is {found}{cut}", "write a number");
                return;
            }
        }
        CheckValues(values, line, faults);
        links.Tail.Add(tail - 1);
        links.Head.Add(head - 1);
        links.Line.Add(line);
        foreach (var value in values) links.Values.Add(value);
    }

    private static readonly string[] Names = ["capacity", "length", "free-flow time", "b", "power", "speed", "toll"];

    private static void CheckValues(ReadOnlySpan<double> values, int line, FaultList faults)
    {
        for (var column = 0; column < Columns; column++)
        {
            var value = values[column];
            if (!double.IsFinite(value))
                faults.AtLine("GH7111", line, $"{Names[column]} is {value}", "write a finite number; to close a link leave it out");
            else if (value < 0)
                faults.AtLine("GH7112", line, $"{Names[column]} is {value}, below 0", "a cost that falls or is negative has no equilibrium; write 0 or more");
        }
        if (values[0] == 0 && values[3] > 0 && values[2] > 0)
            faults.AtLine("GH7113", line, "capacity is 0 on a link whose cost depends on flow", "write a capacity above 0, or b = 0 for a constant cost");
    }

    private static void CheckCounts(TntpText lines, Header header, Links links, FaultList faults)
    {
        if (header.Links >= 0 && links.Tail.Count != header.Links && !links.Broken)
            faults.AtLine("GH7114", lines.LineNumber, $"{header.Links} links are declared and {links.Tail.Count} were found", "give the whole file, or correct <NUMBER OF LINKS>");
    }

    private static List<NetworkFault> CheckParallel(Links links, FaultList faults)
    {
        var warnings = new List<NetworkFault>();
        var seen = new Dictionary<long, int>(links.Tail.Count);
        for (var i = 0; i < links.Tail.Count; i++)
        {
            var key = (long)links.Tail[i] << 32 | (uint)links.Head[i];
            if (seen.TryAdd(key, i)) continue;
            var earlier = seen[key];
            var same = true;
            for (var column = 0; column < Columns; column++)
                same &= links.Values[i * Columns + column] == links.Values[earlier * Columns + column];
            var where = $"link {links.Tail[i] + 1} to {links.Head[i] + 1}";
            if (same) faults.AtLine("GH7115", links.Line[i], $"{where} repeats line {links.Line[earlier]} in every column", "remove one: a repeated line doubles the capacity");
            else warnings.Add(new("GH7116", $"line {links.Line[i]}", $"{where} is parallel to line {links.Line[earlier]}", "keep both only if they are two roads", links.Line[i]));
        }
        return warnings;
    }

    private sealed record Header(int Zones, int Nodes, int Links, int FirstThrough, bool Ended);

    private sealed class Links
    {
        public bool Broken { get; set; }
        public List<int> Tail { get; } = [];
        public List<int> Head { get; } = [];
        public List<int> Line { get; } = [];
        public List<double> Values { get; } = [];
    }
}
