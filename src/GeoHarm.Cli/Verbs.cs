using System.CommandLine;

namespace GeoHarm.Cli;

/// <summary>Every verb there is; a verb is listed once it works.</summary>
internal static class Verbs
{
    public static IEnumerable<Command> All() =>
    [
        DemoCommand.Build(), InitCommand.Build(), RunCommand.Build(), VerifyCommand.Build(), DiffCommand.Build(), CheckCommand.Build(),
        CommandLine.Noun("data", "Official files and stores: check, import, list, fetch", DataCheckCommand.Build(), DataImportCommand.Build(), DataLsCommand.Build(), DataGetCommand.Build()),
        CommandLine.Noun("map", "Pictures of runs and layers", MapRenderCommand.Build()),
        CommandLine.Noun("tiles", "Tiles: build, serve on this machine, verify", TilesBuildCommand.Build(), TilesServeCommand.Build(), TilesVerifyCommand.Build()),
        CommandLine.Noun("report", "Reports of runs", ReportBuildCommand.Build()),
        CommandLine.Noun("harm", "Harms: the table of a run, the matrix in force, ratings of a workshop", HarmAssessCommand.Build(), HarmMatrixCommand.Build(),
            CommandLine.Noun("ratings", "Ratings of a workshop: the sheet to fill in, raters merged", HarmRatingsTemplateCommand.Build(), HarmRatingsMergeCommand.Build())),
        CasesCommand.Build(),
        CompletionCommand.Build(),
        CommandLine.Noun("routes", "Where trafficking goes when it is pushed; networks and surfaces", RoutesSweepCommand.Build(), RoutesPushCommand.Build(), RoutesSimulateCommand.Build(), RoutesBackcastCommand.Build(), RoutesSolveCommand.Build(), RoutesSurfaceCommand.Build()),
        ZonalCommand.Build(),
        OverlayCommand.Build(),
        CommandLine.Noun("displacement", "Where hectares moved, what followed treatments, where they might go, how well it was foretold", DisplacementShiftCommand.Build(), DisplacementEstimateCommand.Build(), DisplacementProjectCommand.Build(), DisplacementBacktestCommand.Build(), DisplacementPeopleCommand.Build()),
        CommandLine.Noun("deforestation", "Forest lost, how much for coca, how right the map is", DeforestationLossCommand.Build(), DeforestationAttributeCommand.Build(), DeforestationPatchesCommand.Build(), DeforestationProjectCommand.Build(), DeforestationAccuracyCommand.Build()),
        DecideCommand.Build(), SensitivityCommand.Build(), StatsCommand.Build(), EvaluateCommand.Build(),
    ];
}
