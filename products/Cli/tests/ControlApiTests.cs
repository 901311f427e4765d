using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Microcosm.Cli.Tests;

/// <summary>The control API as another language would use it (docs/control-api.md).</summary>
public sealed class ControlApiTests : IAsyncLifetime
{
    private CosmUp _up = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _up = await CosmUp.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri((string)_up.Said["control"]!) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _up.DisposeAsync();
    }

    [Fact]
    public async Task Every_route_that_reads_answers_JSON()
    {
        foreach (var path in (string[])["/world", "/endpoints", "/logs", "/logs/redis-1", "/faults", "/links"])
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Get, path)).Status);
    }

    [Theory]
    [InlineData(404, "GET", "/nothing", "", "there is no GET /nothing")]
    [InlineData(404, "POST", "/world", "", "there is no POST /world")]
    [InlineData(404, "POST", "/nodes/kafka-1/kill", "", "The world has no node 'kafka-1'")]
    [InlineData(400, "POST", "/nodes/redis-1/praise", "",
        "A node can be killed, restarted, reloaded, erased, paused, resumed, skewed, not 'praise'")]
    [InlineData(400, "POST", "/clock/advance", "{}", "The request lacks \"by\"")]
    [InlineData(400, "POST", "/clock/advance", "{\"by\": \"-1s\"}", "'-1s': time does not go back")]
    [InlineData(400, "POST", "/clock/advance", "{\"by\"", "")]
    public async Task A_wrong_request_gets_its_status_and_an_error(int status, string method, string path, string body, string error)
    {
        var answer = await AskAsync(new HttpMethod(method), path, body);
        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(error, (string)answer.Body["error"]!);
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
    }

    [Fact]
    public async Task A_page_in_a_browser_cannot_steer_a_world()
    {
        _client.DefaultRequestHeaders.Add("Origin", "http://example.com");
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(HttpMethod.Post, "/stop")).Status);
        Assert.Equal("+PONG", await RedisLine.AskAsync(_up.Redis, "PING"));
    }

    [Fact]
    public async Task Who_stops_a_world_is_answered_first()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(HttpMethod.Post, "/stop")).Status);
        Assert.Equal(0, await _up.ExitCodeAsync());
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(HttpMethod method, string path, string body = "")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
