namespace Microcosm.Redis;

/// <summary>One line of INFO commandstats.</summary>
internal sealed class CommandStats
{
    public long Calls { get; set; }

    /// <summary>Time spent, in ticks of the node's clock.</summary>
    public long Ticks { get; set; }

    public long Rejected { get; set; }

    public long Failed { get; set; }
}
