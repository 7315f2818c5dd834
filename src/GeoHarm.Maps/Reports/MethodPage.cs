using System.Reflection;

namespace GeoHarm.Maps.Reports;

/// <summary>A page of docs/methods, which travels inside the program so that a report can carry it.</summary>
internal sealed record MethodPage(string Name)
{
    /// <summary>Path in the project.</summary>
    public string File => $"docs/methods/{Name}.md";

    /// <summary>Anchor in a report.</summary>
    public string Anchor => $"method-{Name}";

    /// <summary>The page behind a picture of a run, told by its name; the chain's own where several models meet.</summary>
    public static MethodPage Of(string picture)
    {
        var models = new[] { ("cultivation", "displacement"), ("forest", "deforestation"), ("people", "people"), ("flow", "routes"), ("burden", "harm") }.Where(m => picture.Contains(m.Item1, StringComparison.Ordinal)).ToArray();
        return new MethodPage(models.Length == 1 ? models[0].Item2 : "chain");
    }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public string Sha256() => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Text())));

    /// <summary>The text of the page.</summary>
    public string Text()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"methods/{Name}.md") ?? throw new InvalidOperationException($"{File} is not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
