namespace Microcosm.Consensus;

/// <summary>Moments in a member's life at which faults may meet it: between two of its steps, where protocols break.</summary>
internal static class RaftMoment
{
    /// <summary>It serves, from its disk or anew.</summary>
    public const string Starts = "starts";

    /// <summary>Its request for votes leaves.</summary>
    public const string Stands = "stands";

    /// <summary>Its vote for another leaves.</summary>
    public const string Votes = "votes";

    /// <summary>It has become leader.</summary>
    public const string Elected = "elected";

    /// <summary>It leads; whoever leads comes to this all the time.</summary>
    public const string Leads = "leads";

    /// <summary>It leads, and sends entries that may not be on a disk yet.</summary>
    public const string Appends = "appends";

    /// <summary>It leads, and more is committed.</summary>
    public const string Commits = "commits";

    /// <summary>It leads, and tells another to stand in its place.</summary>
    public const string HandsOver = "hands-over";
}
