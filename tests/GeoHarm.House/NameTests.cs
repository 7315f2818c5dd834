using System.Text.RegularExpressions;

namespace GeoHarm.House;

/// <summary>No room, file or type is named after nothing.</summary>
public partial class NameTests
{
    private static readonly string[] Empty = ["Common", "Core", "Contracts", "Abstractions", "Helper", "Helpers", "Util", "Utils", "Utilities", "Manager", "Misc"];

    [Fact]
    public void No_file_or_folder_has_an_empty_name() =>
        Assert.Empty(Repository.Files("src", "*.cs").Select(Repository.Relative).Where(path => IsEmptyName(path)));

    [Fact]
    public void No_type_has_an_empty_name() =>
        Assert.Empty(Repository.Files("src", "*.cs").SelectMany(file => EmptyTypes(File.ReadAllText(file)).Select(type => $"{Repository.Relative(file)}: {type}")));

    [Theory]
    [InlineData("src/GeoHarm.Spatial/Utils/Grid.cs")]
    [InlineData("src/GeoHarm.Engine/Harm/HarmManager.cs")]
    public void An_empty_file_name_is_reported(string path) => Assert.True(IsEmptyName(path));

    [Fact]
    public void An_empty_type_name_is_reported() => Assert.Equal(["StringHelper"], EmptyTypes("internal static class StringHelper { }"));

    [Fact]
    public void A_field_noun_is_not_reported() => Assert.Empty(EmptyTypes("public sealed class CoreArea { } public record Displacement;"));

    private static bool IsEmptyName(string path) =>
        path.Split('/', '.').Any(part => Empty.Any(word => part == word || (word.Length > 4 && part.EndsWith(word, StringComparison.Ordinal))));

    private static IEnumerable<string> EmptyTypes(string code) =>
        TypeName().Matches(code).Select(m => m.Groups[1].Value).Where(name => Empty.Any(word => name == word || name.EndsWith(word, StringComparison.Ordinal)));

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(?:struct\s+|class\s+)?([A-Z]\w*)")]
    private static partial Regex TypeName();
}
