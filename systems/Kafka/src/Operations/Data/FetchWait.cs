using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A fetch until it is answered: at once, when enough has come, when something is wrong, or when its time is over.</summary>
internal sealed class FetchWait(KafkaCall call, FetchRequest request, int replica, FetchContext context, List<FetchTarget> targets)
{
    private readonly KafkaBroker _broker = call.Broker;
    private Deadlines.Deadline? _deadline;
    private bool _isWaiting;
    private bool _isLookDue;

    private bool IsFollower => replica >= 0;

    public void Begin()
    {
        if (IsFollower)
            Acknowledge();
        if (TryAnswer(isDue: request.MaxWaitMs <= 0))
            return;
        _isWaiting = true;
        _deadline = _broker.Deadlines.Add(request.MaxWaitMs, () => TryAnswer(isDue: true));
        call.Hurried = () => TryAnswer(isDue: true);
        call.Client.Ended += End;
        foreach (var partition in Partitions)
            partition.Moved += Look;
    }

    private IEnumerable<Partition> Partitions => targets.Select(t => t.Partition).OfType<Partition>().Distinct();

    // In a session of all its partitions: what a follower does not name again is where it was.
    private void Acknowledge()
    {
        foreach (var target in targets)
        {
            if (target.Partition is not { Leader: not null, Log: { } log } partition
                || partition.CheckLeader(target.Wanted.CurrentLeaderEpoch) != KafkaError.None)
                continue;
            // Where the logs part, what lies behind is no acknowledgement.
            if (Truncation.Find(log, target.Wanted.LastFetchedEpoch, target.Wanted.FetchOffset) is (KafkaError.None, null)
                && target.Wanted.FetchOffset <= log.LogEndOffset)
                partition.Fetched(replica, request.ReplicaState.ReplicaEpoch, target.Wanted.FetchOffset, target.Wanted.LogStartOffset);
        }
    }

    private void Look()
    {
        if (_isLookDue)
            return;
        _isLookDue = true;
        _broker.Context.Executor.AtTurnEnd(TurnPhase.Commit, () =>
        {
            _isLookDue = false;
            if (_isWaiting)
                TryAnswer(isDue: false);
        });
    }

    private bool TryAnswer(bool isDue)
    {
        if (call.IsAnswered)
            return true;
        var left = Math.Min(request.MaxBytes, call.FetchBytesMax());
        var (bytes, isUrgent) = (0L, false);
        var answers = new List<FetchResponse.PartitionData>(targets.Count);
        foreach (var target in targets)
        {
            var answer = Read(target, Math.Min(target.Wanted.PartitionMaxBytes, left), isFirst: bytes == 0);
            answers.Add(answer);
            var size = answer.Records?.Length ?? 0;
            bytes += size;
            left = Math.Max(0, left - size);
            isUrgent |= answer.ErrorCode != 0 || answer.DivergingEpoch.EndOffset >= 0 || answer.PreferredReadReplica >= 0
                || (ReadReplica.IsSelected(_broker) && Follower(target) is { } follower
                    && follower.HighWatermarkSent < answer.HighWatermark);
        }
        if (!isDue && !isUrgent && bytes < Math.Min(request.MinBytes, call.FetchBytesMax()) && targets.Count > 0)
        {
            call.ReturnRented();
            return false;
        }
        End();
        foreach (var (target, answer) in targets.Zip(answers))
        {
            if (Follower(target) is { } follower)
                follower.HighWatermarkSent = answer.HighWatermark;
        }
        Answer(answers);
        return true;
    }

    // A follower that is read from must not learn only with the next records that those before are committed (KIP-392).
    private FollowerProgress? Follower(FetchTarget target) =>
        IsFollower ? target.Partition?.Leader?.Followers.GetValueOrDefault(replica) : null;

