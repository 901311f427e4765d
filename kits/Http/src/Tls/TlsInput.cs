using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>What came of the peer, decrypted, on its way to the session inside; what that leaves is kept here.</summary>
internal sealed class TlsInput(TlsSession session, SessionTransport outer, TlsEngine engine)
{
    // A message that is longer cannot be kept until it is whole.
    private const int KeptBytesMax = 1 << 30;

    [ThreadStatic]
    private static byte[]? t_decrypted;

    private ByteQueue _kept;

    /// <summary>Decrypts and shows, a record at a time, what the engine has, as long as the session takes it.</summary>
    public void Decrypt()
    {
        // A session inside may carry on another one, which decrypts too.
        var decrypted = t_decrypted ?? new byte[TlsContext.RecordBytesMax];
        t_decrypted = null;
        while (session.TakesInput && (engine.Unread > 0 || engine.HasPending))
        {
            if (!TryDecryptRecord(decrypted))
                break;
        }
        t_decrypted = decrypted;
    }

    /// <summary>Shows again what was left.</summary>
    public void ShowKept()
    {
        if (_kept.Length == 0 || !session.TakesInput)
            return;
        var taken = ShowTo(session.Inner!, _kept.Bytes);
        // A connection that is gone does not give the array back: the session inside may be looking at it still.
        if (!session.IsOpen)
            return;
        _kept.Take(taken);
        if (_kept.Length > KeptBytesMax)
            outer.Abort();
    }

    /// <summary>Shows input to a session: to its own room first. Returns how much it took.</summary>
    public static int ShowTo(Session session, ReadOnlySpan<byte> input)
    {
        var taken = 0;
        if (session.Room is { IsEmpty: false } room)
        {
            taken = Math.Min(room.Length, input.Length);
            input[..taken].CopyTo(room.Span);
            session.Filled(taken);
        }
        return taken < input.Length ? taken + session.Receive(input[taken..]) : taken;
    }

    // False: what OpenSSL holds is the front of a record.
    private bool TryDecryptRecord(byte[] decrypted)
    {
        var room = session.Inner!.Room.Span;
        switch (engine.Read(room.IsEmpty ? decrypted : room, out var count))
        {
            case TlsStatus.Done when room.IsEmpty:
                Show(decrypted.AsSpan(0, count));
                return true;
            case TlsStatus.Done:
                session.Inner.Filled(count);
                return true;
            case TlsStatus.Ended:
                session.EndInput();
                return true;
            case TlsStatus.Failed:
                session.Fail(engine.Failure!);
                return true;
            default:
                return engine.Unread > 0;
        }
    }

    private void Show(ReadOnlySpan<byte> input)
    {
        if (_kept.Length > 0)
        {
            _kept.Add(input);
            ShowKept();
            return;
        }
        var taken = session.Inner!.Receive(input);
        if (session.IsOpen)
            _kept.Add(input[taken..]);
    }
}
