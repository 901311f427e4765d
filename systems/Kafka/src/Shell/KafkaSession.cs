using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One connection's framing: a length of four bytes, then the request. A long request is read into an array of its own at
/// once.</summary>
internal sealed class KafkaSession(KafkaConnection client, int requestBytesMax) : Session
{
    // So long that copying is dear, and so short that who sends nothing but a length does not hold much.
    private const int OwnArrayBytesMin = 32 * 1024;
    private const int OwnArrayBytesMax = 2 * 1024 * 1024;

    private byte[]? _request;
    private int _requestBytes;
    private int _filled;

    public override Memory<byte> Room => _request.AsMemory(_filled, _requestBytes - _filled);

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!client.IsClosed && input.Length - taken >= 4)
        {
            if (client.IsFull)
            {
                client.Transport.PauseInput();
                break;
            }
            var length = BinaryPrimitives.ReadInt32BigEndian(input[taken..]);
            var isUnproven = client.Sasl is { User: null };
            var bytesMax = isUnproven ? Math.Min(requestBytesMax, client.Broker.Security.UnprovenBytesMax) : requestBytesMax;
            if (length < 0 || length > bytesMax)
            {
                client.Broker.Context.Log.Write(LogSeverity.Warning,
                    $"Invalid receive (size = {length}{(length > 0 ? $" larger than {bytesMax}" : "")}) from {client.Transport.Remote}");
                client.Close();
                break;
            }
            var rest = input[(taken + 4)..];
            if (length is >= OwnArrayBytesMin and <= OwnArrayBytesMax)
            {
                rest = rest[..Math.Min(length, rest.Length)];
                (_request, _requestBytes) = (ArrayPool<byte>.Shared.Rent(length), length);
                rest.CopyTo(_request);
                Filled(rest.Length);
                taken += 4 + rest.Length;
                continue;
            }
            if (rest.Length < length)
                break;
            if (!client.Take(rest[..length]))
                client.Close();
            taken += 4 + length;
        }
        return client.IsClosed ? input.Length : taken;
    }

    public override void Filled(int count)
    {
        _filled += count;
        if (_filled < _requestBytes)
            return;
        var (request, length) = (_request!, _requestBytes);
        (_request, _requestBytes, _filled) = (null, 0, 0);
        if (!client.IsClosed && !client.Take(request, length))
            client.Close();
    }

    public override void Drained()
    {
        if (!client.IsFull)
            client.Transport.ResumeInput();
    }

    public override void Closed(Exception? error)
    {
        if (_request is { } unfinished)
            ArrayPool<byte>.Shared.Return(unfinished);
        (_request, _requestBytes, _filled) = (null, 0, 0);
        client.Closed();
    }
}
