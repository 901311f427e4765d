namespace Microcosm.Cli;

/// <summary>Exit codes of <c>cosm</c>; <c>cosm --help</c> and the README say them too.</summary>
internal static class ExitCode
{
    /// <summary>The head of the help.</summary>
    public const string Documented = "Microcosm: the datacenter in one process.\n  "
        + "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no world runs, 4 a simulation failed.";

    /// <summary>Done.</summary>
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
