namespace Microcosm.Runtime;

/// <summary>Where a node is in its life.</summary>
public enum NodeState
{
    Stopped,
    Starting,
    Running,
    Paused,
    Killed,

    /// <summary>It failed; the supervisor starts it again after a while, each time a longer one.</summary>
    Restarting,

    /// <summary>It could not start, or failed too often; it stays down until someone starts it.</summary>
    Failed,
}
