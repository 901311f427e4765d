using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>Faults, spans and metrics of requests. What nobody watches costs two looks at flags.</summary>
internal sealed class Observation(NodeContext context)
{
    /// <summary>A request has come in: asks the plan what is to fail about it.</summary>
    public void Begin(ClientConnection client, PendingRequest request)
    {
        var operation = request.Operation;
        if (context.Telemetry.IsObserved)
        {
            request.Span = context.Telemetry.Begin(operation.FullName, operation.Declaration.Name);
            request.Span.Value.Set(TelemetryAttributes.Connection, client.Transport.ConnectionId);
        }
        if (!context.Faults.HasOperationRules)
            return;
        request.Fault = context.Faults.Decide(new OperationCall(operation.FullName, context.Name, client.Transport.ConnectionId,
            Encoding.UTF8.GetBytes($"0x{client.SessionId:x}"), Target(request)));
        if (request.Span is { } span && request.Fault.Action != OperationFaultAction.None)
            context.Telemetry.Fault(span, request.Fault);
    }

    /// <summary>It is answered, or never will be.</summary>
    public void End(PendingRequest request, ZooError error)
    {
        if (request.Span is not { } span)
            return;
        request.Span = null;
        var kind = request.Fault.Action
            is OperationFaultAction.CloseBefore or OperationFaultAction.DropReply or OperationFaultAction.KillNode
            ? request.Fault.Action.ToString()
            : error == ZooError.Ok ? null : error.ToString();
        context.Telemetry.End(span, kind, kind);
    }

    /// <summary>Its fields cannot be read.</summary>
    public ZooError Malformed(PendingRequest request, long session, JuteException e)
    {
        context.Log.Write(LogSeverity.Warning, $"{request.Operation.Declaration.Name} of session 0x{session:x}: {e.Message}");
        return ZooError.MarshallingError;
    }

    private static ReadOnlySpan<byte> Target(PendingRequest request)
    {
        if (!request.Operation.Declaration.HasPath)
            return default;
        try
        {
            return new JuteReader(request.Body).StringBytes();
        }
        catch (JuteException)
        {
            return default;
        }
    }
}
