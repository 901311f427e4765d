using System.Net;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Faults, spans and metrics of requests. What nobody watches costs two looks at flags.</summary>
internal sealed class Observation(NodeContext context)
{
    /// <summary>A request is about to start: asks the plan what is to fail about it.</summary>
    public void Begin(IKafkaCall call)
    {
        if (context.Telemetry.IsObserved)
        {
            var begun = context.Telemetry.Begin(call.FullName, call.Name);
            Describe(begun, call);
            call.Span = begun;
        }
        if (!context.Faults.HasOperationRules || call.IsInternal)
            return;
        call.Fault = context.Faults.Decide(new OperationCall(call.FullName, context.Name, call.Transport.ConnectionId,
            Encoding.UTF8.GetBytes(call.ClientId), Encoding.UTF8.GetBytes(CallTarget.Of(call))));
        if (call.Span is { } span && call.Fault.Action != OperationFaultAction.None)
            context.Telemetry.Fault(span, call.Fault);
    }

    /// <summary>It is answered, or never will be.</summary>
    public void End(IKafkaCall call)
    {
        if (call.Span is not { } span)
            return;
        call.Span = null;
        var cut = call.Fault.Action is OperationFaultAction.CloseBefore or OperationFaultAction.DropReply or OperationFaultAction.KillNode
            ? call.Fault.Action.ToString() : null;
        context.Telemetry.End(span, cut, cut);
    }

    private static void Describe(in OperationSpan span, IKafkaCall call)
    {
        if (span.Activity is not { IsAllDataRequested: true })
            return;
        span.Set(TelemetryAttributes.Connection, call.Transport.ConnectionId);
        span.Set("messaging.system", "kafka");
        span.Set("messaging.client.id", call.ClientId);
        var (address, port) = call.Transport.Local switch
        {
            IPEndPoint socket => (socket.Address.ToString(), socket.Port),
            NodeEndPoint node => (node.Node, node.Port),
            _ => ("", 0),
        };
        span.Set(TelemetryAttributes.ServerAddress, address);
        span.Set(TelemetryAttributes.ServerPort, port);
    }
}
