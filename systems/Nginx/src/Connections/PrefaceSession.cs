using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A connection of which only its first bytes tell whether it is one of HTTP/2: with the preface, or of HTTP/1.</summary>
internal sealed class PrefaceSession(ClientConnection client, HttpServerOptions options, Http2Options http2) : Session
{
    private readonly SessionTransport _transport = client.Transport;
    private HttpConnection? _connection;
    private Timeout? _timeout;

    public override Memory<byte> Room => _connection?.Room ?? default;

    /// <summary>Begins to wait for the first bytes.</summary>
    public PrefaceSession Begin()
    {
        _timeout = new Timeout(this);
        client.Worker.Http.Deadlines.Set(_timeout, options.ClientHeaderTimeoutMs);
        return this;
    }

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_connection is not null)
            return _connection.Receive(input);
        var preface = Http2Connection.Preface;
        var length = Math.Min(input.Length, preface.Length);
        var isHttp2 = input[..length].SequenceEqual(preface[..length]);
        if (isHttp2 && length < preface.Length)
            return 0;
        StopWaiting();
        _connection = isHttp2
            ? new Http2Connection(client.Worker.Http, _transport, client, options, http2)
            : new Http1Connection(client.Worker.Http, _transport, client, options);
        return _connection.Receive(input);
    }

    public override void Filled(int count) => _connection!.Filled(count);

    public override void InputEnded(SessionTransport ended)
    {
        if (_connection is not null)
            _connection.InputEnded(ended);
        else
            ended.Close();
    }

    public override void PeerLeft() => _connection?.PeerLeft();

    public override void Drained() => _connection?.Drained();

    public override void Closed(Exception? error)
    {
        StopWaiting();
        if (_connection is not null)
            _connection.Closed(error);
        else
            client.Close();
    }

    private void StopWaiting()
    {
        if (_timeout is null)
            return;
        client.Worker.Http.Deadlines.Remove(_timeout);
        _timeout = null;
    }

    private void TimedOut()
    {
        client.Log(LogLevel.Info, "client timed out (110: Connection timed out) while waiting for request");
        _transport.Close();
    }

    private sealed class Timeout(PrefaceSession session) : Deadline
    {
        protected override void Expired() => session.TimedOut();
    }
}
