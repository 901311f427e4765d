using Microcosm.Consensus;

namespace Microcosm.Kafka;

/// <summary>Waits until a cluster serves that starts whole. What the disks say of the brokers may be from before they went away, so each
/// is asked.</summary>
internal sealed class ClusterStart(KafkaBroker broker, TimeSpan within)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);

    private readonly long _untilMs = broker.NowMs + (long)within.TotalMilliseconds;

    private TimeSpan Left => TimeSpan.FromMilliseconds(Math.Max(0, _untilMs - broker.NowMs));

    /// <summary>Completes when every broker serves and this one knows of it, or when the time is over.</summary>
    public async ValueTask WaitAsync()
    {
        await Task.WhenAll(Enumerable.Range(1, broker.Options.Nodes).Where(id => id != broker.Id).Select(AskAsync));
        try
        {
            await broker.Lifecycle.ServingAsync().WaitAsync(Left, broker.Context.Clock);
        }
        catch (TimeoutException)
        {
            return;
        }
        while (Left > TimeSpan.Zero && !await TryCatchUpAsync())
            await Task.Delay(Retry, broker.Context.Clock);
    }

    private async Task AskAsync(int id)
    {
        var link = broker.LinkTo(id, $"broker-{broker.Id}-start");
        while (Left is var left && left > TimeSpan.Zero)
        {
            try
            {
                await link.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(new(), 0, left);
                break;
            }
            catch (IOException)
            {
                await Task.Delay(Retry, broker.Context.Clock);
            }
        }
        link.Close();
    }

    private async ValueTask<bool> TryCatchUpAsync()
    {
        try
        {
            await broker.Raft.ReadAsync(CancellationToken.None);
            return true;
        }
        catch (ConsensusException)
        {
            return false;
        }
    }
}
