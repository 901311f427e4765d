using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>A server is healthy that takes connections, and says what is expected of it.</summary>
/// <param name="options">How they are opened.</param>
public sealed class TcpProbe(ConnectOptions options) : HealthProbe
{
    // What has not been said by then is not said any more.
    private const int ReplyBytesMax = 64 * 1024;

    /// <summary>Sent first; empty for nothing.</summary>
    public byte[] Says { get; init; } = [];

    /// <summary>A test of what the server has sent so far; null expects nothing.</summary>
    public BytesTest? Expects { get; init; }

    /// <summary>TLS to a server; null in clear.</summary>
    public Func<EndPoint, UpstreamTls>? Tls { get; init; }

    /// <inheritdoc/>
    public override IHealthAttempt Begin(HttpWorker worker, EndPoint peer, Action<HealthResult> done)
    {
        var attempt = new Attempt(this, worker, peer, done);
        attempt.Pending = worker.Connect(peer, options, attempt);
        return attempt;
    }

    private sealed class Attempt(TcpProbe probe, HttpWorker worker, EndPoint peer, Action<HealthResult> done)
        : Session, IHealthAttempt, IConnectHandler, ITlsHandler
    {
        private SessionTransport? _transport;
        private bool _isOver;

        public IPendingConnect? Pending { get; set; }

        public Session? Connected(SessionTransport transport)
        {
            _transport = transport;
            if (_isOver || probe.Tls is null)
                return Open(transport);
            try
            {
                var tls = probe.Tls(peer);
                return TlsSession.Connect(worker, transport, tls.Context, tls.Target, this);
            }
            catch (TlsException)
            {
                Tell(new HealthResult("SSL handshaking"));
                return null;
            }
        }

        public Session? Opened(TlsSession tls, SessionTransport transport) => Open(transport);

        public void Failed(TlsSession tls, TlsException error) => Tell(new HealthResult("SSL handshaking"));

        public void Failed(ConnectFailedException error) => Tell(new HealthResult("connecting"));

        public void Cancel()
        {
            _isOver = true;
            Pending!.Cancel();
            _transport?.Abort();
        }

        // Nothing is taken until it is enough: what follows is shown with what came before.
        public override int Receive(ReadOnlySpan<byte> input)
        {
            if (_isOver)
                return input.Length;
            if (probe.Expects!(input))
                End(new HealthResult(null));
            else if (input.Length >= ReplyBytesMax)
                End(new HealthResult("checking data"));
            return _isOver ? input.Length : 0;
        }

        public override void InputEnded(SessionTransport transport) => End(new HealthResult("checking data"));

        public override void Closed(Exception? error) => Tell(new HealthResult("reading data"));

        private Attempt? Open(SessionTransport transport)
        {
            _transport = transport;
            if (_isOver)
                return null;
            if (probe.Says.Length > 0)
            {
                transport.Output.Write(probe.Says);
                transport.ReleaseAll();
            }
            else if (probe.Expects is null)
            {
                Tell(new HealthResult(null));
                return null;
            }
            if (probe.Expects is null)
                End(new HealthResult(null));
            return this;
        }

        private void End(HealthResult result)
        {
            _transport!.Close();
            Tell(result);
        }

        private void Tell(HealthResult result)
        {
            if (_isOver)
                return;
            _isOver = true;
            done(result);
        }
    }
}
