using GeoHarm.Spatial.Layers;
using GeoHarm.Spatial.Zonal;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace GeoHarm.Spatial.Overlay;

/// <summary>What is wrong with a set of zones that should cover a country without overlap, and what a repair would do.</summary>
/// <param name="Overlaps">Pairs of zones that share area, with the area.</param>
/// <param name="Faults">One fault a bad zone or overlap, with its remedy.</param>
public sealed record CoverageReport(IReadOnlyList<OverlayPair> Overlaps, IReadOnlyList<Fault> Faults);

/// <summary>
/// Checks a coverage and repairs single zones. A repair is never silent: it returns the mended zone with a warning that
/// says how much area it changed. Mending is NTS GeometryFixer's (JTS: keeps every ring's area by the non-zero rule).
/// </summary>
public static class CoverageCheck
{
    // Shared borders drawn twice overlap by rounding; below a hundred square metres it is not a finding.
    private const double LeastOverlapSquareMetres = 100;

    /// <summary>Finds zones that are not valid and pairs that overlap.</summary>
    public static CoverageReport Check(ZonePolygons zones, double metresPerUnit = 1, CancellationToken cancellation = default)
    {
        var faults = new List<Fault>(zones.Faults);
        for (var zone = 0; zone < zones.Count; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (zones.IsBad(zone)) continue;
            var validity = new IsValidOp(ZoneGeometry.Of(zones, zone));
            if (validity.IsValid) continue;
            var place = validity.ValidationError.Coordinate;
            faults.Add(new Fault(
                FaultSeverity.Error, "GH3303", zones.Source, $"feature {zone + 1} ({zones.Ids[zone]})", FormattableString.Invariant($"{validity.ValidationError.Message} near {place?.X:F5}, {place?.Y:F5}"),
                "mend the geometry (QGIS: Vector geometry > Fix geometries)"));
        }
        var overlaps = new List<OverlayPair>();
        foreach (var pair in IntersectionAreas.Compute(zones, zones, metresPerUnit, null, cancellation).Pairs)
        {
            if (pair.A >= pair.B || pair.SquareMetres < LeastOverlapSquareMetres) continue;
            overlaps.Add(pair);
            faults.Add(new Fault(
                FaultSeverity.Warning, "GH3304", zones.Source, $"{zones.Ids[pair.A]} and {zones.Ids[pair.B]}", FormattableString.Invariant($"they overlap by {pair.SquareMetres / 10_000:F2} ha"),
                "what lies in both is counted in both; cut one at the other's border"));
        }
        return new CoverageReport(overlaps, faults);
    }

    /// <summary>A valid geometry of the same place, and a warning when anything changed.</summary>
    public static (Geometry Mended, Fault? Change) Mend(Geometry geometry, string source, string id)
    {
        if (geometry.IsValid) return (geometry, null);
        var mended = NetTopologySuite.Geometries.Utilities.GeometryFixer.Fix(geometry);
        return (mended, new Fault(
            FaultSeverity.Warning, "GH3305", source, id, FormattableString.Invariant($"its geometry was mended: area {geometry.Area:G9} became {mended.Area:G9} in the layer's units"), "check the zone against its source"));
    }
}
