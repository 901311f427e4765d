namespace Microcosm.Runtime;

/// <summary>
/// The one door of a system: its name, its options by the peer's own names, its nodes. A world asks this and nothing else of a system.
/// </summary>
public abstract class SystemDefinition
{
    /// <summary>Name in commands, options, endpoints and the ready file: <c>redis</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Every operation with its status, as the generator wrote it; contract.txt holds the same.</summary>
    public abstract string Contract { get; }

    /// <summary>
    /// Sets an option by the peer's own name and spelling (<c>maxmemory</c>, <c>100mb</c>).
    /// Throws <see cref="ArgumentException"/> with the peer's wording when the name or the value is wrong.
    /// </summary>
    public abstract void SetOption(string name, string value);

    /// <summary>The nodes as configured, in the order to start them.</summary>
    public abstract IReadOnlyList<NodeDefinition> Nodes { get; }

    /// <summary>The string that a client library takes to connect to these endpoints (<c>host:port</c> each).</summary>
    public abstract string ConnectionString(IReadOnlyList<string> endpoints);

    /// <summary>Asks over an open connection, in the system's own protocol, whether it serves. Throws when it does not.</summary>
    public abstract ValueTask PingAsync(Stream connection, CancellationToken cancellation);
}
