using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What happens to logs with time, as in Kafka's LogManager and LogCleaner: segments that are too old or too many go, compacted logs are
/// cleaned, the dirtiest first. Invariant: one log is worked on at a time.
/// </summary>
internal sealed class LogUpkeep(KafkaBroker broker)
{
    private readonly HashSet<Partition> _uncleanable = [];
    private Task _work = Task.CompletedTask;
    private bool _isStopped;

    public void Start()
    {
        RestUntilRetention();
        RestUntilCleaning();
    }

    /// <summary>Begins nothing any more; completes when what is under way is over.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        return _work;
    }

    private void RestUntilRetention() => broker.Deadlines.Add(
        Config("log.retention.check.interval.ms"), () => Run(Replicas().ToList(), RetainAsync, RestUntilRetention));

    private void RestUntilCleaning() => broker.Deadlines.Add(
        Config("log.cleaner.backoff.ms"), () =>
            Run(broker.Options.Flag("log.cleaner.enable") ? Dirtiest() : [], CleanAsync, RestUntilCleaning));

    private long Config(string name) => long.Parse(broker.Settings.Configs.Value(name)!, CultureInfo.InvariantCulture);

    private IEnumerable<Partition> Replicas() => broker.Replicas.All.Where(p => p is { Log: { Failure: null }, IsRemoved: false });

    private List<Partition> Dirtiest() =>
    [
        .. Replicas().Where(p => broker.Settings.OfLog(p.Name.Topic).IsCompacted && !_uncleanable.Contains(p))
            .Select(p => (Partition: p, Ratio: p.Log!.DirtyRatio(broker.TimeMs, p.Log.HighWatermark)))
            .Where(p => p.Ratio > 0).OrderByDescending(p => p.Ratio).Select(p => p.Partition),
    ];

    // async void: an error of the disk ends the broker.
    private async void Run(List<Partition> partitions, Func<Partition, PartitionLog, ValueTask> work, Action rest)
    {
        var before = _work;
        var done = new TaskCompletionSource();
        _work = done.Task;
        await before;
        foreach (var partition in partitions)
        {
            try
            {
                if (!_isStopped && !partition.IsRemoved && partition.Log is { } log)
                    await work(partition, log);
            }
            catch (ObjectDisposedException) when (partition.IsRemoved)
            {
                // The topic was deleted meanwhile.
            }
        }
        _uncleanable.RemoveWhere(p => p.IsRemoved);
        done.SetResult();
        if (!_isStopped)
            rest();
    }

    private async ValueTask RetainAsync(Partition partition, PartitionLog log)
    {
        var count = await log.ApplyRetentionAsync(broker.TimeMs, log.HighWatermark);
        if (count > 0)
            broker.Context.Log.Write(LogSeverity.Info, $"Deleted {count} segments of {partition.Name}");
    }

    private async ValueTask CleanAsync(Partition partition, PartitionLog log)
    {
        try
        {
            await log.CompactAsync(broker.TimeMs, log.HighWatermark);
        }
        catch (CorruptRecordException e)
        {
            _uncleanable.Add(partition);
            broker.Context.Log.Write(LogSeverity.Error, $"{partition.Name} is not cleaned any more: {e.Message}");
        }
    }
}
