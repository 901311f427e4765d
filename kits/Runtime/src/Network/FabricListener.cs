using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>A port of a node: in memory always, on a real socket where the world gives it one.</summary>
internal sealed class FabricListener(
    Fabric fabric, NodeEndPoint address, NodeExecutor executor, ConnectionDelegate handler, NetworkConditions conditions) : INodeListener
{
    private readonly HashSet<MemoryConnection> _connections = [];
    private readonly Lock _gate = new();

    public NodeEndPoint Address { get; } = address;

    public IPEndPoint? Socket => RealListener?.EndPoint;

    public ISocketListener? RealListener { get; set; }

    public NetworkConditions Conditions { get; } = conditions;

    public async ValueTask CloseAsync()
    {
        fabric.Remove(this);
        if (RealListener is { } real)
            await real.CloseAsync();
    }

    /// <summary>What rules do to a new connection; where any stand, it gets its number now.</summary>
    public ConnectionVerdict Decide(string client, MemoryConnection connection)
    {
        if (Conditions.AreQuiet)
            return ConnectionVerdict.None;
        var ordinal = new ConnectionOrdinal(executor.NextConnectionId());
        connection.Features.Set(ordinal);
        return Conditions.Decide(client, ordinal.Value);
    }

    /// <summary>Serves a connection on the node's executor.</summary>
    public void Accept(MemoryConnection connection)
    {
        lock (_gate)
            _connections.Add(connection);
        executor.Post(() => _ = ServeAsync(connection));
    }

    /// <summary>The node is gone: its connections are reset, its ports closed.</summary>
    public void Shut()
    {
        fabric.Remove(this);
        MemoryConnection[] open;
        lock (_gate)
            open = [.. _connections];
        foreach (var connection in open)
            connection.Abort(new ConnectionAbortedException($"{Address.Node} is down"));
        RealListener?.AbortConnections();
        _ = RealListener?.CloseAsync().AsTask();
    }

    private async Task ServeAsync(MemoryConnection connection)
    {
        try
        {
            await handler(connection);
        }
        catch (Exception e)
        {
            executor.OnUnhandled(e);
        }
        finally
        {
            lock (_gate)
                _connections.Remove(connection);
            await connection.DisposeAsync();
        }
    }
}
