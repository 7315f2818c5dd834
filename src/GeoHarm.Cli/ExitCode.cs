namespace GeoHarm.Cli;

/// <summary>Exit codes of every verb; part of the contract.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Input = 3;
    public const int NotConverged = 4;
    public const int StoreOrNetwork = 5;
    public const int Difference = 6;
    public const int Interrupted = 130;
}
