namespace GeoHarm.Routing.Equilibrium;

/// <summary>Settings of the fixed point and of its adjoint.</summary>
public sealed record MarkovianEquilibriumOptions
{
    /// <summary>Residual at which it stops: largest difference between a zone's inflow and the inflow that its costs cause, as a share of all that is sent. Default 1e-10.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Most Newton steps; default 30, twice what the hardest tested case (kappa = rho = 3) takes.</summary>
    public int StepLimit { get; init; } = 30;

    /// <summary>Relative residual of each linear solve at most; default 1e-2: with a looser one the case kappa = rho = 3 stalled at 0.64 (findings B3).</summary>
    public double LinearTolerance { get; init; } = 1e-2;

    /// <summary>Most steps of each linear solve; default 120. Observed: 5 to 40.</summary>
    public int LinearStepLimit { get; init; } = 120;

    /// <summary>Residual below which full Newton steps are taken without a line search; default 1e-4 (findings B3).</summary>
    public double FullStepResidual { get; init; } = 1e-4;

    /// <summary>Halvings of a step before the search gives up; default 12, a step of 1/4096.</summary>
    public int HalvingLimit { get; init; } = 12;

    /// <summary>Relative residual of the adjoint's linear solve; default 1e-11, so that derivatives agree with central differences to 1e-8.</summary>
    public double AdjointTolerance { get; init; } = 1e-11;
}
