using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// A connection's packets on their way out. They are made in the member's one buffer, so that one may be made while another is: an event
/// that a request brings leaves before its reply.
/// </summary>
internal sealed class PacketOutput(CellMember member, SessionTransport transport)
{
    public ConnectionCounts Counts { get; } = new() { EstablishedMs = member.NowMs };

    /// <summary>A reply's header, behind four bytes for the length.</summary>
    public static void Head(JuteWriter writer, int xid, long zxid, ZooError error)
    {
        writer.Int(0);
        writer.Int(xid);
        writer.Long(zxid);
        writer.Int((int)error);
    }

    public void Event(TreeEvent happened, bool isReleased)
    {
        var start = member.Writer.Length;
        Head(member.Writer, -1, -1, ZooError.Ok);
        member.Writer.Int((int)happened.Kind);
        // KeeperState.SyncConnected
        member.Writer.Int(3);
        member.Writer.String(happened.Path);
        Send(start, isReleased);
    }

    /// <summary>A reply that is its header.</summary>
    public void Error(int xid, ZooError error)
    {
        var start = member.Writer.Length;
        Head(member.Writer, xid, member.State.Zxid, error);
        Send(start, isReleased: true);
    }

    /// <summary>Sends what stands in the member's buffer from <paramref name="start"/> on.</summary>
    public void Send(int start, bool isReleased)
    {
        var writer = member.Writer;
        writer.PatchInt(start, writer.Length - start - 4);
        transport.Output.Write(writer.Written[start..]);
        writer.Cut(start);
        Counts.Sent++;
        member.Counts.Sent++;
        if (isReleased)
            transport.ReleaseAll();
    }
}
