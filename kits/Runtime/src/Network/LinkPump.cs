using System.IO.Pipelines;

namespace Microcosm.Runtime;

/// <summary>
/// Carries bytes one way over a link: keeps them while it is cut, delays them by latency and bandwidth. Order and bytes are never lost.
/// </summary>
internal sealed class LinkPump(Links links, TimeProvider clock, RandomStream random, string from, string to)
{
    /// <summary>Runs until the writer ends or either side is reset.</summary>
    public async Task RunAsync(PipeReader source, PipeWriter target, CancellationToken reset)
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await source.ReadAsync(reset);
                foreach (var part in read.Buffer)
                {
                    await TravelAsync(part.Length, reset);
                    var flushed = await target.WriteAsync(part, reset);
                    if (flushed.IsCompleted)
                        return;
                }
                source.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
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
            await source.CompleteAsync(error);
            await target.CompleteAsync(error);
        }
    }

    /// <summary>Waits as long as the link takes for so many bytes.</summary>
    public async Task TravelAsync(int bytes, CancellationToken reset)
    {
        while (links.Of(from, to).IsCut)
            await links.Changed.WaitAsync(reset);
        var link = links.Of(from, to);
        var delayMs = link.LatencyMs + (link.JitterMs > 0 ? random.NextDouble() * link.JitterMs : 0);
        if (link.BytesPerSecond > 0)
            delayMs += bytes * 1000.0 / link.BytesPerSecond;
        if (delayMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(delayMs), clock, reset);
    }
}
