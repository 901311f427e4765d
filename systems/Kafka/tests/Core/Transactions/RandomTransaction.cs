namespace Microcosm.Kafka.Tests;

/// <summary>A transaction as its producer knows it, and what became of its records.</summary>
internal sealed class RandomTransaction
{
    /// <summary>What the producer asked for; null if nothing yet.</summary>
    public bool? IsCommitAsked { get; set; }

    /// <summary>What the coordinator answered; null if nothing.</summary>
    public bool? IsCommitTold { get; set; }

    /// <summary>How often it began in a partition.</summary>
    public int Opened { get; set; }

    /// <summary>How it ended there: true for a commit.</summary>
    public List<bool> Outcomes { get; } = [];

    /// <summary>What is wrong with it when everything has come to rest; null if nothing.</summary>
    public string? Fault()
    {
        if (Outcomes.Count < Opened)
            return "a transaction hangs";
        if (Outcomes.Distinct().Count() > 1)
            return "a transaction is not atomic";
        if (Outcomes.Contains(true) && IsCommitAsked != true)
            return "a transaction is committed that nobody committed";
        return IsCommitTold is { } told && Outcomes.Contains(!told) ? "a transaction ended otherwise than was told" : null;
    }
}
