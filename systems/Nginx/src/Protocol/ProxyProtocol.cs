using System.Net;

namespace Microcosm.Nginx;

/// <summary>What a PROXY protocol header says of the connection that a proxy passes on.</summary>
/// <param name="Tlvs">What a header of version 2 says more, as it came.</param>
internal sealed record ProxyProtocol(
    string SourceAddress, int SourcePort, string DestinationAddress, int DestinationPort, ReadOnlyMemory<byte> Tlvs)
{
    private const int Ssl = 0x20;
    private const int SslHeadBytes = 5;

    private static readonly Dictionary<string, int> Names = new()
    {
        ["alpn"] = 0x01, ["authority"] = 0x02, ["unique_id"] = 0x05, ["ssl"] = Ssl, ["netns"] = 0x30,
    };

    private static readonly Dictionary<string, int> SslNames = new()
    {
        ["version"] = 0x21, ["cn"] = 0x22, ["cipher"] = 0x23, ["sig_alg"] = 0x24, ["key_alg"] = 0x25,
    };

    /// <summary>The client; null where the address is none.</summary>
    public IPEndPoint? Source => IPAddress.TryParse(SourceAddress, out var address) ? new IPEndPoint(address, SourcePort) : null;

    /// <summary>The value of <c>$proxy_protocol_tlv_NAME</c>: a name, or a number as <c>0x05</c>; of what is inside of
    /// <c>ssl</c>, behind <c>ssl_</c>.</summary>
    public bool TryFind(string name, out ReadOnlyMemory<byte> value)
    {
        if (!name.StartsWith("ssl_", StringComparison.Ordinal))
            return TryFind(Tlvs, name, Names, out value);
        if (!TryFind(Tlvs, Ssl, out var ssl) || ssl.Length < SslHeadBytes)
        {
            value = default;
            return false;
        }
        if (name == "ssl_verify")
        {
            var verify = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(ssl.Span[1..]);
            value = Latin1.Bytes(verify.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }
        return TryFind(ssl[SslHeadBytes..], name[4..], SslNames, out value);
    }

    private static bool TryFind(
        ReadOnlyMemory<byte> tlvs, string name, Dictionary<string, int> names, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!name.StartsWith("0x", StringComparison.Ordinal))
            return names.TryGetValue(name, out var known) && TryFind(tlvs, known, out value);
        return int.TryParse(name.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var type)
            && TryFind(tlvs, type, out value);
    }

    private static bool TryFind(ReadOnlyMemory<byte> tlvs, int type, out ReadOnlyMemory<byte> value)
    {
        value = default;
        while (tlvs.Length >= 3)
        {
            var length = (tlvs.Span[1] << 8) | tlvs.Span[2];
            if (tlvs.Length - 3 < length)
                return false;
            if (tlvs.Span[0] == type)
            {
                value = tlvs.Slice(3, length);
                return true;
            }
            tlvs = tlvs[(3 + length)..];
        }
        return false;
    }
}
