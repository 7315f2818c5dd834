namespace GeoHarm.Engine.Displacement;

/// <summary>The balloon between units, countries above all: what was gained elsewhere for what was lost here.</summary>
/// <param name="From">First year.</param>
/// <param name="To">Last year.</param>
/// <param name="Gain">Hectares gained by units that grew.</param>
/// <param name="Loss">Hectares lost by units that shrank.</param>
/// <param name="Share">Gain over loss; NaN when nothing was lost. Arithmetic of totals, not a cause.</param>
/// <param name="Gainers">Units that grew, largest gain first.</param>
/// <param name="Losers">Units that shrank, largest loss first.</param>
public sealed record LeakageBetween(int From, int To, double Gain, double Loss, double Share, IReadOnlyList<string> Gainers, IReadOnlyList<string> Losers)
{
    /// <summary>Leakage from one year to another.</summary>
    public static LeakageBetween Of(IReadOnlyList<string> units, int from, int to, ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        double gain = 0, loss = 0;
        var changes = new List<(string Unit, double Change)>();
        for (var u = 0; u < units.Count; u++)
        {
            var change = after[u] - before[u];
            gain += Math.Max(0, change);
            loss += Math.Max(0, -change);
            changes.Add((units[u], change));
        }
        return new LeakageBetween(
            from, to, gain, loss, loss > 0 ? gain / loss : double.NaN,
            [.. changes.Where(c => c.Change > 0).OrderByDescending(c => c.Change).Select(c => c.Unit)], [.. changes.Where(c => c.Change < 0).OrderBy(c => c.Change).Select(c => c.Unit)]);
    }
}
