using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Fetches from one leader for all partitions that follow it, by Kafka's own Fetch. What it asks for next is what is durable here, so the
/// offset that it asks from is its acknowledgement.
/// </summary>
internal sealed class ReplicaFetcher(KafkaBroker broker, int leader)
{
    private const short Version = 17;
    private const string AcknowledgesBeforeSync = "kafka/follower-acknowledges-before-sync";

    // A leader hears of a new partition as its followers do, a moment earlier or later.
    private const int FirstBackoffMs = 4;

    private readonly SortedDictionary<TopicPartition, Partition> _partitions = [];
    private readonly Dictionary<TopicPartition, (long UntilMs, int BackoffMs)> _putOff = [];
    private readonly FetchSessionHandler _session = new();
    private readonly BrokerLink _link = broker.LinkTo(leader, $"broker-{broker.Id}-fetcher-{leader}");
    private TaskCompletionSource? _idle;
    private bool _isRunning;
    private bool _isStopped;

    public int Leader => leader;

    /// <summary>Begins to fetch a partition; what waits at the leader is answered early.</summary>
    public void Add(Partition partition)
    {
        var isFetched = _partitions.GetValueOrDefault(partition.Name) == partition && !_putOff.Remove(partition.Name) && _idle is null;
        _partitions[partition.Name] = partition;
        if (!_isRunning)
            Run();
        else if (!isFetched)
            Wake();
    }

    public void Remove(Partition partition)
    {
        if (_partitions.GetValueOrDefault(partition.Name) == partition)
            _partitions.Remove(partition.Name);
    }

    public void Stop()
    {
        _isStopped = true;
        _link.Close();
    }

    // async void: an error of the disk ends the broker.
    private async void Run()
    {
        _isRunning = true;
        while (!_isStopped && _partitions.Count > 0)
        {
            var asked = Due();
            if (asked.Count == 0)
            {
                _idle = new TaskCompletionSource();
                await Task.WhenAny(_idle.Task, PauseAsync());
                _idle = null;
                continue;
            }
            FetchResponse response;
            try
            {
                response = await _link.CallAsync<FetchRequest, FetchResponse>(
                    Request(asked), Version, TimeSpan.FromMilliseconds(broker.Options.ReplicaFetchWaitMaxMs + 30_000));
            }
            catch (IOException)
            {
                _session.Lost();
                if (!_isStopped)
                    await PauseAsync();
                continue;
            }
            // A session that the leader does not know any more begins anew at once.
            if (!_session.Answered(response))
                await PauseAsync();
            else if (response.ErrorCode != 0)
                continue;
            else
                await Task.WhenAll(Answers(response, asked).Select(a => TakeAsync(a.Partition, a.Epoch, a.Data)));
        }
        _isRunning = false;
    }

    private Task PauseAsync() =>
        Task.Delay(TimeSpan.FromMilliseconds(broker.Options.ReplicaFetchBackoffMs), broker.Context.Clock);

    private List<(Partition Partition, int Epoch)> Due() =>
    [
        .. _partitions.Values.Where(p => p.IsFollower && p.State.Leader == leader
            && !(_putOff.TryGetValue(p.Name, out var off) && off.UntilMs > broker.NowMs)).Select(p => (p, p.State.LeaderEpoch)),
    ];

    private FetchRequest Request(List<(Partition Partition, int Epoch)> asked)
    {
        var request = new FetchRequest
        {
            ReplicaState = new() { ReplicaId = broker.Id, ReplicaEpoch = broker.Epoch },
            MaxWaitMs = broker.Options.ReplicaFetchWaitMaxMs,
            MinBytes = 1,
            MaxBytes = broker.Options.ReplicaFetchResponseMaxBytes,
        };
        _session.Name(request,
            asked.Select(a => (new FetchPartitionId("", a.Partition.TopicId, a.Partition.Name.Partition), Wanted(a.Partition, a.Epoch))));
        return request;
    }

