namespace Microcosm.Kafka.Tests.Core;

/// <summary>Fetch sessions over partitions whose offsets the test sets; topic ids are those of <see cref="IdOf"/>.</summary>
internal sealed class FetchWorld
{
    private readonly Dictionary<Guid, string> _names = [];
    private int _lastId;

    public FetchWorld(int slots = 1_000) => Sessions = new FetchSessions(new FetchSessionOptions { Slots = slots }, () => ++_lastId);

    public FetchSessions Sessions { get; }

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>What reading a partition gives; a partition that is not here gives nothing new: high watermark 10, log start 0.</summary>
    public Dictionary<(string Topic, int Partition), FetchResponse.PartitionData> Data { get; } = [];

    public void Name(string topic) => _names[IdOf(topic)] = topic;

    public static Guid IdOf(string topic) => new(topic[0], 0, 0, new byte[8]);

    public FetchContext Begin(FetchRequest request, short version = 12, bool isFollower = false) =>
        Sessions.Begin(request, version, isFollower, id => _names.GetValueOrDefault(id), NowMs);

    /// <summary>Begins, reads all and answers.</summary>
    public FetchResponse Fetch(FetchRequest request, short version = 12, bool isFollower = false)
    {
        var response = Answer(Begin(request, version, isFollower));
        Sessions.CheckInvariants();
        return response;
    }

    public FetchResponse Answer(FetchContext context) =>
        context.Answer([.. context.Partitions.Select(p => (p, Read(p)))], NowMs);

    public static FetchRequest Request(int session, int epoch, params (string Topic, int Partition, long Offset)[] wanted) => new()
    {
        SessionId = session,
        SessionEpoch = epoch,
        Topics = [.. wanted.Select(w => new FetchRequest.FetchTopic
        {
            Topic = w.Topic,
            TopicId = IdOf(w.Topic),
            Partitions = [new() { Partition = w.Partition, FetchOffset = w.Offset, PartitionMaxBytes = 100 }],
        })],
    };

    public static FetchRequest Forgetting(FetchRequest request, params (string Topic, int Partition)[] forgotten)
    {
        request.ForgottenTopicsData = [.. forgotten.Select(f =>
            new FetchRequest.ForgottenTopic { Topic = f.Topic, TopicId = IdOf(f.Topic), Partitions = [f.Partition] })];
        return request;
    }

    public static string Text(FetchResponse response) => string.Join(
        ' ', response.Responses.SelectMany(t => t.Partitions.Select(p => $"{t.Topic}-{p.PartitionIndex}@{p.HighWatermark}")));

    public static string Text(FetchContext context) =>
        string.Join(' ', context.Partitions.Select(p => $"{p.Topic ?? "?"}-{p.Request.Partition}:{p.Request.FetchOffset}"));

    private FetchResponse.PartitionData Read(FetchedPartition partition) =>
        Data.TryGetValue((partition.Topic ?? "?", partition.Request.Partition), out var data)
            ? new()
            {
                HighWatermark = data.HighWatermark, LogStartOffset = data.LogStartOffset, ErrorCode = data.ErrorCode,
                Records = data.Records, PreferredReadReplica = data.PreferredReadReplica, DivergingEpoch = data.DivergingEpoch,
            }
            : new() { HighWatermark = 10, LogStartOffset = 0 };
}
