using System.Net;

namespace Microcosm.Http.Bench;

/// <summary>A proxy as nginx' proxy_pass with keepalive: heads and bodies go through, both ways at the pace of the slower side.</summary>
internal sealed class Passing(HttpWorker worker, EndPoint origin, IdlePool pool) : IHttpApplication
{
    public void Begin(HttpExchange exchange) => new Passage(exchange).Begin(worker, origin, pool);

    private sealed class Passage(HttpExchange client) : IExchangeHandler, IUpstreamHandler
    {
        private UpstreamExchange? _upstream;
        private bool _isOver;

        public void Begin(HttpWorker worker, EndPoint origin, IdlePool pool)
        {
            client.Handler = this;
            if (client.Refusal != Refusal.None)
            {
                Answer(400);
                return;
            }
            _upstream = Upstreams.Begin(worker, origin, UpstreamOptions.Default, pool, this);
            if (_upstream.IsConnected)
                Send();
        }

        public void Body(HttpExchange exchange, ReadOnlySpan<byte> bytes)
        {
            _upstream!.Write(bytes);
            if (_upstream.IsBacklogged)
                exchange.PauseBody();
        }

        public void BodyEnded(HttpExchange exchange) => _upstream!.End();

        public void BodyFailed(HttpExchange exchange, Refusal refusal) => Answer(400);

        public void Drained(HttpExchange exchange) => _upstream?.ResumeBody();

        public void ClientLeft(HttpExchange exchange) => exchange.Abort();

        public void Closed(HttpExchange exchange, bool isComplete)
        {
            _isOver = true;
            _upstream?.Abort();
        }

        public void Connected(UpstreamExchange exchange) => Send();

        public void Responded(UpstreamExchange exchange)
        {
            for (var i = 0; i < exchange.ResponseHeaders.Count; i++)
            {
                var field = exchange.ResponseHeaders[i];
                if (field.Known is not (KnownHeader.Connection or KnownHeader.TransferEncoding or KnownHeader.KeepAlive))
                    client.ResponseHeaders.Add(field);
            }
            client.Respond(exchange.Status, exchange.ResponseLength, exchange.StatusLine[4..]);
        }

        public void Body(UpstreamExchange exchange, ReadOnlySpan<byte> bytes)
        {
            client.Write(bytes);
            if (client.IsBacklogged)
                exchange.PauseBody();
        }

        public void Ended(UpstreamExchange exchange)
        {
            _upstream = null;
            client.End();
        }

        public void Failed(UpstreamExchange exchange, UpstreamError error)
        {
            _upstream = null;
            if (client.Status != 0)
                client.Abort();
            else
                Answer(error.Kind is UpstreamErrorKind.ReadTimedOut or UpstreamErrorKind.ConnectTimedOut ? 504 : 502);
        }

        public void Drained(UpstreamExchange exchange) => client.ResumeBody();

        private void Send()
        {
            if (_isOver)
                return;
            var headers = new HeaderList();
            for (var i = 0; i < client.RequestHeaders.Count; i++)
            {
                var field = client.RequestHeaders[i];
                if (field.Known is not (KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.Expect))
                    headers.Add(field);
            }
            _upstream!.Send(new UpstreamRequest
            {
                Method = client.Method, MethodName = client.MethodName, Target = client.RawTarget, Headers = headers,
                IsChunked = client.RequestLength < 0,
            });
            headers.Clear();
            if (client.HasBody)
                client.ReadBody();
            else
                _upstream.End();
        }

        private void Answer(int status)
        {
            if (client.Status != 0)
            {
                client.Abort();
                return;
            }
            client.Respond(status, 0);
            client.End();
        }
    }
}
