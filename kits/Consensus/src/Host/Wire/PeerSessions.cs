using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>Takes frames from peers. A peer that sends anything else is cut off.</summary>
internal sealed class PeerSessions(RaftHost host) : ISessionFactory
{
    /// <inheritdoc/>
    public Session? Accept(SessionTransport transport) => new PeerSession(transport, host);

    private sealed class PeerSession(SessionTransport transport, RaftHost host) : Session
    {
        public override int Receive(ReadOnlySpan<byte> input)
        {
            var taken = 0;
            while (input.Length - taken >= PeerFrames.PrefixBytes)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(input[taken..]);
                if (length < 1 || length > host.Options.FrameBytesMax)
                {
                    transport.Abort();
                    return taken;
                }
                if (input.Length - taken - 4 < length)
                    return taken;
                var frame = input.Slice(taken + 4, length);
                taken += 4 + length;
                if (!PeerFrames.Take(frame[0], frame[1..], host))
                {
                    transport.Abort();
                    return taken;
                }
            }
            return taken;
        }

        public override void Closed(Exception? error)
        {
        }
    }
}
