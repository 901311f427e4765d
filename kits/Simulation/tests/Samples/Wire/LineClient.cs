using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Wire;

/// <summary>Asks nodes. Null stands for every way not to get an answer; the request may have been carried out all the same.</summary>
internal sealed class LineClient(NodeContext context) : IAsyncDisposable
{
    private LineConnection? _connection;
    private string _connected = "";

    /// <summary>Asks over a connection that is kept for the next request to the same node.</summary>
    public async ValueTask<string?> AskAsync(string node, int port, string request, int timeoutMs)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            if (_connection is null || _connected != node)
            {
                await DisposeAsync();
                _connection = await LineConnection.OpenAsync(context, node, port, deadline.Token);
                _connected = node;
            }
            return await _connection.AskAsync(request, deadline.Token);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            await DisposeAsync();
            return null;
        }
    }

    /// <summary>Asks over a connection of its own, so that two requests to one node may overtake each other.</summary>
    public static async ValueTask<string?> AskOnceAsync(NodeContext context, string node, int port, string request, int timeoutMs)
    {
        await using var client = new LineClient(context);
        return await client.AskAsync(node, port, request, timeoutMs);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private static bool IsNoAnswer(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
        || e is Microsoft.AspNetCore.Connections.ConnectionResetException or Microsoft.AspNetCore.Connections.ConnectionAbortedException;
}
