namespace Microcosm.Runtime;

/// <summary>Where a node is in its life.</summary>
public enum NodeState
{
    Stopped,
    Starting,
    Running,
    Paused,
    Killed,

    /// <summary>Failed too often; it stays down until someone restarts it.</summary>
    Failed,
}
