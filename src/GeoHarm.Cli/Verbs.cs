using System.CommandLine;

namespace GeoHarm.Cli;

/// <summary>Every verb there is; a verb is listed once it works.</summary>
internal static class Verbs
{
    public static IEnumerable<Command> All() =>
    [
        CompletionCommand.Build(),
        ZonalCommand.Build(),
    ];
}
