using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A connection of which only its first bytes tell whether it is one of HTTP/2: with the preface, or of HTTP/1.</summary>
internal sealed class PrefaceSession(
    NginxWorker worker, SessionTransport transport, IHttpApplication application, HttpServerOptions options, Http2Options http2) : Session
{
    private HttpConnection? _connection;

    public override Memory<byte> Room => _connection?.Room ?? default;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_connection is not null)
            return _connection.Receive(input);
        var preface = Http2Connection.Preface;
        var length = Math.Min(input.Length, preface.Length);
        if (input[..length].SequenceEqual(preface[..length]))
        {
            if (length < preface.Length)
                return 0;
            _connection = new Http2Connection(worker.Http, transport, application, options, http2);
        }
        else
        {
            _connection = new Http1Connection(worker.Http, transport, application, options);
        }
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

    public override void Closed(Exception? error) => _connection?.Closed(error);
}
