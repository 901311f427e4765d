using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Brings a broker's answers, and the proxy's own, to the client in the order of the requests. Few are read; the others pass as they come.
/// Answers wait in the socket while one is delayed, and while the client reads too slowly.
/// </summary>
internal sealed class ProxyResponses(ProxyNode node, ProxyConnection client, UpstreamFrames frames)
{
    /// <summary>Largest response that is read.</summary>
    public const int ReadBytesMax = 512 * 1024 * 1024;

    private const int LengthBytes = sizeof(int);

    /// <summary>Until the connection is closed. Throws what a broken one gives, and <see cref="KafkaFormatException"/>.</summary>
    public async Task RunAsync()
    {
        while (!client.IsClosed)
        {
            if (client.Next is { IsAwaited: false } own)
                await AnswerAsync(own);
            else if (await frames.WaitAsync(LengthBytes))
                await AnswerAsync();
            else if (frames.IsEnded)
                client.Close();
        }
    }

    private async ValueTask AnswerAsync(ProxyCall own)
    {
        await client.HeldAsync(own);
        if (client.IsClosed || IsDropped(own))
            return;
        if (own.Response is { } response)
            client.Transport.Output.Write(response);
        client.Leave();
        await client.SendAsync();
    }

    private async ValueTask AnswerAsync()
    {
        var length = frames.PeekInt32(0);
        if (client.Next is not { } call)
            throw new KafkaFormatException("nobody asked");
        if (length < (call.IsToken ? 0 : sizeof(int)))
            throw new KafkaFormatException($"size = {length}");
        if (!call.IsToken)
        {
            if (!await ComesAsync(LengthBytes + sizeof(int)))
                return;
            if (frames.PeekInt32(LengthBytes) is var id && id != call.CorrelationId)
                throw new KafkaFormatException($"correlation id {id} instead of {call.CorrelationId}");
        }
        await client.HeldAsync(call);
        if (client.IsClosed || IsDropped(call))
            return;
        if (!call.IsToken && (AddressRewriter.IsRead(call.Key, call.Version) || client.Sasl.IsShakingHands))
            await ReadAsync(call, length);
        else
            await PassAsync(LengthBytes + (long)length);
        if (client.IsClosed)
            return;
        client.Leave();
        await client.SendAsync();
    }

    // The whole connection is closed then, after what was answered before.
    private bool IsDropped(ProxyCall call)
    {
        if (call.Fault.Action is not (OperationFaultAction.DropReply or OperationFaultAction.KillNode))
            return false;
        client.Transport.ReleaseAll();
        client.Close();
        return true;
    }

    private async ValueTask PassAsync(long left)
    {
        while (left > 0)
        {
            if (!await ComesAsync(1))
                return;
            var part = frames.Shown.Slice(0, Math.Min(left, frames.Shown.Length));
            foreach (var bytes in part)
                client.Transport.Output.Write(bytes.Span);
            left -= part.Length;
            frames.Take(part.Length);
            await client.SendAsync();
        }
    }

    private async ValueTask ReadAsync(ProxyCall call, int length)
    {
        if (length > ReadBytesMax)
            throw new KafkaFormatException($"a response of {length} bytes to {call.Name} is too large to be read");
        if (!await ComesAsync(LengthBytes + (long)length))
            return;
        var frame = System.Buffers.BuffersExtensions.ToArray(frames.Shown.Slice(0, LengthBytes + (long)length));
        frames.Take(frame.Length);
        if (call.Key == SaslTokens.HandshakeKey)
        {
            // The id, then the error.
            client.Sasl.Answered(isAgreed: frame.AsSpan(LengthBytes + sizeof(int)) is [0, 0, ..]);
            client.Transport.Output.Write(frame);
            return;
        }
        var isSocket = client.Transport.Remote is System.Net.IPEndPoint;
        var rewritten = await node.Rewriter.RewriteAsync(call.Key, call.Version, frame.AsMemory(LengthBytes), isSocket);
        if (!client.IsClosed)
            client.Transport.Output.Write(rewritten ?? frame);
    }

    // False: the connection is over.
    private async ValueTask<bool> ComesAsync(long bytes)
    {
        while (!await frames.WaitAsync(bytes))
        {
            if (frames.IsEnded)
                client.Close();
            if (client.IsClosed)
                return false;
        }
        return !client.IsClosed;
    }
}
