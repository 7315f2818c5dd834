using GeoHarm.Engine.Displacement;
using GeoHarm.Engine.Scenarios;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Overlay;
using GeoHarm.Spatial.Zonal;
using GeoHarm.Stores.Files;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>The projected hectares of every unit dealt out to the cells of an analyst's raster of coca. Where cells lie is sensitive: the layer
/// leaves only coarsened by the publication gate.</summary>
/// <param name="Cells">Cell centres with after_ha, sensitive.</param>
/// <param name="Units">Units that have cells.</param>
/// <param name="Hectares">Hectares dealt out.</param>
/// <param name="Elsewhere">Hectares of units without a cell in the raster, dealt out nowhere.</param>
internal sealed record ProjectionCells(Layer Cells, int Units, double Hectares, double Elsewhere)
{
    private const int Lotteries = 20; // over which a cell's hectares are averaged: one lottery would look like knowledge of places
    private const double DenseShare = 0.3; // of a cell's area that coca covers at most: the densest square kilometres of the surveys

    /// <summary>Deals out the means of a projection.</summary>
    public static ProjectionCells Of(ProjectionCase projected, ProjectionResult result, string path)
    {
        var source = GdalRaster.Open(path);
        var grid = source.Grid;
        if (grid.CellCount > 20_000_000) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH5523", path, "", $"{grid.CellCount} cells are more than are dealt out at once.", "Cut or coarsen the raster; cells of 1 km are fine enough.")]);
        var coca = new double[grid.CellCount];
        using (var reader = source.OpenReader()) reader.Read(grid.Whole, coca);
        for (var c = 0; c < coca.Length; c++) coca[c] = double.IsFinite(coca[c]) && coca[c] > 0 && coca[c] != source.NoData ? coca[c] : 0;
        var unitOfCell = UnitsOf(projected, grid, source.Reference.IsGeographic);
        var capacity = DenseShare * source.Areas.SquareMetres(grid.Height / 2) / 10_000;
        foreach (var hectares in coca) capacity = Math.Max(capacity, hectares);
        var (target, cellsOf) = (new double[result.Units.Count], new int[result.Units.Count]);
        foreach (var unit in unitOfCell.Where(u => u >= 0)) cellsOf[unit]++;
        foreach (var unit in result.Units) target[unit.Unit] = cellsOf[unit.Unit] > 0 ? unit.After.Value : 0;
        var full = result.Units.Where(u => cellsOf[u.Unit] > 0 && target[u.Unit] > capacity * cellsOf[u.Unit]).ToArray();
        if (full.Length > 0)
        {
            throw new InvalidInputException([.. full.Take(100).Select(u => new Fault(
                FaultSeverity.Error, "GH5524", path, $"unit {projected.Codes[u.Unit]}", FormattableString.Invariant($"{target[u.Unit]:F0} ha do not fit into its {cellsOf[u.Unit]} cells of at most {capacity:F0} ha."), "Give a raster that covers the unit, or larger cells."))]);
        }
        var mean = new double[coca.Length];
        var options = new PatchOptions { CellCapacity = capacity };
        for (var lottery = 0u; lottery < Lotteries; lottery++)
        {
            var dealt = PatchAllocation.Allocate(coca, grid.Width, unitOfCell, target, [], options, projected.Inputs.Scenario.Seed, lottery);
            for (var c = 0; c < mean.Length; c++) mean[c] += unitOfCell[c] >= 0 ? dealt[c] / Lotteries : 0;
        }
        var held = Enumerable.Range(0, mean.Length).Where(c => mean[c] > 0).ToArray();
        var scenario = projected.Inputs.Scenario;
        var layer = new Layer(
            "cells", [Column.Real("after_ha", held.Select(c => mean[c]), "ha"), Column.Integer("year", held.Select(_ => (long?)scenario.BaselineYear))],
            [.. held.Select(c => (Geometry)new Point(grid.West + (c % grid.Width + 0.5) * grid.CellWidth, grid.North - (c / grid.Width + 0.5) * grid.CellHeight))], grid.Crs, Sensitivity.Sensitive,
            title: $"Hectares projected for {scenario.ToYear}, dealt out on the cells seen in {scenario.BaselineYear}",
            caveats: ["Cells are an assumption: even where the rule of growth is known, nine tenths of single cells are missed."]);
        return new ProjectionCells(layer, cellsOf.Count(c => c > 0), target.Sum(), result.Units.Where(u => cellsOf[u.Unit] == 0).Sum(u => u.After.Value));
    }

    private static int[] UnitsOf(ProjectionCase projected, Spatial.Rasters.Grid grid, bool geographic)
    {
        var shift = grid.Crs.Epsg == CoordinateSystem.Wgs84.Epsg ? null : PanelInputs.Between(CoordinateSystem.Wgs84, grid.Crs);
        var zones = new Layer("zones", [Column.Text("id", projected.Codes)], [.. projected.Shapes.Select(s => shift is null ? s : shift.Transform(s!))], grid.Crs);
        var find = new PointsInPolygons(ZonePolygons.Of(zones, "id", geographic));
        var units = new int[grid.CellCount];
        for (var c = 0; c < units.Length; c++) units[c] = find.Find(grid.West + (c % grid.Width + 0.5) * grid.CellWidth, grid.North - (c / grid.Width + 0.5) * grid.CellHeight);
        return units;
    }
}
