using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>What a proxy says of a client to whom it connects for it: the PROXY protocol's head, of version 1 or 2
/// (haproxy.org/download/1.8/doc/proxy-protocol.txt).</summary>
internal static class ProxyProtocolHeader
{
    private const byte Version2Proxy = 0x21;
    private const byte Stream4 = 0x11;
    private const byte Stream6 = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>The head as a line of text.</summary>
    /// <param name="client">Null where it has no address of the internet; so for <paramref name="local"/>.</param>
    public static byte[] Text(IPEndPoint? client, IPEndPoint? local)
    {
        if (client is null || local is null)
            return "PROXY UNKNOWN\r\n"u8.ToArray();
        var family = client.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
        return Latin1.Bytes(string.Create(CultureInfo.InvariantCulture,
            $"PROXY {family} {client.Address} {local.Address} {client.Port} {local.Port}\r\n"));
    }

    /// <summary>The head in binary.</summary>
    public static byte[] Binary(IPEndPoint? client, IPEndPoint? local)
    {
        if (client is null || local is null)
            return [.. Signature, Version2Proxy, 0, 0, 0];
        var is4 = client.AddressFamily == AddressFamily.InterNetwork && local.AddressFamily == AddressFamily.InterNetwork;
        var (from, to) = (BytesOf(client.Address, is4), BytesOf(local.Address, is4));
        var ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)local.Port);
        var length = (byte)(from.Length + to.Length + ports.Length);
        return [.. Signature, Version2Proxy, is4 ? Stream4 : Stream6, 0, length, .. from, .. to, .. ports];
    }

    private static byte[] BytesOf(IPAddress address, bool is4) => (is4 ? address : address.MapToIPv6()).GetAddressBytes();
}
