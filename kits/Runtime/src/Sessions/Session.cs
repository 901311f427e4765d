namespace Microcosm.Runtime;

/// <summary>
/// One connection's protocol, without I/O: bytes in, bytes out. The same session is carried by the event loop, by Kestrel and by
/// the in-memory fabric. All calls come on the node's executor, one at a time.
/// </summary>
public abstract class Session
{
    /// <summary>
    /// Takes the complete messages at the front of <paramref name="input"/>, writes replies to the transport's output and returns
    /// the number of bytes taken. What is not taken is shown again, with what follows it. The span is valid during the call only.
    /// </summary>
    public abstract int Receive(ReadOnlySpan<byte> input);

    /// <summary>
    /// Room of the session's own for the bytes that come next. While there is some they go there, and <see cref="Filled"/> is told instead
    /// of <see cref="Receive"/>: a long message whose length is known is read to where it stays. A session that makes room has taken all
    /// that it was shown.
    /// </summary>
    public virtual Memory<byte> Room => default;

    /// <summary>So much of <see cref="Room"/> was filled, from its front on; it gets smaller by that.</summary>
    public virtual void Filled(int count) => throw new NotSupportedException();

    /// <summary>The peer will send no more (half-close). The default sends what is released and closes.</summary>
    public virtual void InputEnded(SessionTransport transport) => transport.Close();

    /// <summary>Pending output fell below a quarter of <see cref="SessionTransport.HighWater"/> after it was above that.</summary>
    public virtual void Drained()
    {
    }

    /// <summary>The peer ended or reset the connection while input is paused; for sessions with <see
    /// cref="SessionTransport.KeepsInputOfEnd"/>.</summary>
    public virtual void PeerLeft()
    {
    }

    /// <summary>The connection is gone, for whatever reason. Called exactly once, last.</summary>
    public abstract void Closed(Exception? error);

    /// <summary>Shows input that was read elsewhere: to its room first. Returns the number of bytes taken.</summary>
    internal int Take(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        if (Room is { IsEmpty: false } room)
        {
            taken = Math.Min(room.Length, input.Length);
            input[..taken].CopyTo(room.Span);
            Filled(taken);
        }
        return taken < input.Length ? taken + Receive(input[taken..]) : taken;
    }
}
