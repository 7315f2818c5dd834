using GeoHarm.Spatial.Layers;
using Mono.Cecil;

namespace GeoHarm.House;

/// <summary>The egress gate: what leaves is a PublishedLayer, and only Engine/Publication makes one of a sensitive layer.</summary>
public partial class EgressTests
{
    private static readonly string[] Rooms = ["GeoHarm.Spatial", "GeoHarm.Routing", "GeoHarm.Gdal", "GeoHarm.Engine", "GeoHarm.Stores", "GeoHarm.Maps", "geoharm"];

    [Fact]
    public void Only_the_gate_constructs_a_published_layer() => Assert.Empty(Rooms.SelectMany(r => Constructions(Path.Combine(AppContext.BaseDirectory, r + ".dll"), InGate)));

    [Fact]
    public void A_construction_outside_the_gate_is_reported() =>
        Assert.NotEmpty(Constructions(Path.Combine(AppContext.BaseDirectory, "GeoHarm.Spatial.dll"), _ => false));

    [Fact]
    public void Published_layers_have_no_public_constructor() => Assert.Empty(typeof(PublishedLayer).GetConstructors());

    [Fact]
    public void Only_the_engine_sees_the_internals_of_spatial()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "GeoHarm.Spatial.dll"));
        var friends = assembly.CustomAttributes.Where(a => a.AttributeType.Name == "InternalsVisibleToAttribute").Select(a => (string)a.ConstructorArguments[0].Value);
        Assert.Equal(["GeoHarm.Engine"], friends);
    }

    [Fact]
    public void A_sensitive_layer_is_refused_outside_the_gate()
    {
        var layer = new Layer("cells", [Column.Real("ha", [1.0])], sensitivity: Sensitivity.Sensitive);
        Assert.Throws<InvalidOperationException>(() => PublishedLayer.Open(layer));
    }

    [Fact]
    public void Maps_take_only_published_layers() => Assert.Empty(TakesPlainLayer(Path.Combine(AppContext.BaseDirectory, "GeoHarm.Maps.dll")));

    [Fact]
    public void A_writer_that_takes_a_plain_layer_is_reported() => Assert.NotEmpty(TakesPlainLayer(typeof(EgressTests).Assembly.Location));

    // Where plain layers may be written: a study store takes what its owner imports.
    private static readonly string[] StoreWriters = ["GeoHarm.Cli.DataImportCommand"];

    [Fact]
    public void Only_imports_and_guarded_verbs_write_plain_layers() => Assert.Empty(PlainWrites(Path.Combine(AppContext.BaseDirectory, "geoharm.dll"), StoreWriters));

    [Fact]
    public void A_verb_that_writes_a_plain_layer_is_reported() =>
        Assert.Equal(StoreWriters.Order(StringComparer.Ordinal), PlainWrites(Path.Combine(AppContext.BaseDirectory, "geoharm.dll"), []).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("GeoHarm.Cli.ZonalCommand")]
    [InlineData("GeoHarm.Cli.OverlayCommand")]
    public void Verbs_that_compute_by_the_shapes_of_a_file_refuse_fine_ones(string verb)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "geoharm.dll"));
        Assert.Contains("RefuseFine", Calls(assembly).Where(c => c.Verb == verb).Select(c => c.Called.Name));
    }

    private static List<string> PlainWrites(string path, string[] allowed)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return [.. Calls(assembly).Where(c => c.Called.Parameters.Any(p => PlainLayer().IsMatch(p.ParameterType.FullName)) && c.Called.Name.StartsWith("Write", StringComparison.Ordinal)
            || (c.Called.DeclaringType.Name == "DataImport" && c.Called.Name is "Store" or "Import")).Select(c => c.Verb).Where(v => !allowed.Contains(v)).Distinct()];
    }

    private static IEnumerable<(string Verb, MethodReference Called)> Calls(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().SelectMany(t => t.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>().Select(r => (t.FullName.Split('/')[0], r))));

    /// <summary>The negative control: a door that a plain layer could pass.</summary>
    public static int Leak(Layer layer) => layer.RowCount;

    private static bool InGate(TypeDefinition type) =>
        type.FullName == typeof(PublishedLayer).FullName || type.Namespace == "GeoHarm.Engine.Publication"
        || (type.DeclaringType is { } outer && InGate(outer));

    private static IEnumerable<string> Constructions(string path, Func<TypeDefinition, bool> allowed)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return assembly.MainModule.GetTypes().Where(t => !allowed(t)).SelectMany(t => t.Methods).Where(m => m.HasBody)
            .Where(m => m.Body.Instructions.Any(i => i.Operand is MethodReference { Name: ".ctor" } r && r.DeclaringType.FullName == typeof(PublishedLayer).FullName))
            .Select(m => m.FullName).ToList();
    }

    private static List<string> TakesPlainLayer(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return assembly.MainModule.GetTypes().Where(t => t.IsPublic).SelectMany(t => t.Methods)
            .Where(m => m.IsPublic && m.Parameters.Any(p => PlainLayer().IsMatch(p.ParameterType.FullName)))
            .Select(m => m.FullName).ToList();
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"GeoHarm\.Spatial\.Layers\.Layer(?![A-Za-z])")]
    private static partial System.Text.RegularExpressions.Regex PlainLayer();
}
