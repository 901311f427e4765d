using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Declares a method of one of etcd's services at the method that carries it out. Names are unique over all services.</summary>
/// <param name="name">As the protocol has it: <c>DeleteRange</c>.</param>
internal sealed class EtcdOperationAttribute(string name) : OperationAttribute(name)
{
    /// <summary>The service: <c>KV</c>.</summary>
    public required string Service { get; init; }
}
