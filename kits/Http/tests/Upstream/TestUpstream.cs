using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Writes down what becomes of requests to a server.</summary>
internal sealed class TestUpstream : IUpstreamHandler
{
    public List<string> Events { get; } = [];

    public Action<UpstreamExchange> OnConnected { get; set; } = Get;

    public Action<UpstreamExchange>? OnBody { get; set; }

    /// <summary>Asks for the root.</summary>
    public static void Get(UpstreamExchange exchange)
    {
        var headers = new HeaderList();
        headers.Add(KnownHeader.Host, "h"u8);
        exchange.Send(HttpMethod.Get, "GET"u8, "/"u8, headers, isHttp10: false, isChunked: false);
        exchange.End();
    }

    public void Connected(UpstreamExchange exchange) => OnConnected(exchange);

    public void Informed(UpstreamExchange exchange, int status, HeaderList headers) => Events.Add($"informed {status}");

    public void Responded(UpstreamExchange exchange) =>
        Events.Add($"responded {Text(exchange.StatusLine)} {exchange.ResponseLength} {exchange.ResponseHeaders.Count}");

    public void Body(UpstreamExchange exchange, ReadOnlySpan<byte> bytes)
    {
        Events.Add($"body {Text(bytes)}");
        OnBody?.Invoke(exchange);
    }

    public void Ended(UpstreamExchange exchange) =>
        Events.Add(exchange.ResponseTrailers.Count == 0 ? "ended" : $"ended {Text(exchange.ResponseTrailers[0].Value)}");

    public void Failed(UpstreamExchange exchange, UpstreamError error) =>
        Events.Add($"failed {error.Kind}{(error.Socket is { } s ? $" {s.Errno}" : "")}{(error.Fault == 0 ? "" : $" {error.Fault}")}");

    public void Drained(UpstreamExchange exchange) => Events.Add("drained");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
