using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Microcosm.Http;

/// <summary>Questions and answers of DNS as bytes (RFC 1035 section 4). Pure. Names are Latin-1 texts in small letters.</summary>
internal static class DnsMessage
{
    private const int HeaderBytes = 12;
    private const int LabelMax = 63;
    private const int NameMax = 1024;
    private const int PointersMax = 128;
    private const ushort ClassInternet = 1;

    /// <summary>A question; null for what is no name.</summary>
    public static byte[]? TryQuestion(ushort id, string name, DnsType type)
    {
        var labels = name.Split('.');
        if (name.Length > NameMax || labels.Any(l => l.Length is 0 or > LabelMax))
            return null;
        var message = new byte[HeaderBytes + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[2] = 1; // recursion is desired
        message[5] = 1; // one question
        var at = HeaderBytes;
        foreach (var label in labels)
        {
            message[at++] = (byte)label.Length;
            at += Encoding.Latin1.GetBytes(label, message.AsSpan(at));
        }
        at++;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), ClassInternet);
        return message;
    }

    /// <summary>False for what is no answer to one question, or is broken: there may come a better one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out DnsResponse response)
    {
        response = null!;
        if (message.Length < HeaderBytes)
            return false;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        // An answer to a usual query, with the reserved bits (some are DNSSEC's) zero but those.
        if ((flags & 0xf840) != 0x8000 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
            return false;
        var at = HeaderBytes;
        if (!TryName(message, ref at, out var name) || at + 4 > message.Length
            || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != ClassInternet)
            return false;
        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var code = (ResolveStatus)(flags & 15);
        var isTruncated = (flags & 0x200) != 0;
        var answers = new List<DnsRecord>();
        if (code == ResolveStatus.Ok && !isTruncated
            && !TryAnswers(message, at + 4, BinaryPrimitives.ReadUInt16BigEndian(message[6..]), type, answers))
            return false;
        response = new DnsResponse(BinaryPrimitives.ReadUInt16BigEndian(message), code, isTruncated, name, type, answers);
        return true;
    }

    private static bool TryAnswers(ReadOnlySpan<byte> message, int at, int count, DnsType asked, List<DnsRecord> answers)
    {
        for (var i = 0; i < count; i++)
        {
            if (!TrySkipName(message, ref at) || at + 10 > message.Length)
                return false;
            var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != ClassInternet)
                return false;
            var ttl = BinaryPrimitives.ReadInt32BigEndian(message[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (at + length > message.Length || !TryRecord(message, at, length, type, asked, (uint)Math.Max(0, ttl), answers))
                return false;
            at += length;
        }
        return true;
    }

    private static bool TryRecord(
        ReadOnlySpan<byte> message, int at, int length, DnsType type, DnsType asked, uint ttl, List<DnsRecord> answers)
    {
        switch (type)
        {
            case DnsType.A or DnsType.Aaaa:
                if (type != asked || length != (type == DnsType.A ? 4 : 16))
                    return false;
                answers.Add(new DnsRecord(type, ttl, new IPAddress(message.Slice(at, length))));
                return true;
            case DnsType.Srv:
                var target = at + 6;
                if (type != asked || length < 7 || !TryName(message, ref target, out var server))
                    return false;
                answers.Add(new DnsRecord(type, ttl, null, server, BinaryPrimitives.ReadUInt16BigEndian(message[at..]),
                    BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 4)..])));
                return true;
            case DnsType.CName:
                if (!TryName(message, ref at, out var other))
                    return false;
                answers.Add(new DnsRecord(type, ttl, null, other));
                return true;
            default:
                answers.Add(new DnsRecord(type, ttl));
                return true;
        }
    }

    private static bool TrySkipName(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            var length = message[at];
            if ((length & 0xc0) != 0)
            {
                at += 2;
                return at <= message.Length;
            }
            at += 1 + length;
            if (length == 0)
                return true;
        }
        return false;
    }

    // Reads a name and goes behind it. Pointers may lead anywhere, but not for ever.
    private static bool TryName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        var text = new StringBuilder();
        var (place, pointers) = (at, 0);
        name = "";
        while (place < message.Length)
        {
            var length = message[place];
            if ((length & 0xc0) == 0xc0)
            {
                if (place + 1 >= message.Length || ++pointers > PointersMax)
                    return false;
                if (pointers == 1)
                    at = place + 2;
                place = (length & 0x3f) << 8 | message[place + 1];
                continue;
            }
            if ((length & 0xc0) != 0 || place + 1 + length > message.Length || text.Length + length > NameMax)
                return false;
            if (length == 0)
            {
                if (pointers == 0)
                    at = place + 1;
                name = text.ToString();
                return true;
            }
            if (text.Length > 0)
                text.Append('.');
            foreach (var b in message.Slice(place + 1, length))
                text.Append((char)(b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b));
            place += 1 + length;
        }
        return false;
    }
}
