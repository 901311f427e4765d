namespace Microcosm.Nginx.Tests;

/// <summary>Ours, and the real one where it is installed, with the same configuration: what they make of the same bytes.</summary>
public sealed class BothNginx : IAsyncLifetime
{
    private const string Directives =
        """
        location / { return 200 "$request_method $uri $host"; }
        location /p/ { proxy_pass http://127.0.0.1:PORT/in/; }
        location /in/ { return 200 "$request_method $request_uri $http_host $http_content_length $http_transfer_encoding"; }
        """;

    // Read as a request of its own only where the server is sure where the one before ended.
    private const string Next = "GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    private RunningNginx? _ours;
    private PeerNginx? _peer;

    public async ValueTask InitializeAsync()
    {
        _ours = await RunningNginx.StartAsync(Directives);
        _peer = await PeerNginx.TryStartAsync(Directives);
    }

    public async ValueTask DisposeAsync()
    {
        _peer?.Dispose();
        await _ours!.DisposeAsync();
    }

    /// <summary>Both give this: status and, of 200, what was asked; and whoever refuses takes no further request.</summary>
    public async Task AnswerAsync(string request, string expected)
    {
        Assert.Equal(expected, Summary(await _ours!.AskBytesAsync(request + Next), _ours.Port));
        if (_peer is not null)
            Assert.Equal(expected, Summary(await _peer.AskAsync(request + Next), _peer.Port));
    }

    private static string Summary(string answer, int port)
    {
        var (head, rest) = Cut(answer);
        var status = head.Length > 12 ? head[9..12] : "";
        if (status != "200")
            return rest.Contains("HTTP/1.1 ", StringComparison.Ordinal) ? "more than one answer" : status;
        var at = head.IndexOf("Content-Length: ", StringComparison.Ordinal) + 16;
        var length = int.Parse(head[at..head.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.EndsWith("GET /next h", rest);
        return $"200 {rest[..length].Replace($":{port}", ":PORT").Trim()}";
    }

    private static (string Head, string After) Cut(string answer)
    {
        var at = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return at < 0 ? (answer, "") : (answer[..(at + 2)], answer[(at + 4)..]);
    }
}
