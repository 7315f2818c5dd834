using BenchmarkDotNet.Running;
using GeoHarm.Benchmarks.Engine;
using GeoHarm.Benchmarks.Routing;
using GeoHarm.Benchmarks.Spatial;

// Figures in CPU seconds of one process, which BenchmarkDotNet does not give, have a verb of their own.
if (args is ["routing-figures", var folder, .. var part])
{
    RoutingFigures.Run(folder, part is [var one] ? one : "all");
    return;
}
if (args is ["postgis-copy", var address])
{
    GeoHarm.Benchmarks.Stores.PostGisCopy.Run(address);
    return;
}
if (args is ["projection-figures"])
{
    ProjectionFigures.Run();
    return;
}
if (args is ["estimate-figures", .. var figures])
{
    EstimateFigures.Run(figures is [var single] ? single : "all");
    return;
}
if (args is ["statistics-figures"])
{
    StatisticsFigures.Run();
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
