using System.Text;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>Asks in a simulation, a connection a request, and takes what comes as HTTP.</summary>
internal sealed class SimulatedBrowser(NodeContext context)
{
    private readonly HttpWorker _worker = new NodeHttpNetwork(context).Workers[0];

    /// <summary>The status and the body; of a connection that fails the status is 0 and the rest says how. On the client's
    /// executor.</summary>
    public Task<(int Status, string Body)> GetAsync(NodeEndPoint server, string path, string host = "nginx", long timeoutMs = 60_000)
    {
        var asking = new Asking();
        var options = UpstreamOptions.Default with { ReadTimeoutMs = timeoutMs, ConnectTimeoutMs = timeoutMs };
        var exchange = Upstreams.Begin(_worker, server, options, null, asking);
        asking.Begin = () =>
        {
            var headers = new HeaderList();
            headers.Add(KnownHeader.Host, Latin1.Bytes(host));
            exchange.Send(new UpstreamRequest
            {
                Method = HttpMethod.Get, MethodName = "GET"u8, Target = Latin1.Bytes(path), Headers = headers, HasNoBody = true,
            });
            exchange.End();
        };
        if (exchange.IsConnected)
            asking.Begin();
        return asking.Answer.Task;
    }

    private sealed class Asking : IUpstreamHandler
    {
        private readonly StringBuilder _body = new();

        public TaskCompletionSource<(int Status, string Body)> Answer { get; } = new();

        public Action? Begin { get; set; }

        public void Connected(UpstreamExchange upstream) => Begin!();

        public void Responded(UpstreamExchange upstream)
        {
        }

        public void Body(UpstreamExchange upstream, ReadOnlySpan<byte> bytes) => _body.Append(Latin1.Text(bytes));

        public void Ended(UpstreamExchange upstream) => Answer.TrySetResult((upstream.Status, _body.ToString()));

        public void Failed(UpstreamExchange upstream, UpstreamError error) => Answer.TrySetResult((0, error.ToString()));
    }
}
