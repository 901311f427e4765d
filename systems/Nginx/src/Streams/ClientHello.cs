using System.Buffers.Binary;

namespace Microcosm.Nginx;

/// <summary>What a TLS greeting says before anything is settled (ssl_preread).</summary>
/// <param name="Protocol"><c>TLSv1.3</c>; empty where it is none of the known versions.</param>
/// <param name="Protocols">Names of applications' protocols, with commas between them.</param>
internal sealed record ClientHello(string Protocol, string ServerName, string Protocols)
{
    private const int Handshake = 0x16;
    private const int RecordHeadBytes = 5;

    /// <summary>Reads a greeting at the front of a connection's bytes. False: more has to come.</summary>
    /// <param name="hello">Null where it is no greeting of TLS.</param>
    public static bool TryRead(ReadOnlySpan<byte> input, out ClientHello? hello)
    {
        hello = null;
        if (input.Length < RecordHeadBytes)
            return false;
        // A greeting of SSLv2 that offers a later version.
        if ((input[0] & 0x80) != 0 && input[2] == 1 && input[3] is 0 or 3)
        {
            hello = new ClientHello(NameOf((input[3] << 8) | input[4]), "", "");
            return true;
        }
        var message = new List<byte>();
        while (input.Length >= RecordHeadBytes)
        {
            if (input[0] != Handshake || input[1] != 3)
                return true;
            var length = BinaryPrimitives.ReadUInt16BigEndian(input[3..]);
            if (input.Length < RecordHeadBytes + length)
                return false;
            message.AddRange(input.Slice(RecordHeadBytes, length));
            input = input[(RecordHeadBytes + length)..];
            if (message.Count < 4)
                continue;
            if (message[0] != 1)
                return true;
            var whole = (message[1] << 16) | (message[2] << 8) | message[3];
            if (message.Count < 4 + whole)
                continue;
            TryParse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(message).Slice(4, whole), out hello);
            return true;
        }
        return false;
    }

    // The message's content: version, random, session, ciphers, compression, extensions.
    private static bool TryParse(ReadOnlySpan<byte> rest, out ClientHello? hello)
    {
        hello = null;
        if (rest.Length < 34)
            return false;
        var version = (int)BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[34..];
        var (serverName, protocols) = ("", new List<string>());
        if (!TryTake(ref rest, 1, out _) || !TryTake(ref rest, 2, out _) || !TryTake(ref rest, 1, out _))
            return false;
        if (!rest.IsEmpty && TryTake(ref rest, 2, out var extensions))
        {
            while (extensions.Length >= 2)
            {
                var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
                extensions = extensions[2..];
                // Whoever sends it speaks TLSv1.3.
                if (type == 43)
                    version = 0x0304;
                if (!TryTake(ref extensions, 2, out var content))
                    break;
                if (type == 0 && serverName.Length == 0 && !TryServerName(content, out serverName))
                    return false;
                if (type == 16 && protocols.Count == 0)
                    protocols = ProtocolsOf(content);
            }
        }
        hello = new ClientHello(NameOf(version), serverName, string.Join(',', protocols));
        return true;
    }

    private static bool TryServerName(ReadOnlySpan<byte> content, out string name)
    {
        name = "";
        if (!TryTake(ref content, 2, out var list) || list.Length < 1 || list[0] != 0)
            return false;
        list = list[1..];
        if (!TryTake(ref list, 2, out var host))
            return false;
        name = Latin1.Lower(Latin1.Text(host));
        return true;
    }

    private static List<string> ProtocolsOf(ReadOnlySpan<byte> content)
    {
        var names = new List<string>();
        if (!TryTake(ref content, 2, out var list))
            return names;
        while (TryTake(ref list, 1, out var name))
            names.Add(Latin1.Text(name));
        return names;
    }

    // A piece behind its length, of so many bytes.
    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthBytes, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        if (rest.Length < lengthBytes)
            return false;
        var length = lengthBytes == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length < lengthBytes + length)
            return false;
        piece = rest.Slice(lengthBytes, length);
        rest = rest[(lengthBytes + length)..];
        return true;
    }

    private static string NameOf(int version) => version switch
    {
        0x0002 => "SSLv2",
        0x0300 => "SSLv3",
        0x0301 => "TLSv1",
        0x0302 => "TLSv1.1",
        0x0303 => "TLSv1.2",
        0x0304 => "TLSv1.3",
        _ => "",
    };
}
