using System.CommandLine;
using System.Text;
using GeoHarm.Maps.Pictures;
using GeoHarm.Maps.Reports;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Cli;

/// <summary>One picture as a file, with the data behind it beside it: F.png, F.csv, F.metadata.json.</summary>
internal static class PictureFile
{
    /// <summary>Formats by the ending of a file's name.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["png", "svg", "pdf"];

    /// <summary>The option of verbs that draw one picture of what they found.</summary>
    public static Option<string?> Option(string what) => new("--picture") { Description = $"{what}: a file .png, .svg or .pdf, with its data beside it" };

    /// <summary>The format that a name asks for; a usage error for any other.</summary>
    public static PictureFormat FormatOf(string path) => Formats.Contains(Extension(path))
        ? Enum.Parse<PictureFormat>(Extension(path), true)
        : throw Problem.Usage($"'{path}' is no picture: give a file .png, .svg or .pdf.");

    /// <summary>Refuses, before any work is done, a name that no picture can have, or a picture where there is none to draw.</summary>
    public static void Require(string path, bool isDrawn = true, string otherwise = "")
    {
        if (!isDrawn) throw Problem.Usage(otherwise);
        FormatOf(path);
    }

    /// <summary>Draws a picture; what could not be drawn is warned of.</summary>
    public static byte[] Draw(PictureSpec spec, PictureFormat format, Terminal terminal)
    {
        var drawn = Picture.Draw(spec, format);
        return Noted(drawn.Notes, drawn.Bytes, spec, terminal);
    }

    /// <summary>Writes a picture and its data; returns the names of the files.</summary>
    /// <param name="spec">The picture.</param>
    /// <param name="path">A file .png, .svg or .pdf.</param>
    /// <param name="force">Whether a file there is replaced.</param>
    /// <param name="terminal">Told what could not be drawn.</param>
    /// <param name="taken">Other files of the same call: where a table of the picture would bear the name of one, F-picture is taken.</param>
    public static List<string> Write(PictureSpec spec, string path, bool force, Terminal terminal, IReadOnlyList<string>? taken = null)
    {
        var format = FormatOf(path);
        return Write(spec, path, force, () => Draw(spec, format, terminal), taken);
    }

    /// <summary>Writes a file made of a picture, and the picture's data beside it; returns the names of the files.</summary>
    public static List<string> Write(PictureSpec spec, string path, bool force, Func<byte[]> draw, IReadOnlyList<string>? taken = null)
    {
        var (written, folder, stem) = (new List<string> { path }, Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileNameWithoutExtension(path));
        if (taken?.Any(t => Path.GetFullPath(t) == Path.Combine(folder, stem + ".csv")) == true) stem += "-picture";

        // Another format of a picture replaces its data; a table that no picture made is somebody's own.
        var table = Path.Combine(folder, stem + ".csv");
        if (!force && File.Exists(table) && !File.Exists(Path.Combine(folder, stem + ".metadata.json"))) throw Problem.Usage($"'{table}' exists and is no picture's data; give another name, or --force to replace it.");
        using var target = new OutputFile(path, force);
        File.WriteAllBytes(target.Path, draw());
        target.Commit();

        // Named as the files are, so that the metadata lead to the tables.
        foreach (var data in PictureData.Files(spec with { Name = stem }))
        {
            var beside = Path.Combine(folder, data.Name);
            File.WriteAllText(beside, data.Text, new UTF8Encoding(false));
            written.Add(beside);
        }
        return written;
    }

    /// <summary>What a picture of an analysis shares with those of a run.</summary>
    public static PictureContext Context(string scenario, string source, IReadOnlyList<string> caveats, bool isScenario, Terminal terminal, params string[] flowCaveats) =>
        new(scenario, new Credits { Source = source, Licence = isScenario ? RunFolder.InputsLicence : "", IsScenario = isScenario, Caveats = [.. caveats.Except(GeoHarm.Engine.Publication.PublicationGate.ModelCaveats)] }, terminal.Language) { FlowCaveats = flowCaveats };

    /// <summary>Warns of the faults among the notes of a drawing and tells the rest to who asks for detail.</summary>
    public static byte[] Noted(IReadOnlyList<string> notes, byte[] bytes, PictureSpec spec, Terminal terminal)
    {
        foreach (var note in notes)
        {
            if (note.StartsWith("GH", StringComparison.Ordinal)) terminal.Warn(new Fault(FaultSeverity.Warning, note[..6], spec.Name, "picture", note[7..], "See docs/faults.md."));
            else terminal.Detail($"{spec.Name}: {note}");
        }
        return bytes;
    }

    private static string Extension(string path) => Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
}
