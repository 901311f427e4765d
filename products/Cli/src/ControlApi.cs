using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Microcosm.Cli;

/// <summary>
/// The HTTP API on loopback that steers a running world; docs/control-api.md describes it. The CLI uses nothing else.
/// </summary>
internal static class ControlApi
{
    /// <summary>Where <c>cosm up</c> listens and the other commands look.</summary>
    public const int UsualPort = 7070;

    /// <summary>Starts it. Null where the port is taken: the world runs on and cannot be steered.</summary>
    public static async Task<WebApplication?> StartAsync(World world, int port, Action stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, world, stop));
        try
        {
            await app.StartAsync();
        }
        catch (IOException) when (port != 0)
        {
            await app.DisposeAsync();
            Console.Error.WriteLine($"cosm: port {port} is taken: this world cannot be steered; --control-port 0 takes a free one");
            return null;
        }
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, World world, Action stop)
    {
        var request = context.Request;
        // A page in a browser must not steer a world: such requests carry an Origin.
        if (request.Headers.Origin.Count > 0)
        {
            await WriteAsync(context, 403, Error("requests from web pages are refused"));
            return;
        }
        try
        {
            var body = request.ContentLength > 0 ? await JsonNode.ParseAsync(request.Body) as JsonObject : null;
            var answer = await ControlRoutes.RunAsync(world, request.Method, request.Path.Value ?? "/", body ?? [], StopAfterAnswer);
            await WriteAsync(context, answer is null ? 404 : 200, answer ?? Error($"there is no {request.Method} {request.Path}"));
        }
        catch (KeyNotFoundException e)
        {
            await WriteAsync(context, 404, Error(e.Message));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException
            or IOException or InvalidDataException or global::System.Text.Json.JsonException)
        {
            await WriteAsync(context, 400, Error(e.Message));
        }

        // Who asks for the end gets an answer first.
        void StopAfterAnswer() => context.Response.OnCompleted(() =>
        {
            stop();
            return Task.CompletedTask;
        });
    }

    private static JsonObject Error(string message) => new() { ["error"] = message };

    private static async Task WriteAsync(HttpContext context, int status, JsonNode answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Output.JsonText(answer) + "\n");
    }
}
