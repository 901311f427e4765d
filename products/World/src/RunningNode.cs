using System.Net;
using Microcosm.Runtime;

namespace Microcosm;

/// <summary>A node in a running world.</summary>
public sealed class RunningNode
{
    internal RunningNode(NodeDefinition definition, NodeHost host, IDisk disk, NodeLog log)
    {
        (Definition, Host, Disk, Log) = (definition, host, disk, log);
    }

    /// <summary><c>redis-1</c></summary>
    public string Name => Definition.Name;

    /// <summary>Address inside the fabric.</summary>
    public NodeEndPoint Address => new(Definition.Name, Definition.Port);

    /// <summary>Address on this machine, or null in a world without sockets.</summary>
    public IPEndPoint? Socket { get; internal set; }

    /// <summary><c>host:port</c> for clients.</summary>
    public string Endpoint => Socket?.ToString() ?? Address.ToString();

    /// <summary>True where the node wanted its usual port (<see cref="PortPolicy.Usual"/>) and that was taken.</summary>
    public bool HasOtherPort { get; internal set; }

    /// <summary>Running, paused, killed …</summary>
    public NodeState State => Host.State;

    /// <summary>How often the supervisor restarted it.</summary>
    public int Restarts => Host.Restarts;

    /// <summary>Why it is down, where it failed or could not start: <c>failed: …</c>; else null.</summary>
    public string? Failure => State is NodeState.Failed or NodeState.Restarting ? $"failed: {Host.LastFailure?.Message}" : null;

    /// <summary>Its last log lines.</summary>
    public NodeLog Log { get; }

    /// <summary>What the system said of it.</summary>
    public NodeDefinition Definition { get; }

    /// <summary>The node's disk, as it is: faults of the plan meet the node's own operations only.</summary>
    public IDisk Disk { get; }

    internal NodeHost Host { get; }

    /// <summary>A spare that nobody has started yet, in this life of the world or one before.</summary>
    internal bool StandsBy => Definition.IsSpare && Disk.List("").Count == 0;

    /// <summary>Kills it where it stands: connections reset, unsynced writes lost or torn.</summary>
    public Task KillAsync() => Host.KillAsync();

    /// <summary>Starts it again from its disk, killing it first if it runs.</summary>
    public Task RestartAsync(CancellationToken cancellation = default) => Host.RestartAsync(cancellation);

    /// <summary>
    /// Has it take its configuration anew while it serves. Throws <see cref="ArgumentException"/> for one that it refuses, and
    /// <see cref="InvalidOperationException"/> where it has none to take, or is down; nothing has changed then.
    /// </summary>
    public Task ReloadAsync(CancellationToken cancellation = default) => Host.ReloadAsync(cancellation);

    /// <summary>Stops its turns; connections stay open and silent.</summary>
    public void Pause() => Host.Pause();

    /// <summary>Lets it go on.</summary>
    public void Resume() => Host.Resume();

    /// <summary>
    /// How it is inside, as its system's Inside page shows it: a record of plain values, or null where there is none. Throws
    /// <see cref="InvalidOperationException"/> where it is down; waits while it is paused.
    /// </summary>
    public Task<object?> InsideAsync() => Host.AskAsync(n => n.Inside());

    /// <summary>
    /// Writes its disk to a stream. A running node brings its state there first and is between two turns meanwhile; the disk of one that
    /// is paused or down is copied as it stands.
    /// </summary>
    internal async Task ArchiveAsync(Stream to, CancellationToken cancellation)
    {
        if (State != NodeState.Running)
        {
            DiskArchive.Save(Disk, to);
            return;
        }
        await Host.CheckpointAsync(cancellation);
        await Host.AskAsync(_ =>
        {
            DiskArchive.Save(Disk, to);
            return true;
        });
    }

    /// <summary>Kills it and empties its disk, as if its machine were replaced by a new one.</summary>
    public async Task EraseAsync(CancellationToken cancellation = default)
    {
        await Host.KillAsync();
        foreach (var path in Disk.List(""))
            Disk.Delete(path);
        await Disk.SyncNamesAsync(cancellation);
    }

    /// <summary>Puts its wall clock off by so much.</summary>
    public void Skew(TimeSpan offset)
    {
        if (Host.Clock is { } clock)
            clock.Offset = offset;
    }
}
