using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>What a session leaves over is kept at a cost that is linear in it.</summary>
public sealed class KeptInputTests
{
    private const int MessageBytes = 4 * 1024 * 1024;
    private const int PieceBytes = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CountingPool _pool = new();

    [Fact]
    public void What_is_left_is_shown_with_what_follows()
    {
        var kept = new KeptInput(_pool);
        Assert.True(kept.TryAppend("hello "u8));
        kept.Take(2);
        "world"u8.CopyTo(kept.Room());
        kept.Advance(5);
        Assert.Equal("llo world", Encoding.ASCII.GetString(kept.Bytes));
        kept.Take(9);
        Assert.True(kept.IsEmpty);
        Assert.Equal(0, _pool.Open);
    }

    [Fact]
    public void Many_small_pieces_are_copied_a_few_times_only()
    {
        var kept = new KeptInput(_pool);
        for (var i = 0; i < MessageBytes; i += PieceBytes)
            Assert.True(kept.TryAppend(new byte[PieceBytes]));
        // Doubling from 4 KiB to 4 MiB and what the last piece needs.
        Assert.InRange(_pool.Rents, 1, 12);
        Assert.Equal(1, _pool.Open);
        kept.Clear();
        Assert.Equal(0, _pool.Open);
    }

    [Fact]
    public async Task A_huge_message_that_trickles_in_over_a_pipe_is_joined_in_few_arrays()
    {
        var executor = new NodeExecutor(new SerialCarrier(), "node");
        var shown = new SemaphoreSlim(0);
        var session = new WholeSession(shown);
        var (near, far) = MemoryPair();
        var served = new SessionConnectionHandler(executor, session) { Buffers = _pool }.RunAsync(far);
        var piece = new byte[PieceBytes];
        for (var sent = 0; sent < MessageBytes; sent += PieceBytes)
        {
            for (var i = 0; i < PieceBytes; i++)
                piece[i] = WholeSession.ByteAt(sent + i);
            await far.Arriving.WriteAsync(piece);
            Assert.True(await shown.WaitAsync(Patience), $"not shown after {sent} bytes");
        }
        await far.Arriving.WriteAsync(new[] { WholeSession.End });
        Assert.True(await shown.WaitAsync(Patience));
        near.Abort();
        await served.WaitAsync(Patience);
        Assert.Equal((MessageBytes + PieceBytes - 1) / PieceBytes * PieceBytes + 1, session.Whole);
        // Joining anew each time would rent as often as it is shown, and copy gigabytes.
        Assert.InRange(session.Shown, 4_000, int.MaxValue);
        Assert.InRange(_pool.Rents, 1, 12);
        Assert.Equal(0, _pool.Open);
    }

    private static (MemoryConnection Near, MemoryConnection Far) MemoryPair()
    {
        var (client, node) = (new NodeEndPoint("client", 1), new NodeEndPoint("node", 7));
        var (near, far) = (new MemoryConnection("near", client, node), new MemoryConnection("far", node, client));
        (near.Peer, far.Peer) = (far, near);
        return (near, far);
    }
}
