using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace GeoHarm.Recipes;

/// <summary>Writes the hash of every file into its row of data/README.md; a file without row stops it.</summary>
internal static partial class DataPage
{
    public static int Refresh(string data)
    {
        var page = Path.Combine(data, "README.md");
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var text = Row().Replace(File.ReadAllText(page), row =>
        {
            var file = row.Groups["file"].Value;
            listed.Add(file);
            var path = Path.Combine(data, file);
            if (!File.Exists(path)) throw new FileNotFoundException($"data/README.md names {file}, which is not there: delete its row.");
            return $"| {file} |{row.Groups["rest"].Value}| {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))} |";
        });
        File.WriteAllText(page, text);
        var missing = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(data, f).Replace('\\', '/'))
            .Where(f => f != "README.md" && !f.StartsWith("recipes/", StringComparison.Ordinal) && !f.StartsWith("scenarios/", StringComparison.Ordinal) && !listed.Contains(f)).Order(StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? listed.Count : throw new InvalidOperationException($"Give these a row in data/README.md, with source and licence: {string.Join(", ", missing)}.");
    }

    [GeneratedRegex(@"^\| (?<file>[^|]+\.[a-z]+) \|(?<rest>[^|]*\|[^|]*\|[^|]*\|[^|]*)\|[^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
