using System.Net;

namespace Microcosm.Runtime;

/// <summary>An address inside the fabric: a node's name and a port, for example <c>redis-1:6379</c>.</summary>
public sealed class NodeEndPoint(string node, int port) : EndPoint, IEquatable<NodeEndPoint>
{
    /// <summary>Name of the node, or of a client outside of the world.</summary>
    public string Node { get; } = node;

    /// <summary>Port, 1 to 65,535.</summary>
    public int Port { get; } = port;

    /// <inheritdoc/>
    public bool Equals(NodeEndPoint? other) => other is not null && other.Node == Node && other.Port == Port;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeEndPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Node, Port);

    /// <inheritdoc/>
    public override string ToString() => $"{Node}:{Port}";
}
