using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What a world makes of a request: the fault that meets it, and its span.</summary>
internal sealed class RequestWatch
{
    public OperationFault Fault { get; set; }

    /// <summary>Null where nobody listens, and once it has ended.</summary>
    public OperationSpan? Span { get; set; }

    /// <summary>The response is not to leave.</summary>
    public bool DropsResponse => Fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode;
}
