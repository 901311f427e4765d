using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// A connection's packets on their way out. They are made in the member's one buffer, so that one may be made while another is: an event
/// that a request brings leaves before its reply.
/// </summary>
internal sealed class PacketOutput(CellMember member, SessionTransport transport)
{
    // Of events alone: who asks for nothing more can be told no end of them.
    private const long UnreadBytesMax = 64 << 20;

    /// <summary>The client does not read: what else it has asked for is answered when it has read more.</summary>
    public bool AreUnread => transport.PendingBytes > SessionTransport.HighWaterBytes;

    public ConnectionCounts Counts { get; } = new() { EstablishedMs = member.NowMs };

    /// <summary>A reply's header, behind four bytes for the length.</summary>
    public static void Head(JuteWriter writer, int xid, long zxid, ZooError error)
    {
        writer.Int(0);
        writer.Int(xid);
        writer.Long(zxid);
        writer.Int((int)error);
    }

    /// <summary>False where so much is unread that the connection had better end.</summary>
    public bool TryEvent(TreeEvent happened, bool isReleased)
    {
        if (transport.PendingBytes > UnreadBytesMax)
            return false;
        var start = member.Writer.Length;
        Head(member.Writer, -1, -1, ZooError.Ok);
        member.Writer.Int((int)happened.Kind);
        // KeeperState.SyncConnected
        member.Writer.Int(3);
        member.Writer.String(happened.Path);
        Send(start, isReleased);
        return true;
    }

    /// <summary>A reply that is its header.</summary>
    public void Error(int xid, ZooError error)
    {
        var start = member.Writer.Length;
        Head(member.Writer, xid, member.State.Zxid, error);
        Send(start, isReleased: true);
    }

    /// <summary>A packet came, of so many bytes.</summary>
    public void Received(int bytes)
    {
        Counts.Received(member.LeaseClockMs);
        member.Counts.Received++;
        member.Counts.BytesReceived += bytes;
    }

    /// <summary>A request is answered.</summary>
    public void Answered(PendingRequest request, long zxid)
    {
        var (now, declared) = (member.LeaseClockMs, request.Operation.Declaration);
        Counts.Answered(now, now - request.CameMs, declared.Name, request.Xid, zxid);
        member.Counts.Answered(now - request.CameMs, declared.IsWrite);
    }

    /// <summary>Sends what stands in the member's buffer from <paramref name="start"/> on.</summary>
    public void Send(int start, bool isReleased)
    {
        var writer = member.Writer;
        writer.PatchInt(start, writer.Length - start - 4);
        transport.Output.Write(writer.Written[start..]);
        member.Counts.Responses.Add(writer.Length - start - 4);
        writer.Cut(start);
        Counts.Sent++;
        member.Counts.Sent++;
        if (isReleased)
            transport.ReleaseAll();
    }
}
