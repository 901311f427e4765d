namespace Microcosm.Runtime;

/// <summary>
/// The connections in memory that are open, in the order in which they were opened: a simulation resets them in no other. Thread-safe.
/// </summary>
internal sealed class OpenConnections
{
    private readonly Lock _gate = new();
    private readonly LinkedList<MemoryConnection> _clientEnds = [];

    /// <summary>Adds one by its client's end.</summary>
    public LinkedListNode<MemoryConnection> Add(MemoryConnection clientEnd)
    {
        lock (_gate)
            return _clientEnds.AddLast(clientEnd);
    }

    /// <summary>Takes one out that is over.</summary>
    public void Remove(LinkedListNode<MemoryConnection> place)
    {
        lock (_gate)
            _clientEnds.Remove(place);
    }

    /// <summary>The client's ends of those between two names, whoever of them is the client.</summary>
    public MemoryConnection[] Between(string a, string b)
    {
        lock (_gate)
            return [.. _clientEnds.Where(c => Names(c) == (a, b) || Names(c) == (b, a))];
    }

    private static (string? Client, string? Node) Names(MemoryConnection clientEnd) =>
        ((clientEnd.LocalEndPoint as NodeEndPoint)?.Node, (clientEnd.RemoteEndPoint as NodeEndPoint)?.Node);
}
