using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>A <c>geo</c>: a value by the client's address, the longest network that holds it, or its range.</summary>
internal sealed class GeoTable(Variable address, Variable? forwardedFor) : IVariableFormula
{
    private readonly Dictionary<Cidr, byte[]> _networks = [];
    private readonly SortedSet<int> _bits4 = [];
    private readonly SortedSet<int> _bits6 = [];

    public static Cidr Everything4 { get; } = new(IPAddress.Any, 0);

    public static Cidr Everything6 { get; } = new(IPAddress.IPv6Any, 0);

    /// <summary>Ranges instead of networks.</summary>
    public bool IsRanges { get; set; }

    /// <summary>The first address before trusted proxies counts, not just the one before the last.</summary>
    public bool IsRecursive { get; set; }

    public bool IsVolatile { get; set; }

    public GeoRanges Ranges { get; } = new();

    /// <summary>For what no range holds.</summary>
    public byte[]? Default { get; set; }

    /// <summary>Addresses whose X-Forwarded-For is believed.</summary>
    public List<Cidr?> Proxies { get; } = [];

    public bool HasNetworks => _networks.Count > 0;

    /// <summary>Adds a network; gives the value that it had before.</summary>
    public byte[]? Add(Cidr network, byte[] value)
    {
        _networks.TryGetValue(network, out var old);
        _networks[network] = value;
        (network.Network.AddressFamily == AddressFamily.InterNetwork ? _bits4 : _bits6).Add(network.Bits);
        return old;
    }

    public bool Remove(Cidr network) => _networks.Remove(network);

    /// <inheritdoc/>
    public bool TryWrite(RequestValues values, IBufferWriter<byte> output)
    {
        var ip = Address.ParseIp(Latin1.Text(values.Get(address).Span));
        if (ip is not null && Proxies.Count > 0 && forwardedFor is not null && values.TryGet(forwardedFor, out var list))
            ip = ForwardedFor.ClientOf(ip, list.Span, Proxies, IsRecursive);
        output.Write(Find(ip ?? IPAddress.None));
        return true;
    }

    /// <summary>The value for an address.</summary>
    public ReadOnlySpan<byte> Find(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        var isIp4 = ip.AddressFamily == AddressFamily.InterNetwork;
        if (IsRanges)
            return (isIp4 ? Ranges.Find(BinaryPrimitives.ReadUInt32BigEndian(ip.GetAddressBytes())) : null) ?? Default;
        foreach (var bits in (isIp4 ? _bits4 : _bits6).Reverse())
        {
            if (_networks.TryGetValue(Masked(ip, bits), out var value))
                return value;
        }
        return [];
    }

    private static Cidr Masked(IPAddress ip, int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        ip.TryWriteBytes(bytes, out var length);
        bytes = bytes[..length];
        for (var i = 0; i < length; i++)
            bytes[i] &= (byte)(bits >= (i + 1) * 8 ? 0xFF : bits <= i * 8 ? 0 : 0xFF << (8 - (bits - i * 8)));
        return new Cidr(new IPAddress(bytes), bits);
    }
}
