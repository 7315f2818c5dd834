using System.CommandLine;

namespace GeoHarm.Cli;

/// <summary>Every verb there is; a verb is listed once it works.</summary>
internal static class Verbs
{
    // By name, so that a call makes the commands of its own verb only: all of them take 0.02 s.
    private static readonly Dictionary<string, Func<Command>> Makers = new(StringComparer.Ordinal)
    {
        ["demo"] = DemoCommand.Build,
        ["init"] = InitCommand.Build,
        ["run"] = RunCommand.Build,
        ["verify"] = VerifyCommand.Build,
        ["diff"] = DiffCommand.Build,
        ["check"] = CheckCommand.Build,
        ["data"] = () => CommandLine.Noun("data", "Official files and stores: check, import, list, fetch", DataCheckCommand.Build(), DataImportCommand.Build(), DataLsCommand.Build(), DataGetCommand.Build()),
        ["map"] = () => CommandLine.Noun("map", "Pictures of runs and layers", MapRenderCommand.Build()),
        ["tiles"] = () => CommandLine.Noun("tiles", "Tiles: build, serve on this machine, verify", TilesBuildCommand.Build(), TilesServeCommand.Build(), TilesVerifyCommand.Build()),
        ["report"] = () => CommandLine.Noun("report", "Reports of runs", ReportBuildCommand.Build()),
        ["harm"] = () => CommandLine.Noun("harm", "Harms: the table of a run, the matrix in force, ratings of a workshop", HarmAssessCommand.Build(), HarmMatrixCommand.Build(),
            CommandLine.Noun("ratings", "Ratings of a workshop: the sheet to fill in, raters merged", HarmRatingsTemplateCommand.Build(), HarmRatingsMergeCommand.Build())),
        ["cases"] = CasesCommand.Build,
        ["completion"] = CompletionCommand.Build,
        ["routes"] = () => CommandLine.Noun("routes", "Where trafficking goes when it is pushed; networks and surfaces", RoutesSweepCommand.Build(), RoutesPushCommand.Build(), RoutesSimulateCommand.Build(), RoutesAllocateCommand.Build(), RoutesBackcastCommand.Build(), RoutesSolveCommand.Build(), RoutesSurfaceCommand.Build()),
        ["zonal"] = ZonalCommand.Build,
        ["overlay"] = OverlayCommand.Build,
        ["displacement"] = () => CommandLine.Noun("displacement", "Where hectares moved, what followed treatments, where they might go, how well it was foretold", DisplacementShiftCommand.Build(), DisplacementEstimateCommand.Build(), DisplacementProjectCommand.Build(), DisplacementBacktestCommand.Build(), DisplacementPeopleCommand.Build()),
        ["deforestation"] = () => CommandLine.Noun("deforestation", "Forest lost, how much for coca, how right the map is", DeforestationLossCommand.Build(), DeforestationAttributeCommand.Build(), DeforestationPatchesCommand.Build(), DeforestationProjectCommand.Build(), DeforestationAccuracyCommand.Build()),
        ["decide"] = DecideCommand.Build,
        ["sensitivity"] = SensitivityCommand.Build,
        ["stats"] = StatsCommand.Build,
        ["evaluate"] = EvaluateCommand.Build,
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> All() => Makers.Values.Select(make => make());

    /// <summary>The verb that a call names first; all of them where it names none, or asks for what they are.</summary>
    public static IEnumerable<Command> For(string[] args) => args.Length > 0 && Makers.TryGetValue(args[0], out var make) ? [make()] : All();
}
