using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace GeoHarm.House;

/// <summary>The checkout the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(Path.Combine(Root, folder))
            ? Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories).Where(IsSource).Order(StringComparer.Ordinal)
            : [];

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static IReadOnlyDictionary<string, ProjectFile> SourceProjects() =>
        Files("src", "*.csproj").Select(ProjectFile.Read).ToDictionary(p => p.Name, StringComparer.Ordinal);

    private static bool IsSource(string path)
    {
        var relative = "/" + Relative(path);
        return !relative.Contains("/bin/", StringComparison.Ordinal) && !relative.Contains("/obj/", StringComparison.Ordinal)
            && !relative.Contains("/node_modules/", StringComparison.Ordinal);
    }

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "GeoHarm.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The checkout these tests were built from is gone.");
    }
}

/// <summary>What a project may see: its name, its projects, its packages.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static ProjectFile Read(string path)
    {
        var xml = XDocument.Load(path);
        IReadOnlyList<string> Includes(string element) => [.. xml.Descendants(element).Select(e => e.Attribute("Include")!.Value)];
        return new ProjectFile(
            Path.GetFileNameWithoutExtension(path),
            [.. Includes("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))],
            Includes("PackageReference"));
    }
}
