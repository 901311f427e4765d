namespace Microcosm.Runtime;

/// <summary>What a listener does after <c>accept4</c> failed. None of it ends the listener.</summary>
internal static class AcceptErrors
{
    /// <summary>
    /// By errno. What is wrong with one connection (it was aborted, a firewall forbade it, its network failed; accept(2)) is skipped.
    /// </summary>
    public static AcceptOutcome Of(int errno) => errno switch
    {
        Libc.EMFile or Libc.ENFile => AcceptOutcome.OutOfDescriptors,
        Libc.EAgain or Libc.ENoMem or Libc.ENoBufs => AcceptOutcome.Later,
        _ => AcceptOutcome.Next,
    };
}
