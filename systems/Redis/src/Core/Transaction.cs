namespace Microcosm.Redis;

/// <summary>The commands that a client has queued since MULTI.</summary>
internal sealed class Transaction
{
    public List<StoredCommand> Queue { get; } = [];

    /// <summary>Flags of all queued commands together: what refuses one of them refuses EXEC.</summary>
    public RedisCommandFlags Flags { get; private set; }

    public void Add(StoredCommand command)
    {
        Queue.Add(command);
        Flags |= command.Operation.Declaration.Flags;
    }

    /// <summary>A command was refused while queueing: EXEC will be refused too.</summary>
    public bool IsBroken { get; set; }
}
