using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>A network: an address and how many of its bits count.</summary>
internal readonly record struct Cidr(IPAddress Network, int Bits)
{
    /// <summary>Reads <c>10.0.0.0/8</c>, <c>10.0.0.0/255.0.0.0</c>, <c>2001:db8::/32</c> or one address.</summary>
    /// <param name="hasLowBits">True if bits behind the mask were set; they are cleared.</param>
    public static bool TryParse(string text, out Cidr cidr, out bool hasLowBits)
    {
        (cidr, hasLowBits) = (default, false);
        var slash = text.IndexOf('/');
        var head = slash < 0 ? text : text[..slash];
        if ((Address.ParseIp4(head) ?? Address.ParseIp6(head)) is not { } ip)
            return false;
        var bytes = ip.GetAddressBytes();
        var bits = bytes.Length * 8;
        if (slash >= 0)
        {
            if (BitsOf(text.AsSpan(slash + 1), bytes.Length) is not { } given)
                return false;
            bits = given;
        }
        for (var i = 0; i < bytes.Length; i++)
        {
            var mask = (byte)(bits >= (i + 1) * 8 ? 0xFF : bits <= i * 8 ? 0 : 0xFF << (8 - (bits - i * 8)));
            hasLowBits |= (bytes[i] & ~mask) != 0;
            bytes[i] &= mask;
        }
        cidr = new Cidr(new IPAddress(bytes), bits);
        return true;
    }

    /// <summary>True if the address is of the network; an IPv4 address in an IPv6 one's clothes counts as IPv4.</summary>
    public bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 && Network.AddressFamily == AddressFamily.InterNetwork)
            address = address.MapToIPv4();
        if (address.AddressFamily != Network.AddressFamily)
            return false;
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        address.TryWriteBytes(a, out var length);
        Network.TryWriteBytes(b, out _);
        var whole = Bits / 8;
        if (!a[..whole].SequenceEqual(b[..whole]))
            return false;
        return whole == length || Bits % 8 == 0 || (a[whole] ^ b[whole]) >> (8 - Bits % 8) == 0;
    }

    private static int? BitsOf(ReadOnlySpan<char> text, int bytes)
    {
        if (Measures.Number(text) is { } number)
            return number <= bytes * 8 ? (int)number : null;
        if (bytes != 4 || Address.ParseIp4(text) is not { } mask)
            return null;
        var value = BinaryPrimitives.ReadUInt32BigEndian(mask.GetAddressBytes());
        var ones = System.Numerics.BitOperations.LeadingZeroCount(~value);
        return ones == System.Numerics.BitOperations.PopCount(value) ? ones : null;
    }
}
