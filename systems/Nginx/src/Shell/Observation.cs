using System.Globalization;
using System.Text;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Faults, spans and counts of requests in a world (<c>nginx.request</c>). A request is looked at once, when its location is chosen, or
/// where the server answers before that by a <c>return</c> of its own; what is no request of HTTP no rule meets. What nobody watches costs
/// two looks at flags.
/// </summary>
internal sealed class Observation(NodeContext context)
{
    /// <summary>As rules name it.</summary>
    public const string Operation = "nginx.request";

    // OpenTelemetry's word for methods that are not well known.
    private const string OtherMethod = "_OTHER";

    /// <summary>It is known where the request goes: asks the plan what is to fail. True: it goes on later, or not at all.</summary>
    public bool Intercepts(HttpRequest request, Action<HttpRequest> next)
    {
        if (request.Parent is not null || request.Watch is not null)
            return false;
        var isObserved = context.Telemetry.IsObserved;
        if (!isObserved && !context.Faults.HasOperationRules)
            return false;
        request.Watch = new RequestWatch();
        var route = RouteOf(request);
        if (isObserved)
            request.Watch.Span = Begin(request, route);
        return context.Faults.HasOperationRules && Fails(request, route, next);
    }

    /// <summary>It is over.</summary>
    public void End(HttpRequest request)
    {
        var now = request.Worker.Http.Deadlines.NowMs / 1000;
        request.Location.Counter.Ended(request.LoggedStatus, request.Exchange.ResponseBytes, now);
        if (request.Upstream.Caching is { } caching)
            request.Worker.CacheStatuses[caching.Status] = request.Worker.CacheStatuses.GetValueOrDefault(caching.Status) + 1;
        if (request.Watch?.Span is not { } span)
            return;
        request.Watch.Span = null;
        var fault = request.Watch.Fault;
        span.Set("http.response.status_code", request.LoggedStatus);
        var error = fault.Action is OperationFaultAction.CloseBefore or OperationFaultAction.DropReply or OperationFaultAction.KillNode
            ? fault.Action.ToString()
            : request.LoggedStatus >= 500 ? request.LoggedStatus.ToString(CultureInfo.InvariantCulture) : null;
        context.Telemetry.End(span, error, error);
    }

    /// <summary>The response is not to leave: what was to be done is done, and the client sees the end of its connection.</summary>
    public static void Drop(HttpRequest request)
    {
        request.IsAnswered = true;
        if (request.LoggedStatus == 0)
            request.LoggedStatus = request.Response.Status;
        if (!request.Exchange.IsOver)
            request.Exchange.Abort();
    }

    private bool Fails(HttpRequest request, in HttpRoute route, Action<HttpRequest> next)
    {
        var fault = context.Faults.Decide(new OperationCall(Operation, context.Name, request.Exchange.Connection.Transport.ConnectionId,
            Encoding.UTF8.GetBytes(request.Client?.Address.ToString() ?? ""), request.Uri) { Route = route });
        request.Watch!.Fault = fault;
        if (fault.Action == OperationFaultAction.None)
            return false;
        if (request.Watch.Span is { } span)
            context.Telemetry.Fault(span, fault);
        request.LogError(LogLevel.Notice, $"fault rule: {fault.Rule}");
        switch (fault.Action)
        {
            case OperationFaultAction.Refuse:
                Answers.Finish(request, StatusOf(fault.Error));
                return true;
            case OperationFaultAction.CloseBefore:
                Answers.Finish(request, 444);
                return true;
            case OperationFaultAction.Delay:
                // As a limit delays: before it is carried out.
                request.Wait(fault.DelayMs, next);
                return true;
            default:
                return false;
        }
    }

    private OperationSpan Begin(HttpRequest request, in HttpRoute route)
    {
        var method = request.Method is HttpMethod.Other ? OtherMethod : Latin1.Text(request.MethodName);
        var span = context.Telemetry.Begin(Operation, method);
        span.Set(TelemetryAttributes.Connection, request.Exchange.Connection.Transport.ConnectionId);
        span.Set(TelemetryAttributes.ServerAddress, route.Host);
        span.Set("url.path", Latin1.Text(request.Uri));
        span.Set("http.route", route.Location);
        span.Set("microcosm.upstream", route.Upstream);
        return span;
    }

    private static HttpRoute RouteOf(HttpRequest request)
    {
        var target = request.Content switch
        {
            LocationContent.Proxy proxy => proxy.Target,
            LocationContent.Grpc grpc => grpc.Target,
            _ => null,
        };
        return new HttpRoute(Latin1.Text(request.Host), request.Location.Name, target?.Upstream?.Made?.Name);
    }

    // 503, or 503 with words behind it; what is no status is an error like any other.
    private static int StatusOf(string? error)
    {
        var word = error.AsSpan().Trim();
        if (word.IndexOf(' ') is >= 0 and var end)
            word = word[..end];
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is >= 300 and < 600 ? status : 500;
    }
}
