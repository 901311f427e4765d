using System.Net.Sockets;
using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Samples.Wire;

/// <summary>
/// Asks nodes. Null stands for every way not to get an answer after the request was sent: it may have been carried out all the same.
/// </summary>
internal sealed class LineClient(NodeContext context) : IAsyncDisposable
{
    /// <summary>In place of an answer: no connection came about, so the request was never sent.</summary>
    public const string Unreachable = "UNREACHABLE";

    private LineConnection? _connection;
    private string _connected = "";

    /// <summary>Asks over a connection that is kept for the next request to the same node.</summary>
    public async ValueTask<string?> AskAsync(string node, int port, string request, int timeoutMs)
    {
        var sent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            if (_connection is null || _connected != node)
            {
                await DisposeAsync();
                _connection = await LineConnection.OpenAsync(context, node, port, deadline.Token);
                _connected = node;
            }
            sent = true;
            return await _connection.AskAsync(request, deadline.Token);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            await DisposeAsync();
            return sent ? null : Unreachable;
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

    private static bool IsNoAnswer(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
        || e is Microsoft.AspNetCore.Connections.ConnectionResetException or Microsoft.AspNetCore.Connections.ConnectionAbortedException;
}
