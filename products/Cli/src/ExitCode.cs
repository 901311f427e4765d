namespace Microcosm.Cli;

/// <summary>Exit codes of <c>cosm</c>; documented in the README.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command ran and failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No world runs (or not under that control address).</summary>
    public const int NoWorld = 3;

    /// <summary>A simulation found a failing seed.</summary>
    public const int SeedFailed = 4;
}
