using System.Net;
using System.Net.Sockets;

namespace Microcosm.Runtime.Tests;

/// <summary>No error of one connection ends a listener.</summary>
public sealed class AcceptTests
{
    [Theory]
    [InlineData(103, AcceptOutcome.Next)] // ECONNABORTED
    [InlineData(1, AcceptOutcome.Next)] // EPERM: a firewall forbids it
    [InlineData(71, AcceptOutcome.Next)] // EPROTO
    [InlineData(100, AcceptOutcome.Next)] // ENETDOWN
    [InlineData(4, AcceptOutcome.Next)] // EINTR
    [InlineData(11, AcceptOutcome.Later)] // EAGAIN
    [InlineData(12, AcceptOutcome.Later)] // ENOMEM
    [InlineData(105, AcceptOutcome.Later)] // ENOBUFS
    [InlineData(24, AcceptOutcome.OutOfDescriptors)] // EMFILE
    [InlineData(23, AcceptOutcome.OutOfDescriptors)] // ENFILE
    public void An_error_is_skipped_waited_out_or_given_a_spare_descriptor(int errno, object outcome) =>
        Assert.Equal(outcome, AcceptErrors.Of(errno));

    [Fact]
    public async Task A_connection_that_is_reset_before_it_is_accepted_does_not_end_the_listener()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        using var loop = new EventLoop();
        var executor = new NodeExecutor(loop, "node");
        var listener = await new LoopSocketHost().ListenAsync(
            new IPEndPoint(IPAddress.Loopback, 0), executor, new EchoFactory(), null, default);
        executor.Pause();
        for (var i = 0; i < 3; i++)
        {
            using var aborted = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await aborted.ConnectAsync(listener.EndPoint);
            aborted.Close(timeout: 0);
        }
        executor.Resume();
        using var client = new TcpClient();
        await client.ConnectAsync(listener.EndPoint);
        Assert.Equal("alive\n", await DisturbedNetwork.EchoAsync(client.GetStream(), "alive\n"));
    }
}
