using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>Finds the operation of a line, asks the fault plan, has it carried out, and tells who watches.</summary>
internal sealed class Dispatcher(NodeContext context, KeyTable table, ChangeLog log)
{
    /// <summary>Carries out a line; says what else is to happen to its connection.</summary>
    public OperationFault Run(string line, SessionTransport transport)
    {
        var blank = line.IndexOf(' ');
        var name = (blank < 0 ? line : line[..blank]).ToUpperInvariant();
        var index = SpecimenOperations.IndexOf(Encoding.UTF8.GetBytes(name));
        if (index < 0)
        {
            context.Telemetry.Unserved(name);
            new SpecimenCall([name], table, log, transport.Output).Refuse(SpecimenErrors.UnknownOperation(name));
            return default;
        }
        var operation = SpecimenOperations.All[index];
        var declared = operation.Declaration;
        var words = line.Split(' ', declared.TakesRest ? declared.Words : int.MaxValue);
        var call = new SpecimenCall(words, table, log, transport.Output);
        if (words.Length != declared.Words || words.Contains(""))
        {
            call.Refuse(SpecimenErrors.WrongWords(name, declared.Words));
            return default;
        }
        return Watched(operation, call, words, transport);
    }

    private OperationFault Watched(
        Operation<SpecimenOperationAttribute, SpecimenHandler> operation, SpecimenCall call, string[] words,
        SessionTransport transport)
    {
        if (!context.Telemetry.IsObserved)
            return WithFaults(operation, call, words, transport);
        var span = context.Telemetry.Begin(operation.FullName, operation.Declaration.Name);
        span.Set(TelemetryAttributes.Connection, transport.ConnectionId);
        var fault = WithFaults(operation, call, words, transport);
        if (fault.Action != OperationFaultAction.None)
            context.Telemetry.Fault(span, fault);
        context.Telemetry.End(span, call.Error is null ? null : "ERR", call.Error);
        return fault;
    }

    private OperationFault WithFaults(
        Operation<SpecimenOperationAttribute, SpecimenHandler> operation, SpecimenCall call, string[] words,
        SessionTransport transport)
    {
        var fault = default(OperationFault);
        if (context.Faults.HasOperationRules)
        {
            var target = words.Length > 1 ? Encoding.UTF8.GetBytes(words[1]) : [];
            fault = context.Faults.Decide(new OperationCall(operation.FullName, context.Name, transport.ConnectionId, default, target));
        }
        if (fault.Action == OperationFaultAction.Refuse)
            call.Refuse(fault.Error!);
        else if (fault.Action != OperationFaultAction.CloseBefore)
            operation.Handler(call);
        return fault;
    }
}
