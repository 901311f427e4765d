using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A session over datagrams: what one client address sends to one own address (ngx_event_udp.c). The first message opens it; there
/// is neither TLS nor a look at what comes. On the worker's executor.</summary>
internal sealed class DatagramSession : IDatagramHandler, IStreamClient
{
    private readonly StreamSession _session;
    private readonly IDatagramPeer _peer;
    private DatagramProxy? _proxy;
    private bool _hasBegun;

    public DatagramSession(NginxWorker worker, NginxServer nginx, ListenSocket<StreamServer> listen, IDatagramPeer peer)
    {
        _peer = peer;
        _session = new StreamSession(worker, nginx, listen, this) { Ended = () => _proxy?.End() };
    }

    public bool IsUdp => true;

    public EndPoint Remote => _peer.Remote;

    public EndPoint Local => _peer.Local;

    public long Id => _peer.Id;

    public void Received(ReadOnlySpan<byte> message)
    {
        if (_hasBegun)
        {
            _proxy?.FromClient(message);
            return;
        }
        _hasBegun = true;
        _session.BytesReceived = message.Length;
        if (_session.Enter() is not 0 and var status)
            _session.Finish(status);
        else
            Answer(message);
    }

    public void Close() => _peer.Close();

    public void Drain() => _proxy?.Drain();

    public void Abort()
    {
        _session.Log(LogLevel.Info, "shutdown timeout");
        _session.Finish(200);
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        switch (_session.Server.Content)
        {
            case StreamContent.Return { Text: var text }:
                _session.Finish(Return(text.Evaluate(_session.Values).Span));
                break;
            case StreamContent.Proxy { Target: var target }:
                _proxy = new DatagramProxy(_session, _peer, target, message.ToArray());
                _proxy.Begin();
                break;
            case StreamContent.Pass:
                _session.Log(LogLevel.Error, "cannot pass udp connection");
                _session.Finish(500);
                break;
        }
    }

    private int Return(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return 200;
        if (_peer.Send(text) is not 0 and var errno)
        {
            _session.Log(LogLevel.Info, $"sendmsg() failed ({DatagramProxy.TextOf(errno)})");
            return 500;
        }
        _session.BytesSent += text.Length;
        return 200;
    }
}
