using System.Globalization;
using GeoHarm.Engine.Publication;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Pictures.Projections;
using GeoHarm.Maps.Reports;
using GeoHarm.Maps.Styles;
using GeoHarm.Spatial.Crs;
using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Rasters;
using GeoHarm.Stores.Files;
using NetTopologySuite.Geometries;

namespace GeoHarm.Cli;

/// <summary>How one layer or raster is shown: what <c>map render</c> was asked.</summary>
internal sealed record LayerPictures
{
    /// <summary>Longest side of a raster that is drawn, cells: more than a picture has pixels would not be seen.</summary>
    private const int MostCells = 2400;

    public string? Column { get; init; }

    public LayerQuery? Where { get; init; }

    /// <summary>Column with one picture for each value.</summary>
    public string? Batch { get; init; }

    /// <summary>Whether the pictures are frames of one animation.</summary>
    public bool IsAnimated { get; init; }

    /// <summary>Column with one panel for each value.</summary>
    public string? Multiples { get; init; }

    public string? Title { get; init; }

    public required Palette Palette { get; init; }

    public required ClassMethod Method { get; init; }

    /// <summary>Breaks of fixed classes, rising.</summary>
    public IReadOnlyList<double> Breaks { get; init; } = [];

    /// <summary>zones, symbols or clusters.</summary>
    public required string Kind { get; init; }

    /// <summary>Equal-area projection.</summary>
    public ProjectionKind Projection { get; init; } = ProjectionKind.Auto;

    public required string Language { get; init; }

    /// <summary>Pictures of a vector layer.</summary>
    public List<PictureSpec> Of(PublishedLayer source)
    {
        var layer = source.Layer;
        var fit = layer.Columns.Where(c => Kind == "clusters" ? c.Type == FieldType.Text : c.Type is FieldType.Real or FieldType.Integer).Select(c => c.Name).ToArray();
        if (Column is null || !fit.Contains(Column)) throw Problem.Usage($"Give --column with {(Kind == "clusters" ? "a text of clusters" : "a number to show")}: {string.Join(", ", fit)}.");
        foreach (var split in new[] { Batch, Multiples }.OfType<string>())
        {
            if (!layer.Has(split)) throw Problem.Usage($"The layer has no column '{split}'.");
        }
        var parts = Parts(layer, Batch, Where);

        // One set of classes for all pictures and panels, or they could not be compared.
        var rows = Kept(layer, Where);
        if (layer.RowCount > 0 && rows.Length == 0)
            throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6026", layer.Name, "rows", $"None of the {layer.RowCount} rows fits --where: there is nothing to show.", "Give a value that the column has.")]);
        var shared = Kind == "clusters" ? null : ClassesOf(rows.Select(layer[Column].Number));

        // Panels of one picture share a window, and frames of an animation; each picture of a batch has its own.
        return [.. parts.Select(part => new PictureSpec
        {
            Name = part.Name, Title = (Title ?? layer.Title) + (Batch is null ? "" : $": {part.Value}"), Language = Language,
            // A model's result keeps its badge outside its run too.
            Credits = new Credits
            {
                Source = layer.Provenance.Source, Licence = layer.Provenance.Licence, IsScenario = PublicationGate.ModelCaveats.All(layer.Caveats.Contains), Caveats = [.. layer.Caveats.Except(PublicationGate.ModelCaveats)],
            },
            Panels = Panels(source, part.Where, shared, Window(source, IsAnimated ? rows : Kept(layer, part.Where))),
        }).Select(spec => spec with { Columns = Across(spec.Panels) })];
    }

