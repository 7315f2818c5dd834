using Mono.Cecil;

namespace GeoHarm.House;

/// <summary>Models never import each other: they meet only in Engine/Scenarios.</summary>
public class ModelTests
{
    private static readonly string[] Models = ["Displacement", "Deforestation", "Routes", "Harm", "Evaluation", "Publication"];

    // What a model must not see: the other models, and the place where they meet.
    private static readonly string[] Rooms = [.. Models, "Scenarios"];

    [Fact]
    public void No_model_imports_another()
    {
        using var engine = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "GeoHarm.Engine.dll"));
        Assert.Empty(Models.SelectMany(model => Imports(engine, model, [.. Rooms.Where(r => r != model)])));
    }

    [Fact]
    public void An_import_is_reported()
    {
        using var engine = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, "GeoHarm.Engine.dll"));
        Assert.NotEmpty(Imports(engine, "Scenarios", Models)); // Scenarios is where they meet, so the rule must see it do so
    }

    private static IEnumerable<string> Imports(AssemblyDefinition engine, string room, string[] others)
    {
        string RoomOf(string name) => name.StartsWith("GeoHarm.Engine.", StringComparison.Ordinal) ? name.Split('.', '/')[2] : "";
        foreach (var type in engine.MainModule.GetTypes().Where(t => RoomOf(t.FullName) == room))
        {
            var seen = type.Fields.Select(f => f.FieldType.FullName)
                .Concat(type.Methods.SelectMany(m => m.Parameters.Select(p => p.ParameterType.FullName).Append(m.ReturnType.FullName)))
                .Concat(type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MemberReference>().Select(r => (r as TypeReference ?? r.DeclaringType)?.FullName ?? ""));
            foreach (var other in seen.Where(name => others.Contains(RoomOf(name))).Distinct()) yield return $"{type.FullName} -> {other}";
        }
    }
}
