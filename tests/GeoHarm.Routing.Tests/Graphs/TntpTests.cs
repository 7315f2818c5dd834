using GeoHarm.Routing.Graphs;

namespace GeoHarm.Routing.Tests.Graphs;

public class TntpTests
{
    private const string Header = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n<END OF METADATA>\n\n~ a comment\n";

    private static string[] CodesOf(string text)
    {
        var thrown = Assert.Throws<InvalidNetworkException>(() => TntpNetworkReader.Read(text));
        Assert.All(thrown.Faults, f => Assert.False(string.IsNullOrWhiteSpace(f.Remedy)));
        return [.. thrown.Faults.Select(f => $"{f.Code}@{f.Line}")];
    }

    [Fact]
    public void A_small_text_reads_into_columns()
    {
        var network = TntpNetworkReader.Read(Header + "\t1\t3\t100\t2.5\t6\t0.15\t4\t0\t7\t1\t;\r\n 3 2 50 1 2 .2 1 ;\n");
        Assert.Equal([0, 2], network.Tail);
        Assert.Equal([2, 1], network.Head);
        Assert.Equal([100.0, 50], network.Capacity);
        Assert.Equal([2.5, 1], network.Length);
        Assert.Equal([6.0, 2], network.FreeFlowTime);
        Assert.Equal([0.15, 0.2], network.B);
        Assert.Equal([4.0, 1], network.Power);
        Assert.Equal([7.0, 0], network.Toll);
        Assert.Equal(0, network.FirstThroughNode);
    }

    [Fact]
    public void Every_fault_of_a_bad_network_is_reported_at_once_with_its_line()
    {
        var codes = CodesOf("<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 7\n<END OF METADATA>\n"
            + "1 2 10 1 -1 .15 4 0 0 1 ;\n1 1 10 1 1 .15 4 0 0 1 ;\n2 3 0 1 1 .15 4 0 0 1 ;\n3 1 10 1 nan .15 4 0 0 1 ;\n"
            + "3 9 10 1 1 .15 4 0 0 1 ;\n2 1 10 1 1 .15 4 0 0 1 ;\n2 1 10 1 1 .15 4 0 0 1 ;\n");
        Assert.Equal(["GH7112@6", "GH7109@7", "GH7113@8", "GH7111@9", "GH7108@10", "GH7115@12"], codes);
    }

    [Fact]
    public void A_thousand_million_declared_nodes_are_a_fault_and_no_allocation()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var codes = CodesOf("<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 1000000000\n<NUMBER OF LINKS> 1\n<END OF METADATA>\n1 2 1 1 1 0 0 ;\n");
        Assert.Contains("GH7105@", codes);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void A_text_cut_off_anywhere_is_an_error_or_the_whole_text()
    {
        var whole = Header + "1 3 100 2.5 6 0.15 4 0 7 1 ;\n3 2 50 1 2 0.2 1 0 0 1 ;\n";
        var lastTime = whole.LastIndexOf(" 0.2", StringComparison.Ordinal);
        for (var length = 0; length < lastTime; length++)
        {
            var text = whole[..length];
            Assert.Throws<InvalidNetworkException>(() => TntpNetworkReader.Read(text));
        }
    }

    [Fact]
    public void Parallel_links_that_differ_are_a_warning()
    {
        var network = TntpNetworkReader.Read(Header + "1 3 100 2.5 6 0.15 4 0 7 1 ;\n1 3 50 1 2 0.2 1 0 0 1 ;\n");
        Assert.Equal("GH7116", Assert.Single(network.Warnings).Code);
        Assert.Equal(9, network.Warnings[0].Line);
    }

    [Fact]
    public void Random_damage_never_gives_anything_but_faults_or_a_network()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = Header + "1 3 100 2.5 6 0.15 4 0 7 1 ;\n3 2 50 1 2 0.2 1 0 0 1 ;\n";
        for (var trial = 0; trial < 3000; trial++)
        {
            var text = whole.ToCharArray();
            for (var i = 0; i < 3; i++) text[random.Next(text.Length)] = "0123456789 -.<>;~\nnaE"[random.Next(21)];
            try { TntpNetworkReader.Read(text); }
            catch (InvalidNetworkException e) { Assert.NotEmpty(e.Faults); }
            catch (Exception e) { Assert.Fail($"seed {seed}, trial {trial}: {e}"); }
        }
    }

    [Fact]
    public void Trips_read_by_origin_with_any_spacing()
    {
        var trips = TntpTablesReader.ReadTrips("<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 9\n<END OF METADATA>\n\nOrigin \t2 \n 1 : 4.0; 3 :\t2;\n3:1;".Replace("3:1;", "2 : 0;") + "\nOrigin 3\n1 : 3.0;\n", 3);
        Assert.Equal([0, 0, 2, 3], trips.First);
        Assert.Equal([0, 2, 0], trips.Destination);
        Assert.Equal([4.0, 2, 3], trips.Trips);
    }

    [Fact]
    public void Every_fault_of_a_bad_trip_table_is_reported_at_once()
    {
        var thrown = Assert.Throws<InvalidNetworkException>(() => TntpTablesReader.ReadTrips(
            "<NUMBER OF ZONES> 3\n<TOTAL OD FLOW> 9\n<END OF METADATA>\nOrigin 1\n 2 : -4; 9 : 1; 3 : 1; 3 : 2;\nOrigin 7\n1 : x;\n", 3));
        Assert.Equal(["GH7124", "GH7122", "GH7125", "GH7122", "GH7123"], thrown.Faults.Select(f => f.Code));
    }

    [Fact]
    public void A_trip_table_that_misses_its_total_is_an_error()
    {
        var thrown = Assert.Throws<InvalidNetworkException>(() =>
            TntpTablesReader.ReadTrips("<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 9\n<END OF METADATA>\nOrigin 1\n 2 : 4;\n", 2));
        Assert.Equal("GH7121", Assert.Single(thrown.Faults).Code);
    }

    [Fact]
    public void Published_networks_have_their_published_sizes()
    {
        var chicago = SharedNetworks.Network("Chicago-Sketch/ChicagoSketch_net.tntp");
        Assert.Equal((387, 933, 2950, 0), (chicago.Zones, chicago.Nodes, chicago.Links, chicago.FirstThroughNode));
        Assert.Equal(774, chicago.FreeFlowTime.Count(t => t == 0));
        Assert.Equal(1260907.44, SharedNetworks.Trips("Chicago-Sketch/ChicagoSketch_trips.tntp", 387).Total, 1e-3);
        var berlin = SharedNetworks.Network("Berlin-Center/berlin-center_net.tntp");
        Assert.Equal((865, 12981, 28376, 865), (berlin.Zones, berlin.Nodes, berlin.Links, berlin.FirstThroughNode));
        Assert.Equal(6, berlin.Warnings.Count); // parallel streets with different lengths
        var (x, _) = TntpTablesReader.ReadNodes(SharedNetworks.Text("Sydney/Sydney_node.tntp"), 33113);
        Assert.Equal(151.197, x[0]);
        var flows = TntpTablesReader.ReadFlows(SharedNetworks.Text("SiouxFalls/SiouxFalls_flow.tntp"));
        Assert.Equal(76, flows.Flow.Length);
    }
}
