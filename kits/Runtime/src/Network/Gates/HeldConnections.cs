namespace Microcosm.Runtime;

/// <summary>New connections of one listener that hang: their link is cut, or a rule is a black hole. On the loop's thread.</summary>
internal sealed class HeldConnections
{
    private readonly List<HeldConnection> _held = [];

    public void Add(HeldConnection connection) => _held.Add(connection);

    /// <summary>Takes out those that need not hang any more, in the order they came.</summary>
    public IReadOnlyList<HeldConnection> TakeWhere(Predicate<HeldConnection> isFree)
    {
        var before = _held.ToArray();
        _held.Clear();
        var free = new List<HeldConnection>();
        foreach (var connection in before)
            (isFree(connection) ? free : _held).Add(connection);
        return free;
    }

    /// <summary>Resets all: the node is gone.</summary>
    public void Reset()
    {
        foreach (var connection in _held)
            Reset(connection.Descriptor);
        _held.Clear();
    }

    /// <summary>Closes a socket so that its peer sees a reset.</summary>
    public static void Reset(int fd)
    {
        var socket = new LoopSocket(fd);
        socket.ResetWhenClosed();
        socket.Close();
    }
}