    /// <summary>The picture of a raster file; of one larger than a picture, every so many cells.</summary>
    public PictureSpec OfRaster(string path, PublishedLayer land)
    {
        var raster = GdalRaster.Open(path);
        var step = (int)Math.Ceiling(Math.Max(raster.Grid.Width, raster.Grid.Height) / (double)MostCells);
        var (columns, rows) = (Math.Max(1, raster.Grid.Width / step), Math.Max(1, raster.Grid.Height / step));
        var grid = new Grid(raster.Grid.West, raster.Grid.North, raster.Grid.CellWidth * step, raster.Grid.CellHeight * step, columns, rows, raster.Grid.Crs);
        var sampled = new ResampledRaster(raster, grid);
        var (values, line) = (new float[columns * rows], new double[columns]);
        using (var reader = sampled.OpenReader())
        {
            for (var row = 0; row < rows; row++)
            {
                reader.Read(new RasterWindow(0, row, columns, 1), line);
                for (var c = 0; c < columns; c++) values[row * columns + c] = line[c] == raster.NoData ? float.NaN : (float)line[c];
            }
        }
        var known = values.Where(v => !float.IsNaN(v)).ToArray();
        if (known.Length == 0) throw new InvalidInputException([new Fault(FaultSeverity.Error, "GH6024", Path.GetFileName(path), "cells", "No cell of the raster has a value: there is nothing to show.", "Check its no-data value (gdalinfo).")]);
        var ring = new GeometryFactory().CreatePolygon([new(grid.West, grid.South), new(grid.East, grid.South), new(grid.East, grid.North), new(grid.West, grid.North), new(grid.West, grid.South)]);
        var name = Path.GetFileNameWithoutExtension(path);
        var footprint = PublishedLayer.Open(new Layer(name, [Column("cells", raster.Grid.CellCount), Column("step", step), Column("least", known.Min()), Column("mean", known.Average(v => (double)v)), Column("most", known.Max())], [ring], raster.Grid.Crs,
            provenance: new Provenance(Path.GetFileName(path), ""), title: name));
        var note = step == 1 ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"Every {step}th cell of each direction is drawn.") };
        return new PictureSpec
        {
            Name = name, Title = Title ?? name, Language = Language,
            Credits = new Credits { Source = Path.GetFileName(path), IsScenario = false, Caveats = note },
            Panels = [new MapSpec { Projection = Projection, Layers = [new Basemap(land), new RasterShade(footprint, new RasterCells(values, columns, grid.West, grid.North, grid.CellWidth, grid.CellHeight), name) { Classes = ClassesOf(known.Where(v => v != 0).Select(v => (double)v)), Palette = Palette }] }],
        };

        static Column Column(string column, double value) => Spatial.Layers.Column.Real(column, [value]);
    }

    private List<Panel> Panels(PublishedLayer source, LayerQuery? where, Classes? shared, MapExtent? extent)
    {
        if (Multiples is null) return [Map(source, where, shared, extent)];
        var parts = Parts(source.Layer, Multiples, where);
        var maps = parts.Select(part => Map(source, part.Where, shared, extent) with { Title = part.Value, HasLegend = false, HasGraticule = false }).ToArray();
        return maps.Length == 0 ? [Map(source, where, shared, extent)] : [.. maps, new LegendPanel(Map(source, where, shared, extent))];
    }

    private MapSpec Map(PublishedLayer source, LayerQuery? where, Classes? shared, MapExtent? extent)
    {
        var unit = Legend(source.Layer[Column!]);
        var named = Multiples is null ? new[] { "name", "NAME", "nombre" }.FirstOrDefault(source.Layer.Has) : null;
        MapLayer theme = Kind switch
        {
            "symbols" => new Symbols(source, Column!, unit) { Where = where, Signed = Palette.IsDiverging },
            "clusters" => new ClusterMap(source, Column!, unit) { Where = where },
            _ => new Choropleth(source, Column!, unit) { Where = where, Classes = shared, Palette = Palette, NoValueGroup = source.Layer.Has("country") ? "country" : null },
        };
        var layers = new List<MapLayer> { new Basemap(source) { OutlineWidth = 0.3f }, theme };
        if (named is not null) layers.Add(new NameLabels(source, named) { Where = where, ImportanceColumn = Kind == "clusters" ? null : Column, Beside = theme as Symbols });
        return new MapSpec { Layers = layers, Extent = extent, Projection = Projection };
    }

    // The rows' own; of a layer of several countries, those of countries that have a value.
    private MapExtent? Window(PublishedLayer source, int[] rows)
    {
        var layer = source.Layer;
        if (!layer.HasGeometry) return null;
        if (layer.Has("country") && Kind != "clusters")
        {
            var country = layer["country"];
            var known = rows.Where(r => !double.IsNaN(layer[Column!].Number(r))).Select(country.TextAt).ToHashSet(StringComparer.Ordinal);
            if (known.Count > 0) rows = [.. rows.Where(r => known.Contains(country.TextAt(r)))];
        }
        return MapExtent.Of(source, rows)?.Grown(0.04);
    }

    private static int[] Kept(Layer layer, LayerQuery? where) => [.. Enumerable.Range(0, layer.RowCount).Where(r => where?.Equal is not { } equal || equal.All(e => layer[e.Key].TextAt(r) == e.Value))];

    // The words of a measure of a run; a column's own name otherwise.
    private string Legend(Column column)
    {
        var words = Wording.In(Language);
        foreach (var state in new[] { "before", "after", "change" })
        {
            if (!column.Name.EndsWith("_" + state, StringComparison.Ordinal) || column.Name[..^(state.Length + 1)] is not { } measure || !words.Has("measure." + measure)) continue;
            return state == "change" ? words.Format("map.changeOf", words.Unit(measure)) : $"{words["map." + state]}: {words.Unit(measure)}";
        }
        return column.Unit is { } unit ? $"{column.Name}, {unit}" : column.Name;
    }

    private Classes ClassesOf(IEnumerable<double> values) => Breaks.Count > 0 ? Classification.Fixed([.. Breaks])
        : Palette.IsDiverging ? Classification.Signed(values)
        : Classification.Of(values, Method, 5);

    private static List<(string Name, string Value, LayerQuery? Where)> Parts(Layer layer, string? column, LayerQuery? where)
    {
        if (column is null) return [(layer.Name, "", where)];
        return [.. Kept(layer, where)
            .Select(r => layer[column].TextAt(r)).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .Select(v => (Safe(v), v, (LayerQuery?)new LayerQuery(Equal: new Dictionary<string, string>(where?.Equal ?? new Dictionary<string, string>()) { [column] = v })))];
    }

    // The number of columns that lets the maps be largest on a page that lies.
    private static int Across(IReadOnlyList<Panel> panels)
    {
        if (panels[0] is not MapSpec map || panels.Count == 1) return 1;
        var extent = map.ExtentInForce();
        var shape = (extent.East - extent.West) * Math.Cos((extent.South + extent.North) / 2 * Math.PI / 180) / (extent.North - extent.South);
        return Enumerable.Range(1, panels.Count).MaxBy(c => Math.Min(PictureSize.A4Landscape.Width / c, shape * 0.75 * PictureSize.A4Landscape.Height / Math.Ceiling(panels.Count / (double)c)));
    }

    private static string Safe(string text) => string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
}
