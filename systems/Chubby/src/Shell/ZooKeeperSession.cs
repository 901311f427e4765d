using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>One connection's framing: packets behind their length, or a four-letter word in place of the first.</summary>
internal sealed class ZooKeeperSession(CellMember member, ClientConnection client) : Session
{
    private bool _isFirst = true;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (!client.IsFull && input.Length - taken >= 4)
        {
            var rest = input[taken..];
            if (_isFirst && FourLetterWords.IsWord(rest[..4]))
            {
                Answer(rest[..4]);
                return input.Length;
            }
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > member.Options.JuteMaxBuffer)
            {
                member.Log.Write(LogSeverity.Warning, $"Len error. A message from {client.Transport.Remote} with advertised length of "
                    + $"{length} is either a malformed message or too large to process");
                member.Counts.LargeRequests++;
                client.Close();
                return input.Length;
            }
            if (rest.Length - 4 < length)
                break;
            if (!TryTake(rest.Slice(4, length)))
            {
                client.Close();
                return input.Length;
            }
            taken += 4 + length;
            _isFirst = false;
        }
        return client.IsClosed ? input.Length : taken;
    }

    public override void Drained() => client.Advance();

    public override void Closed(Exception? error) => client.Closed();

    public override void InputEnded(SessionTransport transport) => client.Close();

    // False for a packet too short for its header.
    private bool TryTake(ReadOnlySpan<byte> packet)
    {
        if (_isFirst)
        {
            client.Take(0, -10, packet);
            return true;
        }
        if (packet.Length < 8)
            return false;
        client.Take(BinaryPrimitives.ReadInt32BigEndian(packet), BinaryPrimitives.ReadInt32BigEndian(packet[4..]), packet[8..]);
        return true;
    }

    private void Answer(ReadOnlySpan<byte> word)
    {
        client.Counts.Received(member.LeaseClockMs);
        member.Counts.Received++;
        client.Transport.Output.Write(System.Text.Encoding.UTF8.GetBytes(FourLetterWords.Answer(member, client, word)));
        client.Transport.ReleaseAll();
        member.Counts.Sent++;
        client.Close();
    }
}
