using System.Net;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>One GET, and its answer: status and body, or what it failed by.</summary>
internal sealed class Question : IUpstreamHandler
{
    // Continues where it is answered: a simulation has no other thread.
    private readonly TaskCompletionSource<string> _answer = new();
    private readonly StringBuilder _text = new();

    public Task<string> Answer => _answer.Task;

    public void Ask(HttpWorker worker, EndPoint peer, IdlePool? pool, UpstreamOptions? options = null)
    {
        var exchange = Upstreams.Begin(worker, peer, options ?? UpstreamOptions.Default, pool, this);
        if (exchange.IsConnected)
            TestUpstream.Get(exchange);
    }

    public void Connected(UpstreamExchange exchange) => TestUpstream.Get(exchange);

    public void Responded(UpstreamExchange exchange) => _text.Append(exchange.Status).Append(' ');

    public void Body(UpstreamExchange exchange, ReadOnlySpan<byte> bytes) => _text.Append(Encoding.ASCII.GetString(bytes));

    public void Ended(UpstreamExchange exchange) => _answer.TrySetResult(_text.ToString());

    public void Failed(UpstreamExchange exchange, UpstreamError error) => _answer.TrySetResult($"{error.Kind} {error.Socket?.Errno}");
}
