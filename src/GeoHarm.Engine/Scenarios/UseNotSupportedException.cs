namespace GeoHarm.Engine.Scenarios;

/// <summary>A request that GeoHarm does not serve because it could help someone target people or choose a route;
/// edges turn it into exit code 2 with the type "use-not-supported".</summary>
public sealed class UseNotSupportedException(string message) : Exception(message);
