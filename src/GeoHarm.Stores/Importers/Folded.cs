using System.Text;

namespace GeoHarm.Stores.Importers;

/// <summary>Names as they are compared: lower case, accents off, everything but letters and digits a single underscore.
/// "Año " and "ANO" are the same; "tc_loss_ha_2001" stays.</summary>
internal static class Folded
{
    private const string From = "áàâäãåéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ";
    private const string To = "aaaaaaeeeeiiiiooooouuuuncaaaaaaeeeeiiiiooooouuuunc";

    /// <summary>The folded form of a name.</summary>
    public static string Of(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var index = From.IndexOf(letter, StringComparison.Ordinal);
            var plain = index >= 0 ? To[index] : char.ToLowerInvariant(letter);
            if (char.IsLetterOrDigit(plain)) folded.Append(plain);
            else if (folded.Length > 0 && folded[^1] != '_') folded.Append('_');
        }
        return folded.ToString().TrimEnd('_');
    }
}
