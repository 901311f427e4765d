namespace Microcosm.Http.Bench;

/// <summary>Answers 1 KiB, with the fields that nginx' <c>return 200</c> gives.</summary>
internal sealed class Answering(HttpWorker worker) : IHttpApplication
{
    private static readonly byte[] Text = [.. Enumerable.Repeat((byte)'x', 1024)];

    public void Begin(HttpExchange exchange)
    {
        var headers = exchange.ResponseHeaders;
        headers.Add(KnownHeader.Server, "microcosm"u8);
        headers.Add(KnownHeader.Date, worker.Date.Now);
        headers.Add(KnownHeader.ContentType, "text/plain"u8);
        exchange.Respond(exchange.Refusal == Refusal.None ? 200 : 400, Text.Length);
        exchange.Write(Text);
        exchange.End();
    }
}
