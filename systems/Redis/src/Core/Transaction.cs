namespace Microcosm.Redis;

/// <summary>The commands that a client has queued since MULTI.</summary>
internal sealed class Transaction
{
    public List<StoredCommand> Queue { get; } = [];

    /// <summary>A command was refused while queueing: EXEC will be refused too.</summary>
    public bool IsBroken { get; set; }
}
