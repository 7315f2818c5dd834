using CsCheck;
using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Statistics;

namespace GeoHarm.Engine.Tests.Displacement;

public class PatchAllocationTests
{
    [Fact]
    public void Every_unit_gets_exactly_its_hectares_and_no_cell_more_than_it_holds() =>
        Gen.Select(Gen.Int[3, 14], Gen.Int[3, 14], Gen.Double[0, 1], Gen.ULong).Sample((columns, rows, share, seed) =>
        {
            var random = new CounterRandom(seed, 0, 0);
            var options = new PatchOptions { NewPatchShare = share };
            double[] coca = new double[columns * rows], target = new double[3];
            var unit = new int[coca.Length];
            for (var c = 0; c < coca.Length; c++) (coca[c], unit[c]) = (random.NextUniform() < 0.2 ? 30 * random.NextUniform() : 0, (int)(random.NextUniform() * 4) - 1);
            for (var u = 0; u < 3; u++) target[u] = random.NextUniform() * 30 * unit.Count(v => v == u);
            var allocated = PatchAllocation.Allocate(coca, columns, unit, target, [], options, seed, 1);
            for (var u = 0; u < 3; u++) Assert.Equal(target[u], Enumerable.Range(0, coca.Length).Where(c => unit[c] == u).Sum(c => allocated[c]), 1e-9 * Math.Max(1, target[u]));
            for (var c = 0; c < coca.Length; c++)
            {
                Assert.InRange(allocated[c], 0, 30 * (1 + 1e-9));
                if (unit[c] < 0) Assert.Equal(coca[c], allocated[c]);
            }
            Assert.Equal(allocated, PatchAllocation.Allocate(coca, columns, unit, target, [], options, seed, 1));
        }, iter: 300);

    [Fact]
    public void Growth_stays_at_the_old_patch_and_new_patches_stand_apart_by_hand()
    {
        // 20 x 20 cells, 10 ha in the middle; 16 ha more. Without new patches all lie in the middle nine cells.
        var coca = new double[400];
        coca[10 * 20 + 10] = 10;
        var unit = new int[400];
        bool Near(int c) => Math.Abs(c / 20 - 10) <= 1 && Math.Abs(c % 20 - 10) <= 1;
        var grown = PatchAllocation.Allocate(coca, 20, unit, [26], [], new PatchOptions { NewPatchShare = 0 }, 4, 0);
        Assert.Equal(26, Enumerable.Range(0, 400).Where(Near).Sum(c => grown[c]), 1e-9);
        var founded = PatchAllocation.Allocate(coca, 20, unit, [26], [], new PatchOptions { NewPatchShare = 1 }, 4, 0);
        Assert.Equal(10, Enumerable.Range(0, 400).Where(Near).Sum(c => founded[c]), 1e-9);
        // A loss takes the lonely cell before the cluster.
        (coca[0], coca[10 * 20 + 11]) = (5, 10);
        var shrunk = PatchAllocation.Allocate(coca, 20, unit, [20], [], new PatchOptions(), 4, 0);
        Assert.Equal((0, 10, 10), (shrunk[0], shrunk[10 * 20 + 10], shrunk[10 * 20 + 11]));
    }

