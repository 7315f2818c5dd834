using System.Globalization;
using GeoHarm.Gdal.Native;

namespace GeoHarm.Gdal.Datasets;

/// <summary>
/// A coordinate reference system as PROJ knows it, immutable: EPSG number (0 where none is known) and WKT. Axes are
/// always in the traditional order of maps: x is easting or longitude, y northing or latitude.
/// </summary>
public sealed unsafe class SpatialReference
{
    private SpatialReference(int epsg, string wkt, string name, bool geographic, bool projected, double metresPerUnit) =>
        (Epsg, Wkt, Name, IsGeographic, IsProjected, MetresPerUnit) = (epsg, wkt, name, geographic, projected, metresPerUnit);

    /// <summary>EPSG number, 0 where none is known.</summary>
    public int Epsg { get; }

    /// <summary>WKT 2 (2019).</summary>
    public string Wkt { get; }

    /// <summary>Name, such as "WGS 84".</summary>
    public string Name { get; }

    /// <summary>Whether coordinates are longitude and latitude, degrees.</summary>
    public bool IsGeographic { get; }

    /// <summary>Whether coordinates are in a plane.</summary>
    public bool IsProjected { get; }

    /// <summary>Metres of one unit of a projected system; 1 for others.</summary>
    public double MetresPerUnit { get; }

    /// <summary>The system of an EPSG number; throws <see cref="GdalException"/> when PROJ does not know it.</summary>
    public static SpatialReference FromEpsg(int epsg)
    {
        GdalRuntime.Start();
        using var trap = ErrorTrap.Enter();
        var native = Libgdal.NewReference(null);
        try
        {
            var failed = Libgdal.ImportFromEpsg(native, epsg);
            trap.Check(failed == 0, string.Create(CultureInfo.InvariantCulture, $"find EPSG:{epsg}"));
            return Describe(native);
        }
        finally
        {
            Libgdal.ReleaseReference(native);
        }
    }

    /// <summary>The system of a WKT text (1 or 2, or ESRI's); other notations, files and addresses are refused.</summary>
    public static SpatialReference FromWkt(string wkt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(wkt);
        GdalRuntime.Start();
        using var trap = ErrorTrap.Enter();
        var native = ImportWkt(wkt);
        try
        {
            trap.Check(native != 0, "read the WKT of a coordinate system");
            return Describe(native);
        }
        finally
        {
            if (native != 0) Libgdal.ReleaseReference(native);
        }
    }

    /// <summary>The system of a PROJJSON document; throws <see cref="GdalException"/> when PROJ cannot read it. Nothing is looked up
    /// on disk or in the net.</summary>
    public static SpatialReference FromProjJson(string json)
    {
        if (!json.AsSpan().TrimStart().StartsWith("{")) throw new ArgumentException("PROJJSON is a JSON object.", nameof(json));
        GdalRuntime.Start();
        using var trap = ErrorTrap.Enter();
        using var options = new TextList(["ALLOW_NETWORK_ACCESS=NO", "ALLOW_FILE_ACCESS=NO"]);
        var native = Libgdal.NewReference(null);
        try
        {
            var failed = Libgdal.SetFromUserInput(native, json, options.Pointer);
            trap.Check(failed == 0, "read the PROJJSON of a coordinate system");
            return Describe(native);
        }
        finally
        {
            Libgdal.ReleaseReference(native);
        }
    }

    /// <summary>The system as PROJJSON (the JSON form of WKT 2).</summary>
    public string ToProjJson()
    {
        using var trap = ErrorTrap.Enter();
        var native = ToNative();
        byte* json = null;
        try
        {
            var failed = Libgdal.ExportToProjJson(native, &json, null);
            trap.Check(failed == 0, $"write '{Name}' as PROJJSON");
            return Libgdal.Text(json);
        }
        finally
        {
            Libgdal.Free((nint)json);
            Libgdal.ReleaseReference(native);
        }
    }

    /// <summary>Whether two systems are the same for the eye of PROJ: same datum, projection and units.</summary>
    public bool IsSameAs(SpatialReference other)
    {
        if (Epsg != 0 && Epsg == other.Epsg) return true;
        var (left, right) = (ToNative(), other.ToNative());
        try
        {
            return Libgdal.IsSame(left, right) != 0;
        }
        finally
        {
            Libgdal.ReleaseReference(left);
            Libgdal.ReleaseReference(right);
        }
    }

    internal static SpatialReference? FromBorrowed(nint native)
    {
        if (native == 0) return null;
        var own = Libgdal.CloneReference(native);
        try
        {
            return Describe(own);
        }
        finally
        {
            Libgdal.ReleaseReference(own);
        }
    }

    /// <summary>A new native reference in traditional axis order; the caller releases it.</summary>
    internal nint ToNative()
    {
        GdalRuntime.Start();
        var native = Epsg != 0 ? Libgdal.NewReference(null) : ImportWkt(Wkt);
        if (Epsg != 0 && Libgdal.ImportFromEpsg(native, Epsg) != 0)
        {
            Libgdal.ReleaseReference(native);
            native = ImportWkt(Wkt);
        }
        if (native == 0) throw new InvalidOperationException($"Coordinate system '{Name}' cannot be rebuilt from its WKT.");
        Libgdal.SetAxisMapping(native, Libgdal.TraditionalGisOrder);
        return native;
    }

    private static nint ImportWkt(string wkt)
    {
        using var text = new TextList([wkt]);
        var native = Libgdal.NewReference(null);
        var cursor = (byte*)text.Pointer[0];
        if (Libgdal.ImportFromWkt(native, &cursor) == 0) return native;
        Libgdal.ReleaseReference(native);
        return 0;
    }

    private static SpatialReference Describe(nint native)
    {
        byte* wkt = null;
        using var options = new TextList(["FORMAT=WKT2_2019"]);
        _ = Libgdal.ExportToWkt(native, &wkt, options.Pointer);
        var text = Libgdal.Text(wkt);
        Libgdal.Free((nint)wkt);
        var epsg = Authority(native);
        if (epsg == 0 && Libgdal.AutoIdentifyEpsg(native) == 0) epsg = Authority(native);
        var projected = Libgdal.IsProjected(native) != 0;
        return new SpatialReference(
            epsg, text, Libgdal.Text(Libgdal.ReferenceName(native)), Libgdal.IsGeographic(native) != 0, projected, projected ? Libgdal.LinearUnits(native, null) : 1);
    }

    private static int Authority(nint native)
    {
        if (Libgdal.Text(Libgdal.AuthorityName(native, null)) != "EPSG") return 0;
        return int.TryParse(Libgdal.Text(Libgdal.AuthorityCode(native, null)), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : 0;
    }
}
