using System.Globalization;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Clients write while others watch, go to another member in the middle and go on from where they were, and the past is compacted under
/// them. A watch sees each change once, in order, those of a revision together, with no gap but one that it is told of.
/// </summary>
internal sealed class EtcdWatchWorkload : IWorkload
{
    private const int WriterCount = 3;
    private const int WatcherCount = 2;
    private const int TimeoutMs = 600;

    private static readonly string[] Keys = ["w/a", "w/b", "w/c"];
    private static readonly TimeSpan Works = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(20);

    private readonly List<NodeContext> _writers = [];
    private readonly List<NodeContext> _watchers = [];
    private readonly List<WatchedRange> _watched = [];
    private readonly RevisionFacts _facts = new();
    private NodeContext _judge = null!;
    private SimulatedWorld _world = null!;
    private SimulatedCluster _cluster = null!;
    private long _last = long.MaxValue;

    public string Name => "etcd-watches";

    public FaultProfile Faults => new() { FaultsMax = 25 };

    public TimeSpan FaultsDuring => TimeSpan.FromSeconds(5);

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _cluster = new SimulatedCluster(world);
        for (var i = 1; i <= WriterCount; i++)
            _writers.Add(world.AddClient($"writer-{i}"));
        for (var i = 1; i <= WatcherCount; i++)
            _watchers.Add(world.AddClient($"watcher-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world)
    {
        // These go on until they have seen what the judge writes last.
        foreach (var watcher in _watchers)
            _ = world.RunAsync(watcher, () => GuardAsync(watcher));
        return Task.WhenAll(_writers.Select((c, i) => world.RunAsync(c, () => WriteAsync(i + 1, c, c.Seed.Stream("work")))));
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private async Task WriteAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = _cluster.ClientOf(context);
        for (var number = 1; _world.Now < Works; number++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"{id}.{number}");
            if (random.Chance(0.08))
            {
                await client.AskAsync<CompactionResponse>(
                    "Compact", new CompactionRequest { Revision = Math.Max(1, _facts.Highest - random.Next(8)) }, TimeoutMs);
            }
            else
            {
                await ChangeAsync(client, value, random);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.7) ? 10 : 250)), context.Clock);
        }
    }

    // Several keys at once, of which some are deleted.
    private async Task ChangeAsync(SimulatedEtcdClient client, string value, RandomStream random)
    {
        var keys = Keys.Where(_ => random.Chance(0.5)).ToDictionary(k => k, _ => random.Chance(0.3) ? null : value);
        if (keys.Count == 0)
            return;
        var txn = new TxnRequest();
        foreach (var (key, written) in keys)
        {
            var bytes = RevisionFacts.Bytes(key);
            txn.Success.Add(written is null
                ? new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = bytes } }
                : new RequestOp { RequestPut = new PutRequest { Key = bytes, Value = RevisionFacts.Bytes(written) } });
        }
        var before = _facts.Highest;
        if ((await client.AskAsync<TxnResponse>("Txn", txn, TimeoutMs)).Response is not { } response)
            return;
        _facts.Reached(response.Header.Revision, before);
        foreach (var ((key, written), done) in keys.Zip(response.Responses))
        {
            if (done.ResponseDeleteRange is not { Deleted: 0 })
                _facts.Acknowledged(response.Header.Revision, key, written);
        }
        Probe.Hit("etcd.writes");
    }

    // A failed check ends the run wherever it is made.
    private async Task GuardAsync(NodeContext context)
    {
        try
        {
            await WatchAsync(context, context.Seed.Stream("work"));
        }
        catch (CheckFailedException e)
        {
            _failure ??= e;
        }
    }

    private CheckFailedException? _failure;

    private async Task WatchAsync(NodeContext context, RandomStream random)
    {
        await using var client = _cluster.ClientOf(context);
        WatchedRange[] ranges =
        [
            new(1, KeyRange.Prefix(RevisionFacts.Bytes("w/")), _facts) { WantsPrevious = random.Chance(0.5) },
            new(2, KeyRange.One(RevisionFacts.Bytes(Keys[0])), _facts) { WantsPrevious = true },
        ];
        _watched.AddRange(ranges);
        while (ranges.Any(r => r.Next <= _last))
        {
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(TimeoutMs), context.Clock);
                var stream = await client.OpenAsync("Watch", patience.Token);
                foreach (var range in ranges)
                    stream.Send(new WatchRequest { CreateRequest = range.Request() });
                // Most stay for a while, some go at once; who has seen nothing for long may be at a member that is cut off.
                await FollowAsync(stream, ranges, context, random);
            }
            catch (Exception e) when (CallFrames.IsConnectionError(e))
            {
            }
            await client.DisposeAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.5) ? 20 : 400)), context.Clock);
        }
    }

    private async Task FollowAsync(SimulatedStream stream, WatchedRange[] ranges, NodeContext context, RandomStream random)
    {
        for (var left = 1 + random.Next(60); left > 0 && ranges.Any(r => r.Next <= _last); left--)
        {
            if (random.Chance(0.1))
                stream.Send(new WatchRequest { ProgressRequest = new WatchProgressRequest() });
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(1_500), context.Clock);
            if (await stream.NextAsync(patience.Token) is not WatchResponse response)
                return;
            foreach (var range in ranges.Where(r => response.WatchId == r.Id || response.WatchId == -1))
                range.Take(response);
            // A watch that fell behind a compaction has ended: it begins anew, with the others.
            if (response.Canceled)
                return;
        }
    }

    private async Task JudgeAsync()
    {
        await using var client = _cluster.ClientOf(_judge);
        var put = new PutRequest { Key = RevisionFacts.Bytes(Keys[0]), Value = RevisionFacts.Bytes("last") };
        var done = await SimulatedCluster.MustAsync(
            _judge, async () => (await client.AskAsync<PutResponse>("Put", put, TimeoutMs)).Response);
        _facts.Acknowledged(done.Header.Revision, Keys[0], "last");
        _last = done.Header.Revision;
        var end = _world.Now + SeenWithin;
        while (_failure is null && _watched.Any(w => w.Next <= _last))
        {
            if (_world.Now > end)
                throw new CheckFailedException("etcd.watch.behind", $"a watch is at {_watched.Min(w => w.Next)}, the store at {_last}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), _judge.Clock);
        }
        if (_failure is not null)
            throw _failure;
        _facts.CheckKept((await _cluster.ConvergeAsync(_judge)).Keys);
        foreach (var watched in _watched)
            watched.CheckComplete(_last);
    }
}
