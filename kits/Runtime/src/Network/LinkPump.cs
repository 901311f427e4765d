using System.IO.Pipelines;

namespace Microcosm.Runtime;

/// <summary>
/// Carries the bytes of a connection in memory one way: keeps them while the link is cut, delays them by latency and bandwidth, ends after
/// so many where a rule says so. Else order and bytes are never lost.
/// </summary>
internal sealed class LinkPump(Passage passage)
{
    /// <summary>
    /// Runs until the writer ends, either side is reset, or a rule ends the connection, of which <paramref name="onEnding"/> is told.
    /// </summary>
    public async Task RunAsync(PipeReader source, PipeWriter target, Action<FaultRule> onEnding, CancellationToken reset)
    {
        Exception? error = null;
        FaultRule? ending = null;
        try
        {
            while (true)
            {
                var read = await source.ReadAsync(reset);
                var sentTicks = passage.NowTicks;
                foreach (var part in read.Buffer)
                {
                    if (!await CarryAsync(part, target, sentTicks, reset))
                    {
                        ending = passage.Ending;
                        return;
                    }
                }
                source.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    // The end comes after the bytes: a cut keeps it back too.
                    await passage.TravelAsync(0, sentTicks, reset);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            error = e;
        }
        finally
        {
            if (ending is not null)
                onEnding(ending);
            await source.CompleteAsync(error);
            await target.CompleteAsync(error);
        }
    }

    // False where it ends: nobody reads any more, or a rule says so.
    private async ValueTask<bool> CarryAsync(ReadOnlyMemory<byte> part, PipeWriter target, long sentTicks, CancellationToken reset)
    {
        while (part.Length > 0)
        {
            var piece = (int)passage.PieceOf(part.Length);
            if (piece > 0)
            {
                await passage.TravelAsync(piece, sentTicks, reset);
                var flushed = await target.WriteWholeAsync(part[..piece], reset);
                if (flushed.IsCompleted)
                    return false;
                part = part[piece..];
            }
            if (passage.Ending is not null)
                return false;
        }
        return true;
    }
}