    private void Answer(List<FetchResponse.PartitionData> answers)
    {
        var bytes = answers.Sum(a => (long)(a.Records?.Length ?? 0));
        if (call.Use(ClientQuotaType.Fetch, bytes) is var throttleMs and > 0)
        {
            // What is not sent does not count; the client asks again once its time is over.
            call.TakeBack(ClientQuotaType.Fetch, bytes);
            call.Reply(context.Throttled((int)Math.Min(throttleMs, int.MaxValue)));
            return;
        }
        var response = context.Answer([.. targets.Select((t, i) => (t.Fetched, answers[i]))], _broker.NowMs);
        Leaders.Add(call, response);
        call.Reply(response);
    }

    private void End()
    {
        if (!_isWaiting)
            return;
        _isWaiting = false;
        _deadline?.Cancel();
        call.Client.Ended -= End;
        foreach (var partition in Partitions)
            partition.Moved -= Look;
    }

    // Of one that has no replica here as the cluster knows it (KIP-951).
    private PartitionState? StateOf(FetchTarget target) => target.Partition?.State
        ?? (_broker.Cluster.Topics.TryGetValue(target.Fetched.Topic ?? "", out var topic)
            ? topic.Partitions.ElementAtOrDefault(target.Wanted.Partition) : null);

    private FetchResponse.PartitionData Read(FetchTarget target, int bytesMax, bool isFirst)
    {
        var wanted = target.Wanted;
        var answer = new FetchResponse.PartitionData { PartitionIndex = wanted.Partition, HighWatermark = -1, Records =
            default(ReadOnlyMemory<byte>) };
        var error = target.Error != KafkaError.None ? target.Error
            : IsFollower || call.Version < 11 ? target.Partition!.CheckLeader(wanted.CurrentLeaderEpoch)
            : target.Partition!.CheckReader(wanted.CurrentLeaderEpoch);
        if (error != KafkaError.None)
        {
            answer.ErrorCode = (short)error;
            if (error is KafkaError.NotLeaderOrFollower or KafkaError.FencedLeaderEpoch && call.Version >= 12
                && StateOf(target) is { } state)
                answer.CurrentLeader = new() { LeaderId = state.Leader, LeaderEpoch = state.LeaderEpoch };
            return answer;
        }
        var (log, leader) = (target.Partition!.Log!, target.Partition.Leader);
        (answer.HighWatermark, answer.LogStartOffset) = (leader?.HighWatermark ?? log.HighWatermark, log.LogStartOffset);
        var isCommitted = request.IsolationLevel == 1 && !IsFollower;
        answer.LastStableOffset = log.LastStableOffset;
        if (leader is not null && !IsFollower)
            answer.PreferredReadReplica = ReadReplica.Preferred(_broker, leader, request.RackId, wanted.FetchOffset);
        if (answer.PreferredReadReplica >= 0)
            return answer;
        if (call.Version >= 12)
        {
            var (unknown, diverging) = Truncation.Find(log, wanted.LastFetchedEpoch, wanted.FetchOffset);
            error = unknown;
            if (diverging is { } at)
                answer.DivergingEpoch = new() { Epoch = at.Epoch, EndOffset = at.EndOffset };
            if (diverging is not null)
                return answer;
        }
        if (error == KafkaError.None && (wanted.FetchOffset < log.LogStartOffset || wanted.FetchOffset > log.LogEndOffset))
            error = KafkaError.OffsetOutOfRange;
        var upTo = IsFollower ? log.LogEndOffset : isCommitted ? log.LastStableOffset : answer.HighWatermark;
        if (error == KafkaError.None && wanted.FetchOffset < upTo && (bytesMax > 0 || isFirst))
        {
            var read = log.Read(wanted.FetchOffset, bytesMax, upTo, minOneBatch: isFirst, call.Rent);
            error = read.Error;
            answer.Records = read.Records;
            if (isCommitted && error == KafkaError.None)
                answer.AbortedTransactions =
                    [.. log.AbortedBetween(wanted.FetchOffset, read.NextOffset).Select(a => new FetchResponse.AbortedTransaction
                    { ProducerId = a.ProducerId, FirstOffset = a.FirstOffset })];
        }
        answer.ErrorCode = (short)error;
        return answer;
    }
}
