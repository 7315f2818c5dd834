using Mono.Cecil;

namespace GeoHarm.House;

/// <summary>Spatial, Routing and Engine know no clock, chance, console or file, and compute with portable mathematics;
/// checked on the compiled code, so that a suppressed analyzer warning cannot hide a breach.</summary>
public class ClosedWorldTests
{
    private static readonly string[] Kernels = ["GeoHarm.Spatial", "GeoHarm.Routing", "GeoHarm.Engine"];

    private static readonly string[] Types =
    [
        "System.Console", "System.Random", "System.Diagnostics.Stopwatch", "System.IO.File", "System.IO.FileStream", "System.IO.Directory",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.Linq.ParallelEnumerable", "System.Net.Http.HttpClient", "System.Environment",
    ];

    private static readonly string[] Members =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid", .. MathFunctions().Select(f => "System.Math::" + f),
    ];

    [Theory]
    [InlineData("GeoHarm.Spatial")]
    [InlineData("GeoHarm.Routing")]
    [InlineData("GeoHarm.Engine")]
    public void A_kernel_is_closed_to_the_world(string assembly) =>
        Assert.Empty(Breaches(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));

    [Fact]
    public void A_breach_is_reported()
    {
        var breaches = Breaches(typeof(ClosedWorldTests).Assembly.Location);
        Assert.Contains(breaches, b => b.Contains("System.DateTime::get_UtcNow", StringComparison.Ordinal));
        Assert.Contains(breaches, b => b.Contains("System.Math::Exp", StringComparison.Ordinal));
    }

    [Fact]
    public void The_analyzer_list_is_attached_to_every_kernel()
    {
        var props = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"));
        Assert.All(Kernels, k => Assert.Contains($"'{k}'", props, StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "eng", "BannedSymbols.txt")));
    }

    /// <summary>The negative control: code that a kernel may not hold.</summary>
    internal static double Breach() => Math.Exp(DateTime.UtcNow.Ticks);

    private static IEnumerable<string> MathFunctions() =>
        ["Exp", "Log", "Log10", "Log2", "Pow", "Cbrt", "Sin", "Cos", "SinCos", "Tan", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh"];

    private static List<string> Breaches(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        var found = new List<string>();
        foreach (var method in assembly.MainModule.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody))
        {
            foreach (var reference in method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>())
            {
                var type = reference.DeclaringType.FullName;
                var member = $"{type}::{reference.Name}";
                // NewLine and ProcessorCount change no result; the compiler writes CurrentManagedThreadId into every iterator.
                if (member is "System.Environment::get_NewLine" or "System.Environment::get_ProcessorCount" or "System.Environment::get_CurrentManagedThreadId") continue;
                if (Types.Contains(type) || Members.Contains(member)) found.Add($"{method.FullName} uses {member}");
            }
        }
        return found;
    }
}
