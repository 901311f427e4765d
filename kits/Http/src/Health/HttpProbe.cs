using System.Net;

namespace Microcosm.Http;

/// <summary>A server is healthy whose response to a request is as expected.</summary>
/// <param name="options">Limits of the connection; TLS where the server is spoken to so.</param>
public sealed class HttpProbe(UpstreamOptions options) : HealthProbe
{
    /// <summary>The method.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The request's target.</summary>
    public byte[] Target { get; init; } = "/"u8.ToArray();

    /// <summary>Writes the request's fields, the host among them.</summary>
    public required Action<HeaderList> Fields { get; init; }

    /// <summary>As HTTP/1.0.</summary>
    public bool IsHttp10 { get; init; }

    /// <summary>What the response is to be like.</summary>
    public ResponseExpectation Expectation { get; init; } = ResponseExpectation.Success;

    /// <summary>Where the connection waits for the next check; null closes it.</summary>
    public IdlePool? Pool { get; init; }

    /// <summary>TLS to a server, where it depends on which one it is.</summary>
    public Func<EndPoint, UpstreamTls>? Tls { get; init; }

    /// <inheritdoc/>
    public override IHealthAttempt Begin(HttpWorker worker, EndPoint peer, Action<HealthResult> done)
    {
        var attempt = new Attempt(this, options.IsHttp2, done);
        try
        {
            var own = Tls is null ? options : options with { Tls = Tls(peer) };
            attempt.Begin(Upstreams.Begin(worker, peer, own, Pool, attempt));
        }
        catch (TlsException)
        {
            // A certificate or key that cannot be loaded.
            worker.Executor.Post(() => attempt.Tell(new HealthResult("SSL handshaking")));
        }
        return attempt;
    }

    private sealed class Attempt(HttpProbe probe, bool isHttp2, Action<HealthResult> done) : IHealthAttempt, IUpstreamHandler
    {
        private UpstreamExchange? _exchange;
        private MemoryStream? _body;
        private bool _isOver;

        public void Begin(UpstreamExchange exchange)
        {
            _exchange = exchange;
            if (exchange.IsConnected)
                Connected(exchange);
        }

        public void Cancel()
        {
            _isOver = true;
            _exchange?.Abort();
        }

        public void Connected(UpstreamExchange exchange)
        {
            var fields = new HeaderList();
            probe.Fields(fields);
            var host = fields[KnownHeader.Host].ToArray();
            if (isHttp2)
                fields.Remove(KnownHeader.Host);
            exchange.Send(new UpstreamRequest
            {
                Method = probe.Method, MethodName = HttpMethods.Name(probe.Method), Target = probe.Target, Headers = fields,
                Authority = host, IsHttp10 = probe.IsHttp10, HasNoBody = true,
            });
            fields.Clear();
            exchange.End();
        }

        public void Responded(UpstreamExchange exchange)
        {
            if (probe.Expectation.FaultOf(exchange.Status, exchange.ResponseHeaders) is { } fault)
                Break(new HealthResult($"checking {fault}"));
            else if (probe.Expectation.Body.Count > 0)
                _body = new MemoryStream();
        }

        public void Body(UpstreamExchange exchange, ReadOnlySpan<byte> bytes)
        {
            if (_isOver || _body is null)
                return;
            var room = probe.Expectation.BodyBytesMax - (int)_body.Length;
            _body.Write(bytes[..Math.Min(room, bytes.Length)]);
            // What comes behind says nothing, however much it is.
            if (bytes.Length >= room)
                Break(OfBody());
        }

        public void Ended(UpstreamExchange exchange) => Tell(OfBody());

        public void Failed(UpstreamExchange exchange, UpstreamError error) => Tell(new HealthResult(error.Kind switch
        {
            UpstreamErrorKind.ConnectFailed or UpstreamErrorKind.ConnectTimedOut => "connecting",
            UpstreamErrorKind.TlsFailed => "SSL handshaking",
            UpstreamErrorKind.SendTimedOut => "sending request",
            _ when exchange.Status == 0 => "reading response header",
            _ => "reading response",
        }));

        private HealthResult OfBody()
        {
            var fault = _body is null ? null : probe.Expectation.FaultOf(_body.GetBuffer().AsSpan(0, (int)_body.Length));
            return new HealthResult(fault is null ? null : $"checking {fault}");
        }

        // Before the end: the connection is of no use any more.
        private void Break(HealthResult result)
        {
            _exchange?.Abort();
            Tell(result);
        }

        public void Tell(HealthResult result)
        {
            if (_isOver)
                return;
            _isOver = true;
            done(result);
        }
    }
}
