using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>What a broker sends, as far as it has come. For one reader, on the node's executor.</summary>
internal sealed class UpstreamFrames(PipeReader input, NodeExecutor executor)
{
    private bool _isShown;

    /// <summary>What has come and is not taken; valid from a wait that gave true to the next call.</summary>
    public ReadOnlySequence<byte> Shown { get; private set; }

    /// <summary>The broker sends no more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>
    /// Waits for so many bytes. False: there will not be so many (<see cref="IsEnded"/>), or <see cref="Wake"/> was called. Throws what a
    /// broken connection gives.
    /// </summary>
    public async ValueTask<bool> WaitAsync(long bytes)
    {
        if (_isShown)
            input.AdvanceTo(Shown.Start);
        _isShown = false;
        while (true)
        {
            var result = await input.ReadAsync();
            // The pipe continues on the thread pool whatever the context.
            await executor.SwitchTo();
            Shown = result.Buffer;
            if (Shown.Length >= bytes)
                return _isShown = true;
            input.AdvanceTo(Shown.Start, Shown.End);
            IsEnded = result.IsCompleted;
            if (IsEnded || result.IsCanceled)
                return false;
        }
    }

    /// <summary>Four bytes of those that are shown.</summary>
    public int PeekInt32(int at)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Shown.Slice(at, sizeof(int)).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>Takes so many of the bytes that are shown.</summary>
    public void Take(long bytes)
    {
        input.AdvanceTo(Shown.GetPosition(bytes));
        _isShown = false;
    }

    /// <summary>Ends a wait, or the next one.</summary>
    public void Wake() => input.CancelPendingRead();
}
