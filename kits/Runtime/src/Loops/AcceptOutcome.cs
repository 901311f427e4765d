namespace Microcosm.Runtime;

/// <summary>How accepting goes on after an error.</summary>
internal enum AcceptOutcome
{
    /// <summary>The error was that connection's own: the next one may be taken at once.</summary>
    Next,

    /// <summary>Nothing can be taken now; the loop is told again.</summary>
    Later,

    /// <summary>The connection is taken with a spare descriptor and closed.</summary>
    OutOfDescriptors,
}
