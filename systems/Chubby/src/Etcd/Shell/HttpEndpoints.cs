using System.Text;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microcosm.Chubby.Etcd;

/// <summary>What etcd answers to plain HTTP on its clients' port: <c>/health</c>, <c>/version</c>, <c>/metrics</c>; else 404.</summary>
internal static class HttpEndpoints
{
    private const string Text = "text/plain; charset=utf-8";

    private static readonly TimeSpan HealthWithin = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/health", c => GetAsync(c, HealthAsync));
        routes.Map("/version", c => GetAsync(c, VersionAsync));
        routes.Map("/metrics", MetricsAsync);
        routes.MapFallback(static c => RefuseAsync(c, StatusCodes.Status404NotFound, "404 page not found"));
    }

    /// <summary>Says what etcd says with every answer, for browsers (its <c>cors</c> is <c>*</c>). True where that is all.</summary>
    public static bool Greet(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowHeaders = "accept, content-type, authorization";
        headers.AccessControlAllowMethods = "POST, GET, OPTIONS, PUT, DELETE";
        headers.AccessControlAllowOrigin = "*";
        return HttpMethods.IsOptions(context.Request.Method);
    }

    /// <summary>A refusal as Go's library writes it.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string text)
    {
        if (Greet(context))
            return Task.CompletedTask;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return WriteAsync(context, status, Text, text + "\n");
    }

    public static EtcdMember MemberOf(HttpContext context) => context.Features.Get<HandedConnection>()!.Member;

    private static Task GetAsync(HttpContext context, Func<HttpContext, Task> get)
    {
        if (Greet(context))
            return Task.CompletedTask;
        if (HttpMethods.IsGet(context.Request.Method))
            return get(context);
        context.Response.Headers.Allow = "GET";
        return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }

    private static async Task HealthAsync(HttpContext context)
    {
        var excluded = context.Request.Query["exclude"];
        var member = MemberOf(context);
        var isHealthy = await CallRunner.OnNodeAsync(member, async () =>
        {
            var isGood = await IsHealthyAsync(member, [.. excluded.OfType<string>()]);
            member.Counts.Health(isGood);
            return isGood;
        }, context.RequestAborted);
        if (isHealthy)
            await WriteAsync(context, StatusCodes.Status200OK, Text, "{\"health\":\"true\"}");
        else
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "{\"health\":\"false\"}");
    }

    private static async Task<bool> IsHealthyAsync(EtcdMember member, IReadOnlyCollection<string> excluded)
    {
        if (member.Store.Alarms.All.Any(a => !excluded.Contains(NameOf(a.Alarm))) || member.Replica.Leader == 0)
            return false;
        try
        {
            using var late = new CancellationTokenSource(HealthWithin, member.Context.Clock);
            await member.Replica.ReadAsync(late.Token);
            return true;
        }
        catch (Exception e) when (e is ConsensusException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string NameOf(AlarmType alarm) => alarm.ToString().ToUpperInvariant();

    private static Task VersionAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "application/json",
        $"{{\"etcdserver\":\"{EtcdOptions.Version}\",\"etcdcluster\":\"{BackendWriter.ClusterVersion}\"}}");

    // Prometheus' handler asks for no method.
    private static async Task MetricsAsync(HttpContext context)
    {
        if (Greet(context))
            return;
        var member = MemberOf(context);
        var page = await CallRunner.OnNodeAsync(member, () => Task.FromResult(MetricsPage.Of(member)), context.RequestAborted);
        await WriteAsync(context, StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8", page);
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
