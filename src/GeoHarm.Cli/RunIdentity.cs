using System.Security.Cryptography;
using System.Text;

namespace GeoHarm.Cli;

/// <summary>The run id: SHA-256 over the inputs' hashes, the parameters, the code and the native libraries. Same id, same bits.</summary>
internal static class RunIdentity
{
    /// <summary>Identity of the code that computes: module ids of everything that computes, writes or draws, the words and method pages that travel inside included.</summary>
    public static string Code { get; } = string.Join(";",
        new[] { typeof(Spatial.Layers.Layer), typeof(Routing.Graphs.Graph), typeof(Engine.Scenarios.Scenario), typeof(Stores.StoreException), typeof(Maps.Reports.Report), typeof(RunIdentity) }
            .Select(t => $"{t.Assembly.GetName().Name}:{t.Assembly.ManifestModule.ModuleVersionId:N}"));

    /// <summary>Native libraries that draw or read.</summary>
    public static string Native { get; } = "skia:" + typeof(SkiaSharp.SKCanvas).Assembly.GetName().Version;

    /// <summary>The id, 64 hex digits.</summary>
    public static string Of(Study study, IEnumerable<ScenarioText> scenarios, RunChoices choices, string language, bool sensitiveRead)
    {
        var text = new StringBuilder().Append("geoharm ").Append(CommandLine.Version).Append('\n').Append(Code).Append('\n').Append(Native).Append('\n');
        foreach (var (name, hash) in study.Inputs) text.Append(name).Append(' ').Append(hash).Append('\n');
        foreach (var s in scenarios)
        {
            text.Append(s.Scenario.Name).Append(' ').Append(s.Scenario.Seed).Append(' ').Append(s.Scenario.Members).Append(' ')
                .Append(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(s.Text)))).Append('\n');
        }
        text.Append(choices.Audience).Append(' ').Append(language).Append(' ').Append(choices.Framing).Append('\n');
        if (sensitiveRead) text.Append(choices.AsOf).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
