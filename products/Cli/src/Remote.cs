using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microcosm.Cli;

/// <summary>Talks to a running world's control API.</summary>
internal static class Remote
{
    /// <summary>Port of the world that a command means.</summary>
    public static readonly Option<int> Port = new("--control-port")
    {
        Description = "Port of the running world's control API.",
        DefaultValueFactory = _ => ControlApi.UsualPort,
        HelpName = "PORT",
        Recursive = true,
    };

    /// <summary>Makes a command that is one request; <paramref name="print"/> shows the answer as text.</summary>
    public static Command Request(
        string name, string description, Argument<string>[] arguments, Func<ParseResult, (HttpMethod Method, string Path,
            JsonObject? Body)> request,
        Action<JsonNode>? print = null)
    {
        var command = new Command(name, description);
        foreach (var argument in arguments)
            command.Add(argument);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (method, path, body) = request(parsed);
            return await SendAsync(parsed, method, path, body, print, cancellation);
        });
        return command;
    }

    private static async Task<int> SendAsync(
        ParseResult parsed, HttpMethod method, string path, JsonObject? body, Action<JsonNode>? print, CancellationToken cancellation)
    {
        var port = parsed.GetValue(Port);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var message = new HttpRequestMessage(method, path);
        if (body is not null)
            message.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        try
        {
            using var response = await Waiting.ShowAsync($"{method} {path}", client.SendAsync(message, cancellation));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
            if (!response.IsSuccessStatusCode)
                return Output.Fail(ExitCode.Failed, answer["error"]?.ToString() ?? response.StatusCode.ToString());
            if (Output.IsJson(parsed))
                Output.Json(answer);
            else
                print?.Invoke(answer);
            return ExitCode.Ok;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException)
        {
            return Output.Fail(ExitCode.NoWorld, $"no world is running under control port {port}: start one with 'cosm up'");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return Output.Fail(ExitCode.Failed, $"what listens on control port {port} does not answer as a world does: {e.Message}");
        }
    }
}
