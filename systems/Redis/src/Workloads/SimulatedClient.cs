using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Redis;

/// <summary>
/// A client for simulations: RESP2, one request at a time, over the fabric. Replies come as text: null for nil, arrays joined by commas,
/// errors with their dash. A connection that failed is opened anew by the next request.
/// </summary>
internal sealed class SimulatedClient(NodeContext context, NodeEndPoint server) : IAsyncDisposable
{
    private ConnectionContext? _connection;

    /// <summary>Asks once. The outcome is unknown if the request was sent and no whole reply came within the time.</summary>
    public async ValueTask<SimulatedReply> AskAsync(int timeoutMs, params string[] command)
    {
        var sent = false;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(timeoutMs), context.Clock);
        try
        {
            _connection ??= await context.Network.ConnectAsync(server, deadline.Token);
            sent = true;
            await _connection.Transport.Output.WriteAsync(Encode(command), deadline.Token);
            return new SimulatedReply(Outcome.Answered, await ReadAsync(_connection.Transport.Input, deadline.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or ConnectionResetException or ConnectionAbortedException)
        {
            await DisposeAsync();
            return new SimulatedReply(sent ? Outcome.Unknown : Outcome.NeverSent, null);
        }
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

    private static byte[] Encode(string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var argument in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async ValueTask<string?> ReadAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var bytes = Encoding.UTF8.GetString(read.Buffer.ToArray());
            var position = 0;
            if (TryTake(bytes, ref position, out var reply))
            {
                input.AdvanceTo(read.Buffer.GetPosition(position));
                return reply;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
                throw new IOException("The connection ended before the reply.");
        }
    }

    // Simulated clients send ASCII only: characters are bytes.
    private static bool TryTake(string text, ref int position, out string? reply)
    {
        reply = null;
        var end = text.IndexOf("\r\n", position, StringComparison.Ordinal);
        if (end < 0)
            return false;
        var (kind, line) = (text[position], text[(position + 1)..end]);
        position = end + 2;
        switch (kind)
        {
            case '$' or '*' when line == "-1":
                return true;
            case '$':
                var length = int.Parse(line, CultureInfo.InvariantCulture);
                if (text.Length < position + length + 2)
                    return false;
                reply = text.Substring(position, length);
                position += length + 2;
                return true;
            case '*':
                var parts = new string?[int.Parse(line, CultureInfo.InvariantCulture)];
                for (var i = 0; i < parts.Length; i++)
                {
                    if (!TryTake(text, ref position, out parts[i]))
                        return false;
                }
                reply = string.Join(',', parts);
                return true;
            default:
                reply = kind == '-' ? "-" + line : line;
                return true;
        }
    }
}
