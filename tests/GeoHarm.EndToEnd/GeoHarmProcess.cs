using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace GeoHarm.EndToEnd;

/// <summary>The built program, run as users run it.</summary>
internal static partial class GeoHarmProcess
{
    public static string Root { get; } = FindRoot();

    public static ProcessEnd Run(params string[] arguments) => RunUnder("", null, arguments);

    /// <summary>Runs the program; <paramref name="shell"/> is put before it (such as "ulimit -f 64;"), and
    /// <paramref name="started"/> may meddle while it runs.</summary>
    public static ProcessEnd RunUnder(string shell, Action<Process>? started, params string[] arguments)
    {
        var program = Path.Combine(Root, ".build", "cli", "geoharm");
        Assert.True(File.Exists(program), $"{program} is missing: 'make test' builds it with ./geoharm before the tests");
        var quoted = string.Join(' ', arguments.Select(a => "'" + a.Replace("'", "'\\''", StringComparison.Ordinal) + "'"));
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"{shell} exec '{program}' {quoted}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        started?.Invoke(process);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(5)), "the program did not end within five minutes");
        return new ProcessEnd(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Sends the signal of Ctrl-C.</summary>
    public static void Interrupt(Process process) => Kill(process.Id, 2);

    public static string Scenario(string name) => Path.Combine(Root, "data", "scenarios", name + ".yaml");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "GeoHarm.sln"))) folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}

/// <summary>How a run of the program ended.</summary>
internal sealed record ProcessEnd(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("geoharm-e2e-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