    [Fact]
    public void A_cell_that_is_not_suited_gets_nothing_and_a_target_beyond_the_cells_is_refused()
    {
        double[] coca = [0, 5, 0, 0], suitability = [0, 1, 1, 0];
        var allocated = PatchAllocation.Allocate(coca, 2, [0, 0, 0, 0], [50], suitability, new PatchOptions(), 1, 0);
        Assert.Equal((0, 0), (allocated[0], allocated[3]));
        Assert.Contains("Unit 0 shall have 61 ha", Assert.Throws<ArgumentException>(() => PatchAllocation.Allocate(coca, 2, [0, 0, 0, 0], [61], suitability, new PatchOptions(), 1, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_maps_are_compared_by_hand()
    {
        // Seen: +4 in the first cell, -2 in the third. Said: +3 in the first, +1 in the second, nothing lost.
        var scores = ThreeMapComparison.Compare([0, 0, 5, 0], [4, 0, 3, 0], [3, 1, 5, 0], 2, [1, 2]);
        Assert.Equal(new ThreeMapScore(1, 3, 3, 1, 3.0 / 7), scores[0]);
        // As one block: seen +2, said +4.
        Assert.Equal(new ThreeMapScore(2, 2, 0, 2, 0.5), scores[1]);
        Assert.Equal(1, ThreeMapComparison.Compare([1, 2], [1, 2], [1, 2], 2, [1])[0].FigureOfMerit);
    }

    [Fact]
    public void Where_gains_follow_old_patches_the_allocation_finds_them_better_than_chance_at_every_resolution()
    {
        // Known truth: 100 x 100 cells in four units; gains made by the same rule under another seed, so that only the rule is shared.
        const int side = 100;
        var random = new CounterRandom(11, 0, 0);
        double[] coca = new double[side * side], target = new double[4];
        var unit = new int[coca.Length];
        for (var c = 0; c < coca.Length; c++) unit[c] = c / side / 50 * 2 + c % side / 50;
        for (var patch = 0; patch < 25; patch++)
        {
            var (row, column) = ((int)(random.NextUniform() * 96), (int)(random.NextUniform() * 96));
            for (var k = 0; k < 16; k++) coca[(row + k / 4) * side + column + k % 4] = 8 * random.NextUniform();
        }
        for (var c = 0; c < coca.Length; c++) target[unit[c]] += 1.6 * coca[c];
        var truth = PatchAllocation.Allocate(coca, side, unit, target, [], new PatchOptions(), 100, 0);
        int[] sides = [1, 5, 10, 20, 50];
        double[] model = new double[5], chance = new double[5];
        for (var member = 0u; member < 5; member++)
        {
            var said = PatchAllocation.Allocate(coca, side, unit, target, [], new PatchOptions(), 200, member);
            var blind = (double[])coca.Clone();
            // Chance: every gained hectare falls on any cell of its unit.
            var lots = new CounterRandom(300, member, 0);
            for (var u = 0; u < 4; u++)
            {
                for (var left = target[u] / 1.6 * 0.6; left > 0; left -= 1)
                {
                    var (row, column) = (u / 2 * 50 + (int)(lots.NextUniform() * 50), u % 2 * 50 + (int)(lots.NextUniform() * 50));
                    blind[row * side + column] += Math.Min(1, left);
                }
            }
            for (var s = 0; s < sides.Length; s++)
            {
                model[s] += ThreeMapComparison.Compare(coca, truth, said, side, sides)[s].FigureOfMerit / 5;
                chance[s] += ThreeMapComparison.Compare(coca, truth, blind, side, sides)[s].FigureOfMerit / 5;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"model {string.Join(' ', model.Select(m => m.ToString("F3", null)))}; chance {string.Join(' ', chance.Select(m => m.ToString("F3", null)))}");
        for (var s = 0; s < 4; s++) Assert.True(model[s] > 1.5 * chance[s] || (s == 3 && model[s] > chance[s]), $"blocks of {sides[s]}: {model[s]:F3} against {chance[s]:F3}");
        Assert.Equal(model.Order(), model); // nearer and nearer to the net change, which is given
        Assert.Equal(1, model[4], 1e-9);
    }

    [Fact]
    public void Cells_of_a_sensitive_map_leave_only_coarsened_to_their_units()
    {
        double[] cells = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var layer = new Layer("cells", [Column.Real("ha", cells)], sensitivity: Sensitivity.Sensitive);
        Assert.Throws<NotPublishableException>(() => PublicationGate.Release(layer, Audience.Public, []));
        Assert.Equal([12, 9, 15, 9], PatchAllocation.Blocks(cells, 3, 2));
    }
}
