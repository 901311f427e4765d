using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Microcosm.SideBySide.Chubby;

/// <summary>
/// gRPC's unary calls over one HTTP/2 connection (RFC 9113, 7541), with header compression as other clients have it: what was said before
/// is an index. Windows are opened so wide that they never close; what is sent is far below the servers'.
/// </summary>
internal abstract class Http2Client : WireClient
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte WindowUpdate = 8;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Ack = 1;
    private const int FrameHeadBytes = 9;
    private const int GrpcHeadBytes = 5;
    private const int FirstDynamicIndex = 62;

    // Names by their index in HPACK's static table; te has none.
    private const byte PathName = 4;
    private const byte AuthorityName = 1;
    private const byte ContentTypeName = 31;
    private const byte UserAgentName = 58;
    private const byte NewName = 0;

    private readonly List<string> _indexed = [];
    private readonly Dictionary<int, byte[]> _messages = [];
    private readonly string _authority;
    private int _stream = -1;

    protected Http2Client(IPEndPoint member)
        : base(member)
    {
        _authority = member.ToString();
        Output.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        // INITIAL_WINDOW_SIZE, and as much for the connection.
        FrameHead(6, Settings, 0, 0);
        Output.Write<byte>([0, 4, 0x3f, 0xff, 0xff, 0xff]);
        FrameHead(4, WindowUpdate, 0, 0);
        Output.Write<byte>([0x3f, 0xff, 0xff, 0xff]);
        Send();
    }

    public override bool IsReady => true;

    /// <summary>Calls a method; returns the call's number.</summary>
    protected int Call(string path, ReadOnlySpan<byte> message)
    {
        _stream += 2;
        var headers = new ArrayBufferWriter<byte>(128);
        // :method POST, :scheme http
        headers.Write<byte>([0x83, 0x86]);
        Header(headers, PathName, "", path);
        Header(headers, AuthorityName, "", _authority);
        Header(headers, ContentTypeName, "", "application/grpc");
        Header(headers, UserAgentName, "", "load/1.0");
        Header(headers, NewName, "te", "trailers");
        FrameHead(headers.WrittenCount, Headers, EndHeaders, _stream);
        Output.Write(headers.WrittenSpan);
        FrameHead(GrpcHeadBytes + message.Length, Data, EndStream, _stream);
        Output.Write<byte>([0]);
        BinaryPrimitives.WriteInt32BigEndian(Output.GetSpan(4), message.Length);
        Output.Advance(4);
        Output.Write(message);
        Send();
        return _stream;
    }

    protected override int Take(ReadOnlySpan<byte> input)
    {
        var taken = 0;
        while (input.Length - taken >= FrameHeadBytes)
        {
            var frame = input[taken..];
            var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(frame) >> 8);
            if (frame.Length < FrameHeadBytes + length)
                break;
            taken += FrameHeadBytes + length;
            var stream = BinaryPrimitives.ReadInt32BigEndian(frame[5..]) & int.MaxValue;
            Take(frame[3], frame[4], stream, frame.Slice(FrameHeadBytes, length));
        }
        return taken;
    }

    private void Take(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case Data:
                if (payload.Length > 0)
                    _messages[stream] = [.. _messages.GetValueOrDefault(stream, []), .. payload];
                break;
            case Reset:
                _messages.Remove(stream);
                Answered(stream, isOk: false, default);
                return;
            case Settings when (flags & Ack) == 0:
                FrameHead(0, Settings, Ack, 0);
                Send();
                return;
            case Ping when (flags & Ack) == 0:
                FrameHead(payload.Length, Ping, Ack, 0);
                Output.Write(payload);
                Send();
                return;
            case GoAway:
                throw new IOException("the member says goodbye");
            default:
                break;
        }
        // A refusal has trailers and no message.
        if (type is Data or Headers && (flags & EndStream) != 0)
        {
            var isOk = _messages.Remove(stream, out var message);
            Answered(stream, isOk, isOk ? message.AsSpan(GrpcHeadBytes) : default);
        }
    }

    private void Header(ArrayBufferWriter<byte> headers, byte nameIndex, string name, string value)
    {
        var entry = name + ":" + nameIndex + value;
        var at = _indexed.IndexOf(entry);
        if (at >= 0)
        {
            headers.Write<byte>([(byte)(0x80 | (FirstDynamicIndex + _indexed.Count - 1 - at))]);
            return;
        }
        // A literal, indexed from now on.
        headers.Write<byte>([(byte)(0x40 | nameIndex)]);
        if (nameIndex == NewName)
            Text(headers, name);
        Text(headers, value);
        _indexed.Add(entry);
    }

    private static void Text(ArrayBufferWriter<byte> headers, string text)
    {
        headers.Write<byte>([(byte)text.Length]);
        Encoding.ASCII.GetBytes(text, headers);
    }

    private void FrameHead(int length, byte type, byte flags, int stream)
    {
        var head = Output.GetSpan(FrameHeadBytes);
        BinaryPrimitives.WriteInt32BigEndian(head, length << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        Output.Advance(FrameHeadBytes);
    }
}
