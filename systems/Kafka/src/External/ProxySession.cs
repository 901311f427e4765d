using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A client's framing: a request is looked at when enough of it has come, and the rest of it passes as it comes.</summary>
internal sealed class ProxySession(ProxyConnection client) : Session
{
    private bool _isPassedOn;
    private long _left;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!client.IsClosed && taken < input.Length)
        {
            var rest = input[taken..];
            if (_left > 0 ? client.IsBlocked : client.IsFull)
            {
                client.Transport.PauseInput();
                break;
            }
            if (_left == 0 && !TryBegin(rest))
                break;
            var passing = rest[..(int)Math.Min(rest.Length, _left)];
            if (_isPassedOn)
                client.PassOn(passing);
            (taken, _left) = (taken + passing.Length, _left - passing.Length);
        }
        client.Flush();
        return client.IsClosed ? input.Length : taken;
    }

    public override void Drained() => client.Drained();

    public override void Closed(Exception? error) => client.Closed();

    // False: more has to come, or nothing will.
    private bool TryBegin(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(int))
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        var frame = rest[sizeof(int)..];
        if (client.BytesToSee(frame, length) is not { } wanted || frame.Length < wanted)
            return false;
        _isPassedOn = client.Begin(frame[..wanted], length);
        _left = sizeof(int) + (long)length;
        return !client.IsClosed;
    }
}
