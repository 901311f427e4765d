using System.Net;
using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Hands a session's connection to another address that this process listens on, without a socket between
/// (ngx_stream_pass_module).</summary>
internal static class StreamPass
{
    private const int PassesMax = 10;

    /// <summary>The session that goes on with the connection; null where there is none, and <paramref name="status"/> says how this one
    /// ends.</summary>
    public static Session? Open(StreamSession session, StreamConnection connection, StreamContent.Pass pass, out int status)
    {
        status = 500;
        if (connection.HasReadAhead)
        {
            session.Log(LogLevel.Error, "cannot pass connection with preread data");
            return null;
        }
        if (AddressOf(session, pass) is not { } address)
            return null;
        if (connection.Passes == PassesMax)
        {
            session.Log(LogLevel.Error, "stream pass cycle");
            return null;
        }
        status = 200;
        var (worker, server, transport) = (session.Worker, session.Nginx, connection.Transport);
        if (Find(server, address) is not { } found)
        {
            session.Log(LogLevel.Error, $"port not found for \"{address}\"");
            return null;
        }
        if (server.TryFindStream(new ListenPoint(found)) is { } stream)
            return new StreamConnection(worker, server, stream, transport) { Passes = connection.Passes + 1 }.Begin();
        return server.TryFind(found) is { } http && worker.Connections.TryAdmit(found)
            ? new ClientConnection(worker, server, http, transport).Begin() : null;
    }

    private static Address? AddressOf(StreamSession session, StreamContent.Pass pass)
    {
        if (pass.Value is not { } value)
            return pass.Address;
        var text = Latin1.Text(value.Evaluate(session.Values).Span);
        var url = HostUrl.TryParse(text, default, out var error);
        var fault = url is null ? error : url.Addresses.Count == 0 ? "no addresses"
            : url.HasNoPort && !url.Addresses[0].IsUnix ? "no port" : null;
        if (fault is null)
            return url!.Addresses[0];
        session.Log(LogLevel.Error, $"{fault} in pass \"{text}\"");
        return null;
    }

    // The address itself, or all addresses of its family with its port.
    private static Address? Find(NginxServer server, Address address)
    {
        if (IsListened(server, address))
            return address;
        if (address.Ip is not { } ip)
            return null;
        var any = new Address(ip.AddressFamily == AddressFamily.InterNetwork
            ? IPAddress.Any : IPAddress.IPv6Any, address.Port, null);
        return IsListened(server, any) ? any : null;
    }

    private static bool IsListened(NginxServer server, Address address) =>
        server.TryFindStream(new ListenPoint(address)) is not null || server.TryFind(address) is not null;
}
