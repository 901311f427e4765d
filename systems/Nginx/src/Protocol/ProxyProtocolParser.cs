using System.Buffers.Binary;
using System.Net;

namespace Microcosm.Nginx;

/// <summary>Reads a PROXY protocol header of either version, as nginx does (ngx_proxy_protocol.c); one that comes in parts is waited for.
/// </summary>
internal static class ProxyProtocolParser
{
    // The longest header of version 1 with its end.
    private const int TextBytesMax = 107;
    private const int HeadBytes = 16;
    private const int ProxyCommand = 1;
    private const int Stream = 1;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    /// <summary>Reads the header at the front of <paramref name="input"/>.</summary>
    /// <param name="header">Null where it says nothing of the connection.</param>
    /// <param name="error">Why it is none, in nginx' words; null else.</param>
    /// <returns>Its length; 0 where more has to come, or for an error.</returns>
    public static int Read(ReadOnlySpan<byte> input, out ProxyProtocol? header, out string? error)
    {
        (header, error) = (null, null);
        if (StartsLike(input, Signature))
            return input.Length < HeadBytes ? 0 : ReadBinary(input, out header, out error);
        if (!StartsLike(input, Prefix))
            return Broken(input, out error);
        var end = input.IndexOf((byte)'\n');
        if (end < 0 && input.Length < TextBytesMax)
            return 0;
        if (end < 1 || end >= TextBytesMax || input[end - 1] != (byte)'\r' || !TryReadText(input[Prefix.Length..(end - 1)], out header))
            return Broken(input, out error);
        return end + 1;
    }

    private static bool StartsLike(ReadOnlySpan<byte> input, ReadOnlySpan<byte> start)
    {
        var length = Math.Min(input.Length, start.Length);
        return input[..length].SequenceEqual(start[..length]);
    }

    private static int Broken(ReadOnlySpan<byte> input, out string? error)
    {
        var end = input.IndexOfAny((byte)'\r', (byte)'\n');
        error = $"broken header: \"{Latin1.Text(end < 0 ? input : input[..end])}\"";
        return 0;
    }

    private static bool TryReadText(ReadOnlySpan<byte> line, out ProxyProtocol? header)
    {
        header = null;
        if (line.StartsWith("UNKNOWN"u8))
            return true;
        if (!line.StartsWith("TCP4 "u8) && !line.StartsWith("TCP6 "u8))
            return false;
        var words = Latin1.Text(line[5..]).Split(' ');
        if (words.Length != 4 || !IsAddress(words[0]) || !IsAddress(words[1])
            || Measures.Number(words[2]) is not (>= 0 and <= 65535) || Measures.Number(words[3]) is not (>= 0 and <= 65535))
            return false;
        header = new ProxyProtocol(words[0], (int)Measures.Number(words[2])!, words[1], (int)Measures.Number(words[3])!, default);
        return true;
    }

    private static bool IsAddress(string word) => word.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');

    private static int ReadBinary(ReadOnlySpan<byte> input, out ProxyProtocol? header, out string? error)
    {
        (header, error) = (null, null);
        if (input[12] >> 4 != 2)
        {
            error = $"unknown PROXY protocol version: {input[12] >> 4}";
            return 0;
        }
        var length = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (input.Length < HeadBytes + length)
            return 0;
        var rest = input.Slice(HeadBytes, length);
        // Of a proxy's own connections, and of datagrams, nothing is told.
        if ((input[12] & 0xf) != ProxyCommand || (input[13] & 0xf) != Stream)
            return HeadBytes + length;
        var addressBytes = (input[13] >> 4) switch
        {
            1 => 4,
            2 => 16,
            _ => 0,
        };
        if (addressBytes == 0)
            return HeadBytes + length;
        if (rest.Length < 2 * addressBytes + 4)
        {
            error = "header is too small";
            return 0;
        }
        var ports = rest[(2 * addressBytes)..];
        header = new ProxyProtocol(
            new IPAddress(rest[..addressBytes]).ToString(), BinaryPrimitives.ReadUInt16BigEndian(ports),
            new IPAddress(rest.Slice(addressBytes, addressBytes)).ToString(), BinaryPrimitives.ReadUInt16BigEndian(ports[2..]),
            ports[4..].ToArray());
        return HeadBytes + length;
    }
}
