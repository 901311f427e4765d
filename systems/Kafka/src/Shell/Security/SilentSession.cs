using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Of a connection that came too soon (KIP-612): nothing is answered until it is closed.</summary>
internal sealed class SilentSession : Session
{
    public override int Receive(ReadOnlySpan<byte> input) => input.Length;

    public override void Closed(Exception? error)
    {
    }
}
