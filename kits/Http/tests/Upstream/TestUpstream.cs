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
        exchange.Send(new UpstreamRequest
        {
            Method = HttpMethod.Get, MethodName = "GET"u8, Target = "/"u8, Headers = headers, HasNoBody = true,
        });
        exchange.End();
    }

    /// <summary>Begins a POST of the root, with a body in pieces.</summary>
    public static void Post(UpstreamExchange exchange) => exchange.Send(new UpstreamRequest
    {
        Method = HttpMethod.Post, MethodName = "POST"u8, Target = "/"u8, Headers = new HeaderList(), IsChunked = true,
    });

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
        Events.Add($"failed {error.Kind}{(error.Socket is { } s ? $" {s.Errno}" : "")}{(error.Fault == 0 ? "" : $" {error.Fault}")}"
            + (error.Words is { } words ? $" {words}" : ""));

    public void Drained(UpstreamExchange exchange) => Events.Add("drained");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
