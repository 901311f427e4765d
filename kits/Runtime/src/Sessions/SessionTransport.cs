using System.Net;

namespace Microcosm.Runtime;

/// <summary>
/// A session's way out. Output is written to <see cref="Output"/> and sent as far as it is released: a reply that promises
/// durability is released only after what it promises is synced. Sending happens at the end of the turn, in one system call where
/// it can. All members are for the node's executor only.
/// </summary>
public abstract class SessionTransport(OutputBuffer output)
{
    /// <summary>A session that has so much output pending had better pause its input: <see cref="Session.Drained"/> says when most of it
    /// has left.</summary>
    public const long HighWaterBytes = 1024 * 1024;

    /// <summary>The level of this connection, in bytes: <see cref="HighWaterBytes"/> unless its session asks for another.</summary>
    public virtual long HighWater { get; set; } = HighWaterBytes;

    /// <summary>
    /// Where true, an end of input (or a reset) that comes while input is paused is told when all that came before it was shown, and <see
    /// cref="Session.PeerLeft"/> says at once that it came. Where false, it is told at once, and what was not read is lost.
    /// </summary>
    public bool KeepsInputOfEnd { get; set; }

    /// <summary>Where replies are written.</summary>
    public OutputBuffer Output { get; } = output;

    /// <summary>Unique and ascending within the node, from 1: the connection ordinal that faults and client lists use.</summary>
    public long ConnectionId { get; init; }

    /// <summary>The peer's address: an <see cref="IPEndPoint"/> on sockets, a <see cref="NodeEndPoint"/> in memory.</summary>
    public abstract EndPoint Remote { get; }

    /// <summary>The own address.</summary>
    public abstract EndPoint Local { get; }

    /// <summary>Position up to which output may leave; counts from the connection's first byte.</summary>
    public long Released { get; private set; }

    /// <summary>Output not yet handed to the network, released or not, in bytes.</summary>
    public virtual long PendingBytes => Output.Length;

    /// <summary>True once the connection is closed or closing.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>Lets output up to <paramref name="position"/> (see <see cref="OutputBuffer.Position"/>) leave at the end of this
    /// turn.</summary>
    public void Release(long position)
    {
        if (position <= Released)
            return;
        Invariant.Check(position <= Output.Position);
        Released = position;
        ScheduleSend();
    }

    /// <summary>Releases all that is written.</summary>
    public void ReleaseAll() => Release(Output.Position);

    /// <summary>Closes after the released output has been sent. What is not released is dropped.</summary>
    public abstract void Close();

    /// <summary>Closes now: unsent output is dropped and, on sockets, the peer sees a reset.</summary>
    public abstract void Abort();

    /// <summary>Stops showing input to the session (back-pressure) until <see cref="ResumeInput"/>.</summary>
    public abstract void PauseInput();

    /// <summary>Shows input again, at the latest in the next turn, including what was left over.</summary>
    public abstract void ResumeInput();

    /// <summary>Sends what is released and ends the output (the peer reads to the end); input is shown on. What is written later is
    /// dropped.</summary>
    public abstract void EndOutput();

    /// <summary>Shows again, in the next turn, what the session left of its input.</summary>
    public abstract void ShowLeftover();

    /// <summary>Asks the host to send at the end of the turn. Idempotent within a turn.</summary>
    protected abstract void ScheduleSend();
}