    private FetchRequest.FetchPartition Wanted(Partition partition, int epoch) => new()
    {
        Partition = partition.Name.Partition,
        CurrentLeaderEpoch = epoch,
        FetchOffset = AcknowledgedBy(partition.Log!),
        LastFetchedEpoch = Bug.IsPlanted(Partition.TruncatesToHighWatermark) ? -1 : partition.Log!.LatestEpoch,
        LogStartOffset = partition.Log!.LogStartOffset,
        PartitionMaxBytes = broker.Options.ReplicaFetchMaxBytes,
    };

    private static IEnumerable<(Partition Partition, int Epoch, FetchResponse.PartitionData Data)> Answers(
        FetchResponse response, List<(Partition Partition, int Epoch)> asked)
    {
        var byId = asked.ToDictionary(a => (a.Partition.TopicId, a.Partition.Name.Partition));
        foreach (var topic in response.Responses)
        {
            foreach (var data in topic.Partitions)
            {
                if (byId.TryGetValue((topic.TopicId, data.PartitionIndex), out var one))
                    yield return (one.Partition, one.Epoch, data);
            }
        }
    }

    private async Task TakeAsync(Partition partition, int epoch, FetchResponse.PartitionData data)
    {
        // Meanwhile it may lead, follow another, or be gone.
        if (!partition.IsFollower || partition.State.LeaderEpoch != epoch)
            return;
        var error = (KafkaError)data.ErrorCode;
        if (error is not (KafkaError.None or KafkaError.OffsetOutOfRange))
        {
            PutOff(partition.Name);
            return;
        }
        var before = _putOff.GetValueOrDefault(partition.Name);
        await partition.TakeFetchedAsync(
            log => error == KafkaError.None ? TakeAsync(partition, log, data) : StartOverAsync(log, data));
        if (_putOff.GetValueOrDefault(partition.Name) == before)
            _putOff.Remove(partition.Name);
    }

    private void PutOff(TopicPartition name)
    {
        var backoffMs = _putOff.TryGetValue(name, out var before) ? 2 * before.BackoffMs : FirstBackoffMs;
        backoffMs = Math.Min(backoffMs, broker.Options.ReplicaFetchBackoffMs);
        _putOff[name] = (broker.NowMs + backoffMs, backoffMs);
        broker.Deadlines.Add(backoffMs, Wake);
    }

    // Some partition is to be asked for: now, or as soon as what waits at the leader is answered.
    private void Wake()
    {
        if (_idle is { } idle)
            idle.TrySetResult();
        else if (!_isStopped)
            _link.Hurry();
    }

    private async ValueTask TakeAsync(Partition partition, PartitionLog log, FetchResponse.PartitionData data)
    {
        if (data.DivergingEpoch is { EndOffset: >= 0 } diverging)
        {
            await log.TruncateToAsync(Truncation.CutAt(log, diverging.Epoch, diverging.EndOffset));
            return;
        }
        if (data.Records is { Length: > 0 } records)
        {
            var error = log.AppendAsFollower(records);
            if (error != KafkaError.None)
            {
                broker.Context.Log.Write(LogSeverity.Warning, $"Fetched records of {partition.Name} do not fit: {error}");
                PutOff(partition.Name);
                return;
            }
            if (!Bug.IsPlanted(AcknowledgesBeforeSync))
                await log.SyncAsync();
        }
        if (data.LogStartOffset > log.LogStartOffset && data.LogStartOffset <= log.LogEndOffset)
            log.IncreaseLogStart(data.LogStartOffset);
        log.OnHighWatermark(Math.Min(data.HighWatermark, log.LogEndOffset));
    }

    private static long AcknowledgedBy(PartitionLog log) =>
        Bug.IsPlanted(AcknowledgesBeforeSync) ? log.LogEndOffset : log.SyncedEndOffset;

    // The leader's log begins behind this one's end, or ends before it (after an unclean election).
    private static async ValueTask StartOverAsync(PartitionLog log, FetchResponse.PartitionData data)
    {
        if (data.LogStartOffset > log.LogEndOffset)
            await log.ResetAsync(data.LogStartOffset);
        else if (data.LogStartOffset >= 0)
            await log.TruncateToAsync(Math.Max(data.LogStartOffset, log.HighWatermark));
    }
}
