using System.Buffers;
using System.Globalization;
using System.Net;

namespace Microcosm.Nginx;

/// <summary>Variables that a connection has before there is a request, or a session, on it; by name.</summary>
internal static class ConnectionVariables
{
    public delegate bool Writer(IClientConnection connection, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output);

    public static IReadOnlyDictionary<string, Writer> Table { get; } = MakeTable();

    /// <summary>As a request's own; null where there is none of that name.</summary>
    public static VariableWriter? OfHttp(string name) => Table.TryGetValue(name, out var writer)
        ? (request, suffix, output) => writer(request.Connection, suffix, output)
        : null;

    private static Dictionary<string, Writer> MakeTable()
    {
        var table = new Dictionary<string, Writer>
        {
            ["binary_remote_addr"] = static (c, _, o) =>
            {
                o.Write(c.Worker.AddressOf(c.Remote) is { } remote ? remote.Address.GetAddressBytes() : "unix:"u8);
                return true;
            },
            ["remote_addr"] = static (c, _, o) => Text(o, c.Worker.AddressOf(c.Remote)?.Address.ToString() ?? "unix:"),
            ["remote_port"] = static (c, _, o) => Text(o, Port(c.Worker.AddressOf(c.Remote))),
            ["server_addr"] = static (c, _, o) => Text(o, c.Worker.AddressOf(c.Local)?.Address.ToString() ?? ""),
            ["server_port"] = static (c, _, o) => Text(o, Port(c.Worker.AddressOf(c.Local))),
            ["connection"] = static (c, _, o) => Text(o, c.ConnectionId.ToString(CultureInfo.InvariantCulture)),
            ["hostname"] = static (c, _, o) => Text(o, c.Worker.HostName),
            ["pid"] = static (c, _, o) => Text(o, c.Worker.ProcessId.ToString(CultureInfo.InvariantCulture)),
            ["nginx_version"] = static (_, _, o) => Text(o, NginxBuild.Version),
            ["proxy_protocol_addr"] = static (c, _, o) => c.ProxyProtocol is { } p && Text(o, p.SourceAddress),
            ["proxy_protocol_port"] = static (c, _, o) => c.ProxyProtocol is { } p && Text(o, Number(p.SourcePort)),
            ["proxy_protocol_server_addr"] = static (c, _, o) => c.ProxyProtocol is { } p && Text(o, p.DestinationAddress),
            ["proxy_protocol_server_port"] = static (c, _, o) => c.ProxyProtocol is { } p && Text(o, Number(p.DestinationPort)),
            ["proxy_protocol_tlv_"] = static (c, suffix, o) =>
            {
                if (c.ProxyProtocol is not { } header || !header.TryFind(Latin1.Text(suffix), out var value))
                    return false;
                o.Write(value.Span);
                return true;
            },
        };
        foreach (var (name, read) in TlsVariables.Table)
            table.Add(name, (c, _, o) => c.Tls is { } tls && read(tls, c.Worker.Http.Clock) is { Length: > 0 } text && Text(o, text));
        return table;
    }

    private static string Port(IPEndPoint? endPoint) => endPoint is { } ip ? Number(ip.Port) : "";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Text(IBufferWriter<byte> output, string text)
    {
        output.Write(Latin1.Bytes(text));
        return true;
    }
}
