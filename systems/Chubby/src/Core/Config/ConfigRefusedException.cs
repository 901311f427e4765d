namespace Microcosm.Chubby;

/// <summary>A text names no members that a cell can have.</summary>
internal sealed class ConfigRefusedException(ZooError error, string message) : Exception(message)
{
    /// <summary>As ZooKeeper answers it.</summary>
    public ZooError Error { get; } = error;
}
