using System.Net;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>HTTP over TLS on a real event loop: the protocol is chosen by ALPN; requests without TLS are told so.</summary>
internal sealed class TlsHttpServer : ISessionFactory, ITlsHandler, IHttpApplication, IExchangeHandler, IAsyncDisposable
{
    private readonly LoopHttpNetwork _network = new(1, TimeProvider.System);
    private readonly TlsServerContext _context;
    private IHttpListener? _listener;

    private TlsHttpServer(TlsServerContext context) => _context = context;

    public int Port => ((IPEndPoint)_listener!.Address).Port;

    public HttpWorker Worker => _network.Workers[0];

    /// <summary>What became of handshakes, in their order.</summary>
    public List<string> Handshakes { get; } = [];

    public static async Task<TlsHttpServer> StartAsync(Func<TlsServerOptions, TlsServerOptions>? with = null)
    {
        Assert.SkipUnless(EventLoop.IsSupported, "the event loop needs Linux");
        var server = new TlsHttpServer(TlsPair.NewServer(o => (with ?? (p => p))(o with { AlpnProtocols = ["h2", "http/1.1"] })));
        server._listener = await server._network.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions(), _ => server);
        return server;
    }

    public Session Accept(SessionTransport transport) => TlsSession.Accept(Worker, transport, _context, this);

    public Session Opened(TlsSession tls, SessionTransport transport)
    {
        Tell($"{tls.Info.Protocol} {tls.Info.AlpnProtocol} {(tls.Info.IsResumed ? "r" : ".")} {tls.Info.ClientVerify}");
        return tls.Info.AlpnProtocol == "h2"
            ? new Http2Connection(Worker, transport, this, HttpServerOptions.Default, Http2Options.Default)
            : new Http1Connection(Worker, transport, this, HttpServerOptions.Default);
    }

    public Session Plain(TlsSession tls, SessionTransport transport)
    {
        Tell("plain");
        return new Http1Connection(Worker, transport, this, HttpServerOptions.Default) { State = "plain" };
    }

    public void Failed(TlsSession tls, TlsException error) => Tell(error.Message);

    public void Begin(HttpExchange exchange)
    {
        exchange.Handler = this;
        if (exchange.Connection.State is "plain")
            Answer(exchange, 400, "The plain HTTP request was sent to HTTPS port"u8);
        else if (exchange.HasBody)
            exchange.ReadBody();
        else if (exchange.RawTarget.StartsWith("/zeros/"u8))
            Answer(exchange, 200, new byte[int.Parse(exchange.RawTarget["/zeros/".Length..])]);
        else
            Answer(exchange, 200, exchange.RawTarget);
    }

    public void BodyEnded(HttpExchange exchange) => Answer(exchange, 200, Encoding.ASCII.GetBytes($"{exchange.BodyBytes} bytes"));

    public async ValueTask DisposeAsync()
    {
        await _listener!.CloseAsync();
        await _network.DisposeAsync();
    }

    private static void Answer(HttpExchange exchange, int status, ReadOnlySpan<byte> body)
    {
        exchange.Respond(status, body.Length);
        exchange.Write(body);
        exchange.End();
    }

    private void Tell(string handshake)
    {
        lock (Handshakes)
            Handshakes.Add(handshake);
    }
}
