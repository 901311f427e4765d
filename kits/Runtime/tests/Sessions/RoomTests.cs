using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Runtime.Tests;

/// <summary>A session that makes room gets a long message there, however it comes in, and what follows it as ever.</summary>
public sealed class RoomTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int[] Lengths = [0, 3, 70_000, 5, 300_000, 300_000, 1];

    private readonly FramesFactory _frames = new(Lengths.Length);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_000)]
    [InlineData(1_000_000)]
    public async Task Over_a_pipe(int pieceBytes)
    {
        var far = new MemoryConnection("far", new NodeEndPoint("node", 7), new NodeEndPoint("client", 1));
        var served = new SessionConnectionHandler(new NodeExecutor(new SerialCarrier(), "node"), _frames).RunAsync(far);
        var bytes = Frames();
        for (var at = 0; at < bytes.Length; at += pieceBytes)
            await far.Arriving.WriteAsync(bytes.AsMemory(at, Math.Min(pieceBytes, bytes.Length - at)));
        await _frames.All.Task.WaitAsync(Patience);
        Assert.Equal(Lengths, _frames.Seen);
        far.Abort();
        await served.WaitAsync(Patience);
    }

    [Fact]
    public async Task Over_a_socket_of_the_event_loop()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("The event loop needs Linux.");
        using var loops = new LoopGroup(1);
        var listener = (await loops.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), _ => _frames))[0];
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint);
        var bytes = Frames();
        // Not on the boundaries of anything.
        for (var at = 0; at < bytes.Length; at += 77_777)
            await client.SendAsync(bytes.AsMemory(at, Math.Min(77_777, bytes.Length - at)));
        await _frames.All.Task.WaitAsync(Patience);
        Assert.Equal(Lengths, _frames.Seen);
        await listener.CloseAsync();
    }

    private static byte[] Frames()
    {
        using var bytes = new MemoryStream();
        var prefix = new byte[4];
        foreach (var length in Lengths)
        {
            BinaryPrimitives.WriteInt32BigEndian(prefix, length);
            bytes.Write(prefix);
            for (var i = 0; i < length; i++)
                bytes.WriteByte((byte)(length + i));
        }
        return bytes.ToArray();
    }

    private sealed class FramesFactory(int count) : ISessionFactory
    {
        public List<int> Seen { get; } = [];

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Session Accept(SessionTransport transport) => new FramesSession(this);

        public void Take(ReadOnlySpan<byte> frame)
        {
            for (var i = 0; i < frame.Length; i++)
                Invariant.Check(frame[i] == (byte)(frame.Length + i));
            Seen.Add(frame.Length);
            if (Seen.Count == count)
                All.SetResult();
        }
    }

    // A length of four bytes, then so many; makes room for those above 1,000.
    private sealed class FramesSession(FramesFactory factory) : Session
    {
        private byte[] _long = [];
        private int _filled;

        public override Memory<byte> Room => _long.AsMemory(_filled);

        public override int Receive(ReadOnlySpan<byte> input)
        {
            var taken = 0;
            while (input.Length - taken >= 4)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(input[taken..]);
                var rest = input[(taken + 4)..];
                if (length > 1_000)
                {
                    rest = rest[..Math.Min(length, rest.Length)];
                    (_long, _filled) = (new byte[length], 0);
                    rest.CopyTo(_long);
                    Filled(rest.Length);
                }
                else if (rest.Length < length)
                {
                    break;
                }
                else
                {
                    rest = rest[..length];
                    factory.Take(rest);
                }
                taken += 4 + rest.Length;
            }
            return taken;
        }

        public override void Filled(int count)
        {
            _filled += count;
            if (_filled < _long.Length)
                return;
            factory.Take(_long);
            (_long, _filled) = ([], 0);
        }

        public override void Closed(Exception? error)
        {
        }
    }
}
