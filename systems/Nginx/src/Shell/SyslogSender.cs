#pragma warning disable RS0030 // syslog is the machine's
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>Sends lines to syslog servers, a datagram a line (RFC 3164). Thread-safe.</summary>
internal sealed class SyslogSender(string hostName) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, Socket> _sockets = [];

    /// <summary>False where it could not be sent: the next line tries anew.</summary>
    public bool TrySend(SyslogServer server, int severity, DateTimeOffset localTime, ReadOnlySpan<byte> line)
    {
        var time = localTime.ToString("MMM ", CultureInfo.InvariantCulture)
            + string.Create(CultureInfo.InvariantCulture, $"{localTime.Day,2} {localTime:HH:mm:ss}");
        var host = server.HasHostName ? hostName + " " : "";
        byte[] datagram = [.. Latin1.Bytes($"<{server.Facility * 8 + severity}>{time} {host}{server.Tag}: "), .. line];
        lock (_gate)
        {
            try
            {
                if (!_sockets.TryGetValue(server.Server, out var socket))
                    _sockets.Add(server.Server, socket = Connect(server.Server.EndPoint));
                return socket.Send(datagram) == datagram.Length;
            }
            catch (SocketException)
            {
                if (_sockets.Remove(server.Server, out var broken))
                    broken.Dispose();
                return false;
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
            socket.Dispose();
    }

    private static Socket Connect(EndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(server);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
