using System.Net;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Executes a command while somebody watches: fault rules stand, or spans or metrics have a listener. What nobody watches goes straight
/// to <see cref="Dispatcher.Execute"/>. Watching changes no decision of the server.
/// </summary>
internal sealed class ObservedExecution(RedisServer server, Dispatcher dispatcher)
{
    // The operation that runs, for the operations inside it: EXEC's queue.
    private OperationSpan? _outer;
    private long _innerErrors;

    private NodeTelemetry Telemetry => server.Context.Telemetry;

    /// <summary>Runs a command that came from a client and passed the checks.</summary>
    public void Execute(ref RedisCall call)
    {
        // The server's own client replays what was observed once.
        if (!server.IsObserved || call.Client.Transport is null)
        {
            ExecuteWithFaults(ref call);
            return;
        }
        var client = call.Client;
        var span = Telemetry.Begin(call.Operation.FullName, call.Operation.Declaration.Name);
        Describe(span, client);
        (_outer, _innerErrors) = (span, 0);
        var errors = client.Reply.Errors;
        var fault = ExecuteWithFaults(ref call);
        _outer = null;
        errors += _innerErrors;
        if (fault.Action != OperationFaultAction.None)
            Telemetry.Fault(span, fault);
        if (Cutting(fault.Action) is { } cut)
            Telemetry.End(span, cut, fault.Rule);
        else if (client.Blocked is not null || client.HeldUntilMs > 0)
            client.Unanswered = new Unanswered(span, errors);
        else
            End(span, client, errors);
    }

    /// <summary>Runs a queued command inside EXEC.</summary>
    public void ExecuteQueued(ref RedisCall call)
    {
        if (_outer is not { } exec)
        {
            dispatcher.Execute(ref call);
            return;
        }
        var client = call.Client;
        var span = Telemetry.Begin(call.Operation.FullName, call.Operation.Declaration.Name, exec);
        Describe(span, client);
        var errors = client.Reply.Errors;
        dispatcher.Execute(ref call);
        _innerErrors += client.Reply.Errors - errors;
        End(span, client, errors);
    }

    /// <summary>A command was refused before it could run.</summary>
    public void Refused(ref RedisCall call, string error)
    {
        if (!server.IsObserved || call.Client.Transport is null)
            return;
        var span = Telemetry.Begin(call.Operation.FullName, call.Operation.Declaration.Name);
        Describe(span, call.Client);
        End(span, error);
    }

    /// <summary>A client that waited was answered.</summary>
    public void Answered(RedisClient client, Unanswered waited)
    {
        client.Unanswered = null;
        End(waited.Span, client, waited.Errors);
    }

    /// <summary>A client that waited is gone.</summary>
    public void Abandoned(RedisClient client, Unanswered waited)
    {
        client.Unanswered = null;
        Telemetry.End(waited.Span, "connection_closed", "The client went away before it was answered.");
    }

    private OperationFault ExecuteWithFaults(ref RedisCall call)
    {
        var fault = Decide(ref call);
        var client = call.Client;
        switch (fault.Action)
        {
            case OperationFaultAction.Refuse:
                dispatcher.Reject(client, fault.Error!);
                return fault;
            case OperationFaultAction.CloseBefore:
                client.EndAt(client.Reply.Position);
                return fault;
        }
        var before = client.Reply.Position;
        dispatcher.Execute(ref call);
        if (fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode)
            client.EndAt(before);
        else if (fault.Action == OperationFaultAction.Delay)
            server.Hold(client, fault.DelayMs);
        return fault;
    }

    private OperationFault Decide(ref RedisCall call)
    {
        if (!server.Context.Faults.HasOperationRules)
            return default;
        var declared = call.Operation.Declaration;
        var target = declared.FirstKey > 0 && declared.FirstKey < call.Count ? call[declared.FirstKey] : default;
        return server.Context.Faults.Decide(new OperationCall(
            call.Operation.FullName, server.Context.Name, call.Client.Id, Encoding.UTF8.GetBytes(call.Client.Name), target));
    }

    // The kind of error of an operation whose reply never leaves.
    private static string? Cutting(OperationFaultAction action) => action switch
    {
        OperationFaultAction.CloseBefore or OperationFaultAction.DropReply or OperationFaultAction.KillNode => action.ToString(),
        _ => null,
    };

    private static void Describe(in OperationSpan span, RedisClient client)
    {
        if (span.Activity is not { IsAllDataRequested: true })
            return;
        span.Set("db.namespace", client.Db.Name);
        span.Set(TelemetryAttributes.Connection, client.Id);
        var (address, port) = client.Transport!.Local switch
        {
            IPEndPoint socket => (socket.Address.ToString(), socket.Port),
            NodeEndPoint node => (node.Node, node.Port),
            _ => ("", 0),
        };
        span.Set(TelemetryAttributes.ServerAddress, address);
        span.Set(TelemetryAttributes.ServerPort, port);
    }

    private void End(in OperationSpan span, RedisClient client, long errorsBefore) =>
        End(span, client.Reply.Errors > errorsBefore ? client.Reply.LastError : null);

    private void End(in OperationSpan span, string? error)
    {
        var kind = error is null ? null : RedisErrors.Kind(error);
        span.Set("db.response.status_code", kind);
        Telemetry.End(span, kind, error);
    }
}
