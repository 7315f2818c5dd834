using GeoHarm.Gdal.Datasets;
using GeoHarm.Spatial.Layers;
using GeoHarm.Stores.Files;
using GeoHarm.Stores.GeoPackage;

namespace GeoHarm.Stores.Importers;

/// <summary>Tells what a file is by its content and has the importer of that format read it.</summary>
internal static class Recognition
{
    internal const string Version = "1";

    /// <summary>Cell of a Hansen GFC tile, degrees.</summary>
    private const double HansenDegrees = 0.00025;

    /// <summary>The last meridian.</summary>
    private const double EastOfAll = 180;

    /// <summary>Formats of tables, the most particular first.</summary>
    private static readonly ITableImporter[] Tables =
    [
        new CocaMunicipal(), new CocaSeries(), new MunicipalPanel(), new RegistryMargins(), new VictimsRegistry(), new ConflictPanel(), new EradicationEvents(), new CocaBaseSeizures(), new SeizureEvents(),
        new ForestLossTable(), new LandCoverTable(), new GovernanceTable(), new HomicideTable(), new RefugeeTable(), new InternalDisplacement(), new DrugSeizures(), new PlainTable(),
    ];

    internal static readonly IFeatureImporter[] Features = [new CocaGrid(), new MunicipalBoundaries(), new FirstLevelUnits(), new NaturalEarth(), new SeaLanes(), new PlainFeatures()];

    /// <summary>Reads a file. Faults come back in the outcome; only a file that cannot be opened throws
    /// <see cref="StoreException"/>.</summary>
    public static ImportOutcome Read(string path, ImportRequest request)
    {
        var source = SourceFile.Open(path);
        var origin = new Provenance(Path.GetFileName(path), "unknown", source.Kind is SourceKind.Raster or SourceKind.Unknown ? "" : source.Sha256());
        try
        {
            var outcome = source.Kind switch
            {
                SourceKind.Table => Table(TextTable.Parse(path, source.Bytes()), origin),
                SourceKind.JsonTable => Table(JsonTable.Records(path, source.Bytes()), origin),
                SourceKind.Ports => JsonTable.Ports(path, source.Bytes(), origin),
                SourceKind.Workbook => Workbook(path, origin),
                SourceKind.Features => FeatureOutcome(path, origin, request),
                SourceKind.GeoPackage => Package(path, request),
                SourceKind.Tntp => TntpFile.Check(source),
                SourceKind.Raster => Raster(path),
                SourceKind.Parquet => Parquet(path, origin, request),
                _ => Unknown(path),
            };
            return Finish(outcome, request);
        }
        catch (InvalidInputException refused)
        {
            return Refused(source.Kind.ToString().ToLowerInvariant(), refused.Faults);
        }
    }

