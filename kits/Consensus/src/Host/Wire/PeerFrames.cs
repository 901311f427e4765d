using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// What hosts say to each other: frames of a length (u32), a kind (u8) and a body; numbers are i64, little-endian.
/// Message: group, a message (<see cref="RaftMessageCodec"/>). Beats: from, to, and for each heartbeat, or answer to one, of any group:
/// what it is (u8), group, term, commit, round. Proposal: group, from, number, the entry's payload. Answer: group, number, refusal (u8),
/// index. Hello, first on each connection: who it is, its port (i64) and name, for those who do not know it yet.
/// </summary>
internal static class PeerFrames
{
    public const byte Message = 1;
    public const byte Beats = 2;
    public const byte Proposal = 3;
    public const byte Answer = 4;
    public const byte Hello = 5;

    public const int PrefixBytes = 5;
    public const int BeatBytes = 33;

    /// <summary>True for what <see cref="PutBeats"/> can say.</summary>
    public static bool IsBeat(RaftMessage message) => message.Kind is MessageKind.Heartbeat or MessageKind.HeartbeatResponse;

    public static void PutMessage(IBufferWriter<byte> output, long group, RaftMessage message)
    {
        var body = Begin(output, Message, 8 + RaftMessageCodec.EncodedBytes(message), 8);
        BinaryPrimitives.WriteInt64LittleEndian(body, group);
        output.Advance(PrefixBytes + 8);
        RaftMessageCodec.Encode(message, output);
    }

    public static void PutBeats(IBufferWriter<byte> output, IReadOnlyList<(long Group, RaftMessage Message)> beats)
    {
        var length = 16 + BeatBytes * beats.Count;
        var body = Begin(output, Beats, length, length);
        BinaryPrimitives.WriteInt64LittleEndian(body, beats[0].Message.From);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], beats[0].Message.To);
        var at = 16;
        foreach (var (group, m) in beats)
        {
            body[at] = (byte)m.Kind;
            BinaryPrimitives.WriteInt64LittleEndian(body[(at + 1)..], group);
            BinaryPrimitives.WriteInt64LittleEndian(body[(at + 9)..], m.Term);
            BinaryPrimitives.WriteInt64LittleEndian(body[(at + 17)..], m.Commit);
            BinaryPrimitives.WriteInt64LittleEndian(body[(at + 25)..], m.Round);
            at += BeatBytes;
        }
        output.Advance(PrefixBytes + length);
    }

    public static void PutProposal(IBufferWriter<byte> output, long group, long from, long sequence, ReadOnlySpan<byte> data)
    {
        var body = Begin(output, Proposal, 24 + data.Length, 24 + data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body, group);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], from);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], sequence);
        data.CopyTo(body[24..]);
        output.Advance(PrefixBytes + 24 + data.Length);
    }

    public static void PutAnswer(IBufferWriter<byte> output, long group, long sequence, RaftRefusal refusal, long index)
    {
        var body = Begin(output, Answer, 25, 25);
        BinaryPrimitives.WriteInt64LittleEndian(body, group);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], sequence);
        body[16] = (byte)refusal;
        BinaryPrimitives.WriteInt64LittleEndian(body[17..], index);
        output.Advance(PrefixBytes + 25);
    }

    public static byte[] HelloOf(long id, NodeEndPoint address)
    {
        var output = new ArrayBufferWriter<byte>();
        var name = Encoding.UTF8.GetBytes(address.Node);
        var body = Begin(output, Hello, 16 + name.Length, 16 + name.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body, id);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], address.Port);
        name.CopyTo(body[16..]);
        output.Advance(PrefixBytes + 16 + name.Length);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Hands the message in a frame's body to the host. False if it is none.</summary>
    public static bool Take(byte kind, ReadOnlySpan<byte> body, RaftHost host)
    {
        switch (kind)
        {
            case Message when body.Length >= 8 && RaftMessageCodec.TryDecode(body[8..]) is { } message:
                host.Take(Number(body, 0), message);
                return true;
            case Beats when body.Length >= 16 && (body.Length - 16) % BeatBytes == 0:
                return TakeBeats(body, host);
            case Proposal when body.Length >= 24 + CommandEnvelope.Bytes:
                host.TakeProposal(Number(body, 0), Number(body, 8), Number(body, 16), body[24..].ToArray());
                return true;
            case Answer when body.Length == 25 && body[16] <= (byte)RaftRefusal.NotVoter && Number(body, 17) >= 0:
                host.TakeAnswer(Number(body, 0), Number(body, 8), (RaftRefusal)body[16], Number(body, 17));
                return true;
            case Hello when body.Length > 16 && Number(body, 0) > 0 && Number(body, 8) is > 0 and <= ushort.MaxValue:
                host.Introduce(Number(body, 0), new NodeEndPoint(Encoding.UTF8.GetString(body[16..]), (int)Number(body, 8)));
                return true;
            default:
                return false;
        }
    }

    private static bool TakeBeats(ReadOnlySpan<byte> body, RaftHost host)
    {
        for (var at = 16; at < body.Length; at += BeatBytes)
        {
            var message = new RaftMessage
            {
                Kind = (MessageKind)body[at], From = Number(body, 0), To = Number(body, 8),
                Term = Number(body, at + 9), Commit = Number(body, at + 17), Round = Number(body, at + 25),
            };
            if (!IsBeat(message) || message.From < 0 || message.To < 0 || message.Term < 0 || message.Commit < 0 || message.Round < 0)
                return false;
            host.Take(Number(body, at + 1), message);
        }
        return true;
    }

    private static long Number(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadInt64LittleEndian(body[at..]);

    private static Span<byte> Begin(IBufferWriter<byte> output, byte kind, int length, int room)
    {
        var span = output.GetSpan(PrefixBytes + room);
        BinaryPrimitives.WriteInt32LittleEndian(span, 1 + length);
        span[4] = kind;
        return span[PrefixBytes..];
    }
}
