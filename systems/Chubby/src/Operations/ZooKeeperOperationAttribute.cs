using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>Declares a request of ZooKeeper's protocol at the method that carries it out.</summary>
/// <param name="name">As the protocol's documents have it: <c>SetData</c>.</param>
/// <param name="type">Its number in request headers.</param>
internal sealed class ZooKeeperOperationAttribute(string name, int type) : OperationAttribute(name)
{
    public int Type { get; } = type;

    /// <summary>It goes by the leader; a member that may only read refuses it.</summary>
    public bool IsWrite { get; init; }

    /// <summary>It is carried out when it comes in, before those that came earlier are answered.</summary>
    public bool IsImmediate { get; init; }

    /// <summary>Its first field is the path that it is about.</summary>
    public bool HasPath { get; init; }

    /// <summary>ZooKeeper version that introduced it.</summary>
    public string Since { get; init; } = "3.3";
}
