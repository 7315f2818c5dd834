using GeoHarm.Spatial.Crs;

namespace GeoHarm.Stores.GeoPackage;

/// <summary>Names and well-known text of the coordinate systems that GeoHarm itself uses, for gpkg_spatial_ref_sys.
/// Systems not listed are registered by their EPSG number, which is all that readers need.</summary>
internal static class ReferenceSystems
{
    private const string Wgs84 = """GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]""";

    private const string Magna = """GEOGCS["MAGNA-SIRGAS",DATUM["Marco_Geocentrico_Nacional_de_Referencia",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6686"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4686"]]""";

    private static readonly Dictionary<int, (string Name, string Wkt)> Known = new()
    {
        [4326] = ("WGS 84", Wgs84),
        [4686] = ("MAGNA-SIRGAS", Magna),
        [6933] = ("WGS 84 / NSIDC EASE-Grid 2.0 Global", $"""PROJCS["WGS 84 / NSIDC EASE-Grid 2.0 Global",{Wgs84},PROJECTION["Cylindrical_Equal_Area"],PARAMETER["standard_parallel_1",30],PARAMETER["central_meridian",0],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","6933"]]"""),
        [3857] = ("WGS 84 / Pseudo-Mercator", $"""PROJCS["WGS 84 / Pseudo-Mercator",{Wgs84},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]"""),
        [3116] = ("MAGNA-SIRGAS / Colombia Bogota zone", $"""PROJCS["MAGNA-SIRGAS / Colombia Bogota zone",{Magna},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",4.59620041666667],PARAMETER["central_meridian",-74.0775079166667],PARAMETER["scale_factor",1],PARAMETER["false_easting",1000000],PARAMETER["false_northing",1000000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","3116"]]"""),
        [9377] = ("MAGNA-SIRGAS / Origen-Nacional", $"""PROJCS["MAGNA-SIRGAS / Origen-Nacional",{Magna},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",4],PARAMETER["central_meridian",-73],PARAMETER["scale_factor",0.9992],PARAMETER["false_easting",5000000],PARAMETER["false_northing",2000000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","9377"]]"""),
    };

    /// <summary>Name and definition of a system; "undefined" where only the number is known.</summary>
    public static (string Name, string Definition) Describe(CoordinateSystem crs)
    {
        if (crs.Wkt.Length > 0) return (NameIn(crs.Wkt) ?? $"EPSG:{crs.Epsg}", crs.Wkt);
        return Known.TryGetValue(crs.Epsg, out var known) ? known : ($"EPSG:{crs.Epsg}", "undefined");
    }

    private static string? NameIn(string wkt)
    {
        var open = wkt.IndexOf('"', StringComparison.Ordinal);
        var close = open < 0 ? -1 : wkt.IndexOf('"', open + 1);
        return close > open + 1 ? wkt[(open + 1)..close] : null;
    }
}
