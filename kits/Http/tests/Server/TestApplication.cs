using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Writes down what happens; each test says what is done about requests.</summary>
internal sealed class TestApplication : IHttpApplication, IExchangeHandler
{
    public List<string> Events { get; } = [];

    public Action<HttpExchange> OnBegin { get; set; } = Hello;

    public Action<HttpExchange, byte[]>? OnBody { get; set; }

    public Action<HttpExchange>? OnBodyEnded { get; set; }

    public Action<HttpExchange, Refusal>? OnBodyFailed { get; set; }

    public Action<HttpExchange>? OnClientLeft { get; set; }

    public HttpExchange? Last { get; private set; }

    /// <summary>A part of a head has come.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Answers at once.</summary>
    public static void Hello(HttpExchange exchange)
    {
        exchange.Respond(200, 5);
        exchange.Write("hello"u8);
        exchange.End();
    }

    public void Begin(HttpExchange exchange)
    {
        Last = exchange;
        exchange.Handler = this;
        Events.Add(exchange.Refusal == Refusal.None
            ? $"begin {Text(exchange.MethodName)} {Text(exchange.RawTarget)}"
            : $"refused {exchange.Refusal}");
        OnBegin(exchange);
    }

    public void Body(HttpExchange exchange, ReadOnlySpan<byte> bytes)
    {
        Events.Add($"body {Text(bytes)}");
        OnBody?.Invoke(exchange, bytes.ToArray());
    }

    public void BodyEnded(HttpExchange exchange)
    {
        Events.Add("body ended");
        OnBodyEnded?.Invoke(exchange);
    }

    public void BodyFailed(HttpExchange exchange, Refusal refusal)
    {
        Events.Add($"body failed {refusal}");
        OnBodyFailed?.Invoke(exchange, refusal);
    }

    public void Reading(HttpConnection connection, bool isReading) => IsReading = isReading;

    public void Drained(HttpExchange exchange) => Events.Add("drained");

    public void ClientLeft(HttpExchange exchange)
    {
        Events.Add("client left");
        OnClientLeft?.Invoke(exchange);
    }

    public void Closed(HttpExchange exchange, bool isComplete) => Events.Add(isComplete ? "complete" : "incomplete");

    public void Closed(HttpConnection connection, Exception? error) => Events.Add("connection closed");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
