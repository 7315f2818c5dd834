namespace GeoHarm.Stores.Tests;

/// <summary>A folder of a test's own, removed at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "geoharm-stores-" + Guid.NewGuid().ToString("N"));

    public string this[string name] => Path.Combine(Root, name);

    public string Put(string name, string text, System.Text.Encoding? encoding = null)
    {
        File.WriteAllText(this[name], text, encoding ?? new System.Text.UTF8Encoding(false));
        return this[name];
    }

    public string Put(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public IEnumerable<string> Files() => Directory.EnumerateFiles(Root).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    public void Dispose()
    {
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
    }
}
