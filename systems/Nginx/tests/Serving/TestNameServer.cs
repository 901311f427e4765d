using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A name server over UDP: names have these IPv4 addresses for a second; what it does not know is not there.</summary>
internal sealed class TestNameServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<string, string[]?> _addressesOf;

    public TestNameServer(Func<string, string[]?> addressesOf)
    {
        _addressesOf = addressesOf;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _ = ServeAsync();
    }

    public int Port { get; }

    public void Dispose() => _socket.Dispose();

    private async Task ServeAsync()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _socket.SendToAsync(Answer(buffer[..question.ReceivedBytes]), question.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(byte[] question)
    {
        var name = new StringBuilder();
        for (var at = 12; question[at] != 0; at += 1 + question[at])
            name.Append(name.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(question, at + 1, question[at]));
        var found = _addressesOf(name.ToString());
        var isA = question[^3] == 1;
        var records = isA && found is not null ? found : [];
        (question[2], question[3], question[7]) = (0x81, (byte)(found is null ? 0x83 : 0x80), (byte)records.Length);
        return [.. question, .. records.SelectMany(a =>
            (byte[])[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, .. IPAddress.Parse(a).GetAddressBytes()])];
    }
}
