using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>Our client on an event loop: sends a message and gives all that comes back.</summary>
internal sealed class TlsEcho : Session, IConnectHandler, ITlsHandler
{
    private readonly TaskCompletionSource<byte[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _received = new();
    private readonly HttpWorker _worker;
    private readonly TlsClientContext _context;
    private readonly byte[] _message;
    private readonly TlsTarget _target;

    private TlsEcho(HttpWorker worker, TlsClientContext context, byte[] message, TlsTarget target) =>
        (_worker, _context, _message, _target) = (worker, context, message, target);

    /// <summary>What had been agreed on.</summary>
    public string Handshake { get; private set; } = "";

    public static async Task<byte[]> AskAsync(
        HttpWorker worker, IPEndPoint server, TlsClientContext context, byte[] message, Action<string>? told = null)
    {
        var echo = new TlsEcho(worker, context, message, new TlsTarget("localhost", "localhost", server.ToString()));
        worker.Executor.Post(() => worker.Connect(server, ConnectOptions.Default, echo));
        var answer = await echo._answer.Task;
        told?.Invoke(echo.Handshake);
        return answer;
    }

    public Session Connected(SessionTransport transport) => TlsSession.Connect(_worker, transport, _context, _target, this);

    public void Failed(ConnectFailedException error) => _answer.SetException(error);

    public Session Opened(TlsSession tls, SessionTransport transport)
    {
        Handshake = $"{tls.Info.Protocol} {(tls.Info.IsResumed ? "r" : ".")} {tls.Info.ClientVerify}";
        transport.Output.Write(_message);
        transport.ReleaseAll();
        transport.EndOutput();
        return this;
    }

    public void Failed(TlsSession tls, TlsException error) => _answer.SetException(error);

    public override int Receive(ReadOnlySpan<byte> input)
    {
        _received.Write(input);
        return input.Length;
    }

    public override void Closed(Exception? error) => _answer.TrySetResult(_received.ToArray());
}
