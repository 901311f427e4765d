using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>Takes frames of messages from peers.</summary>
internal sealed class PeerSessions(Action<RaftMessage> take) : ISessionFactory
{
    private const int FrameBytesMax = 16 << 20;

    /// <inheritdoc/>
    public Session? Accept(SessionTransport transport) => new PeerSession(transport, take);

    private sealed class PeerSession(SessionTransport transport, Action<RaftMessage> take) : Session
    {
        public override int Receive(ReadOnlySpan<byte> input)
        {
            var taken = 0;
            while (input.Length - taken >= 4)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(input[taken..]);
                if (length is < 0 or > FrameBytesMax)
                {
                    transport.Abort();
                    return taken;
                }
                if (input.Length - taken - 4 < length)
                    return taken;
                if (RaftMessageCodec.TryDecode(input.Slice(taken + 4, length)) is not { } message)
                {
                    transport.Abort();
                    return taken;
                }
                taken += 4 + length;
                take(message);
            }
            return taken;
        }

        public override void Closed(Exception? error)
        {
        }
    }
}
