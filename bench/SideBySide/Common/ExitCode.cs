namespace Microcosm.SideBySide;

/// <summary>Exit codes of <c>bench/run</c>; its help says them too.</summary>
internal static class ExitCode
{
    /// <summary>All was measured.</summary>
    public const int Ok = 0;

    /// <summary>Something failed; what was seen before that is printed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A peer or a tool is not installed.</summary>
    public const int Missing = 3;
}