    /// <summary>Plots refused or merged, sensitivity as the user says.</summary>
    internal static ImportOutcome FromLayers(string path, string format, string? kind, IReadOnlyList<Layer> layers, long rows, JoinReport join, IReadOnlyDictionary<int, double> sums, List<Fault> faults, ImportRequest request)
    {
        var kept = new List<Layer>();
        foreach (var layer in layers)
        {
            if (!PlotLike.Holds(layer, request.Kind ?? kind)) kept.Add(layer);
            else if (request.Coarsen) kept.Add(PlotLike.Coarsen(layer));
            else faults.Add(PlotLike.Refusal(path, layer));
        }
        var totals = sums.OrderBy(s => s.Key).ToDictionary(s => s.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), s => Math.Round(s.Value, 6));
        var usable = faults.All(f => f.Severity != FaultSeverity.Error);
        return new ImportOutcome(format, usable ? kept : [], rows, [.. sums.Keys.Order()], totals, join, faults, []);
    }

    private static ImportOutcome Table(TextTable table, Provenance origin)
    {
        if (table.Header.Length == 0) return Refused("table", table.Faults);
        var importer = Tables.First(i => i.Recognises(table));
        return importer.Read(table, origin with { Importer = $"{importer.Format} {Version}" });
    }

    private static ImportOutcome Workbook(string path, Provenance origin)
    {
        var sheets = WorkbookFile.Sheets(path);
        foreach (var (_, sheet) in sheets)
        {
            var table = CocaWorkbook.WithoutTotals(sheet) ?? sheet;
            var importer = Tables.First(i => i.Recognises(table));
            // Seizures come as a sheet a year: all sheets of one form are one table.
            if (importer is PlainTable) continue;
            var same = sheets.Where(s => s.Table.Header.SequenceEqual(sheet.Header)).Select(s => s.Table).ToArray();
            if (same.Length > 1) table = Joined(path, sheet, same);
            var outcome = importer.Read(table, origin with { Importer = $"{importer.Format} {Version}" });
            return ReferenceEquals(table, sheet) || importer is not CocaMunicipal ? outcome : outcome with { Format = "coca-municipal-workbook" };
        }
        return sheets.Count == 0
            ? Refused("workbook", [new Fault(FaultSeverity.Error, "GH4010", path, "", "The workbook holds no table.", "Give a sheet with a header row and rows under it.")])
            : Table(sheets[0].Table, origin);
    }

    private static TextTable Joined(string path, TextTable first, TextTable[] sheets) => TextTable.FromRows(
        path, first.Header, sheets.SelectMany(s => Enumerable.Range(0, s.RowCount).Select(r => (s.Lines[r], (IReadOnlyList<string>)[.. s.Cells.Select(c => c[r])]))), $"{sheets.Length} sheets");

    private static ImportOutcome FeatureOutcome(string path, Provenance origin, ImportRequest request)
    {
        var faults = new List<Fault>();
        return FeatureOutcome(path, FeatureFile.Read(path, origin, faults), faults, request);
    }

    private static ImportOutcome FeatureOutcome(string path, List<Layer> raw, List<Fault> faults, ImportRequest request)
    {
        var importer = raw.Count == 1 ? Features.First(i => i.Recognises(raw[0])) : new PlainFeatures();
        var clean = raw.Select(l => importer.Read(path, l, faults)).ToArray();
        var stamped = clean.Select(c => WithImporter(c.Layer, $"{importer.Format} {Version}")).ToArray();
        return FromLayers(path, importer.Format, importer.Kind, stamped, raw.Sum(l => (long)l.RowCount), clean.Length == 1 ? clean[0].Join : JoinReport.None, clean.Length == 1 ? clean[0].Sums : new Dictionary<int, double>(), faults, request);
    }

    /// <summary>A layer that GeoHarm wrote comes back as it is; a file of another program is told by its attributes like any features.</summary>
    private static ImportOutcome Parquet(string path, Provenance origin, ImportRequest request)
    {
        var faults = new List<Fault>();
        var layer = GeoParquetFile.Parts(path, new LayerQuery(), int.MaxValue, faults).First();
        if (GeoParquetFile.IsOwn(path)) return FromLayers(path, "geoparquet", null, [new PlainFeatures().Read(path, layer, faults).Layer], layer.RowCount, JoinReport.None, new Dictionary<int, double>(), faults, request);
        var outcome = FeatureOutcome(path, [WithOrigin(layer, origin)], faults, request);
        return outcome.Format == "features" ? outcome with { Format = "geoparquet" } : outcome;
    }

    private static ImportOutcome Package(string path, ImportRequest request)
    {
        var faults = new List<Fault>();
        try
        {
            using var store = GeoPackageStore.OpenReadOnly(path);
            var layers = store.Layers().Select(l => store.Read(l.Name)).Select(l => new PlainFeatures().Read(path, l, faults).Layer).ToArray();
            return FromLayers(path, "geopackage", null, layers, layers.Sum(l => (long)l.RowCount), JoinReport.None, new Dictionary<int, double>(), faults, request);
        }
        catch (StoreException failure)
        {
            return Refused("geopackage", [new Fault(FaultSeverity.Error, "GH4044", path, "", failure.What, failure.Remedy)]);
        }
    }

    private static ImportOutcome Raster(string path)
    {
        try
        {
            using var raster = RasterDataset.Open(path, DriverProfile.OwnFiles);
            var loss = raster.BandCount == 1 && raster.Transform is { } t && Math.Abs(t.PixelWidth - HansenDegrees) < 1e-9 && raster.Band(1).Type == PixelType.UInt8;
            var notes = new List<string> { $"{raster.Width} x {raster.Height} cells, {raster.BandCount} bands; rasters are read where they lie ('zonal', 'deforestation')." };
            if (PassesEast(raster)) notes.Add("Longitudes run past 180, as in 0 to 360: bring them to -180 to 180 (gdalwarp -t_srs EPSG:4326 -te -180 -90 180 90) before using it with other layers.");
            return new ImportOutcome(loss ? "forest-loss-raster" : "raster", [], 0, [], new Dictionary<string, double>(), JoinReport.None, [], notes);
        }
        catch (GdalException failure)
        {
            return Refused("raster", [new Fault(FaultSeverity.Error, "GH4044", path, "", failure.Message, "Download the file again.")]);
        }
    }

    private static bool PassesEast(RasterDataset raster) =>
        raster.Transform is { } t && (raster.Reference is null or { IsGeographic: true }) && t.OriginX + raster.Width * t.PixelWidth is var east && east > EastOfAll + Math.Abs(t.PixelWidth) && east < 3 * EastOfAll + 1;

    private static ImportOutcome Finish(ImportOutcome outcome, ImportRequest request)
    {
        if (!request.Sensitive && request.LayerName is null) return outcome;
        return outcome with { Layers = [.. outcome.Layers.Select((l, i) => Finish(l, i, request))] };
    }

    /// <summary>A layer as the user wants it named and marked.</summary>
    internal static Layer Finish(Layer layer, int index, ImportRequest request) => new(
        request.LayerName is { } name ? (index == 0 ? name : $"{name}_{index + 1}") : layer.Name, layer.Columns, layer.HasGeometry ? Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray() : null, layer.Crs,
        request.Sensitive ? Sensitivity.Sensitive : layer.Sensitivity, layer.Provenance, layer.Title, layer.Caveats);

    internal static Layer WithImporter(Layer layer, string importer) => WithOrigin(layer, layer.Provenance with { Importer = importer });

    private static Layer WithOrigin(Layer layer, Provenance origin) => new(
        layer.Name, layer.Columns, layer.HasGeometry ? Enumerable.Range(0, layer.RowCount).Select(layer.GeometryAt).ToArray() : null, layer.Crs, layer.Sensitivity, origin, layer.Title, layer.Caveats);

    private static ImportOutcome Unknown(string path) =>
        Refused("unknown", [new Fault(FaultSeverity.Error, "GH4040", path, "", "The content is of no format that GeoHarm reads.", "Give CSV, XLSX, GeoPackage, Shapefile (.zip), GeoJSON, FlatGeobuf, KML, GeoParquet or GeoTIFF.")]);

    private static ImportOutcome Refused(string format, IReadOnlyList<Fault> faults) => new(format, [], 0, [], new Dictionary<string, double>(), JoinReport.None, faults, []);
}
