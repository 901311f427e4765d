using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// A member of a group: reads what it is given, commits, leaves in order or without a word, and comes back as another. Sometimes it commits
/// once more by a generation that is over.
/// </summary>
internal abstract class SimulatedMember(
    NodeContext context, SimulatedKafkaClient client, string group, string topic, GroupBook book)
{
    private readonly SortedDictionary<int, SimulatedReader> _readers = [];
    private int? _coordinator;

    /// <summary>It neither leaves nor dies.</summary>
    public bool IsSteady { get; init; }

    /// <summary>Its decisions; its own unless it takes the place of another.</summary>
    public RandomStream Random { get; init; } = context.Seed.Stream($"member/{group}");

    protected static TimeSpan Session { get; } = TimeSpan.FromMilliseconds(GroupsWorkload.SessionMs);

    protected string Group => group;

    protected string Topic => topic;

    protected GroupBook Book => book;

    protected SimulatedKafkaClient Client => client;

    /// <summary>The number of this life in the book.</summary>
    protected int Life { get; private set; }

    protected string MemberId { get; set; } = "";

    /// <summary>Of the classic group; the member's epoch in a consumer group. Negative while it is no member.</summary>
    protected int Generation { get; set; } = -1;

    protected IEnumerable<int> Held => _readers.Keys;

    public async Task RunAsync(Func<bool> isOn)
    {
        Begin();
        while (isOn())
        {
            if (!await StayAsync())
            {
                await PauseAsync(100);
                continue;
            }
            for (var round = Random.Next(4); round >= 0 && Generation >= 0; round--)
                await WorkAsync();
            if (!IsSteady && Random.Chance(0.06))
                await EndAsync();
            await PauseAsync(150);
        }
        await LeaveAsync();
        LetGo([.. Held]);
    }

    /// <summary>Joins or heartbeats. False: it is to be tried again.</summary>
    protected abstract Task<bool> StayAsync();

    protected abstract Task LeaveAsync();

    /// <summary>Asks the group's coordinator, as long as it is one and answers.</summary>
    protected async Task<TResponse?> AskAsync<TRequest, TResponse>(
        TRequest request, short version, Func<TResponse, KafkaError> errorOf, TimeSpan? patience = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        _coordinator ??= await client.CoordinatorAsync(CoordinatorType.Group, group);
        if (_coordinator is not { } broker)
            return null;
        var response = await client.AskAsync<TRequest, TResponse>(broker, request, version, patience);
        if (response is null || errorOf(response) is KafkaError.NotCoordinator or KafkaError.CoordinatorNotAvailable)
            _coordinator = null;
        return response;
    }

    protected void Take(IEnumerable<int> partitions)
    {
        int[] given = [.. partitions];
        book.Assigned(Life, Generation, given);
        foreach (var partition in given.Where(p => !_readers.ContainsKey(p)))
            _readers.Add(partition, new SimulatedReader(client, topic, partition) { Position = -1 });
    }

    protected void LetGo(IReadOnlyList<int> partitions)
    {
        book.LetGo(Life, partitions);
        foreach (var partition in partitions)
            _readers.Remove(partition);
    }

    /// <summary>It is no member any more, and knows it.</summary>
    protected void Lost()
    {
        LetGo([.. Held]);
        Generation = -1;
    }

    protected Task PauseAsync(int msMax) => Task.Delay(TimeSpan.FromMilliseconds(10 + Random.Next(msMax)), context.Clock);

    private void Begin() => (Life, MemberId, Generation) = (book.Begin(), "", -1);

    private async Task EndAsync()
    {
        if (Random.Chance(0.5))
            await LeaveAsync();
        LetGo([.. Held]);
        Begin();
    }

    private async Task WorkAsync()
    {
        foreach (var (partition, reader) in _readers.ToArray())
        {
            if (reader.Position < 0)
            {
                if (await FetchOffsetAsync(partition) is not { } offset)
                    return;
                reader.Position = offset;
            }
            var (_, _, records) = await reader.ReadAsync(maxWaitMs: 20);
            foreach (var (offset, _) in records)
                book.Shown(partition, offset);
            if (Random.Chance(0.5) && !await CommitAsync(partition, reader.Position))
                return;
        }
    }

    private async Task<long?> FetchOffsetAsync(int partition)
    {
        var floor = book.FloorOf(partition);
        var request = new OffsetFetchRequest
        {
            Groups = [new() { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [partition] }] }],
        };
        var response = await AskAsync<OffsetFetchRequest, OffsetFetchResponse>(request, 8, r => (KafkaError)r.Groups[0].ErrorCode);
        if (response?.Groups is not [{ ErrorCode: 0 } answer])
            return null;
        var offset = Math.Max(0, answer.Topics[0].Partitions[0].CommittedOffset);
        GroupBook.CheckFetched(partition, offset, floor);
        return offset;
    }

    // False: nobody knows what came of it. This life is over then, or it would commit less after it came more.
    private async Task<bool> CommitAsync(int partition, long offset)
    {
        // By a generation that is over, and less, so that it shows.
        var isStale = Generation > 1 && !IsSteady && Random.Chance(0.1);
        var generation = isStale ? Generation - 1 : Generation;
        var isOver = isStale || IsOver(generation);
        var request = new OffsetCommitRequest
        {
            GroupId = group, MemberId = MemberId, GenerationIdOrMemberEpoch = generation,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = isStale ? 0 : offset }] }],
        };
        var response = await AskAsync<OffsetCommitRequest, OffsetCommitResponse>(
            request, 9, r => (KafkaError)r.Topics[0].Partitions[0].ErrorCode);
        if (response is null)
        {
            LetGo([.. Held]);
            Begin();
            return false;
        }
        var error = (KafkaError)response.Topics[0].Partitions[0].ErrorCode;
        if (error != KafkaError.None)
            return true;
        if (isOver)
        {
            throw new CheckFailedException("stale", $"member {Life} committed offset {(isStale ? 0 : offset)} of partition {partition} by "
                + $"generation {generation}, when {book.Generation} was given out, and was not refused");
        }
        book.Committed(partition, offset);
        return true;
    }

    /// <summary>Whether a commit by this generation must be refused, whatever else is true.</summary>
    protected abstract bool IsOver(int generation);
}
