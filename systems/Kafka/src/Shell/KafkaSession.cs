using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One connection's framing: a length of four bytes, then the request.</summary>
internal sealed class KafkaSession(KafkaConnection client, int requestBytesMax) : Session
{
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
            if (input.Length - taken - 4 < length)
                break;
            if (!client.Take(input.Slice(taken + 4, length)))
                client.Close();
            taken += 4 + length;
        }
        return client.IsClosed ? input.Length : taken;
    }

    public override void Drained()
    {
        if (!client.IsFull)
            client.Transport.ResumeInput();
    }

    public override void Closed(Exception? error) => client.Closed();
}
