using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Clients hold leases of two seconds, stand in line for a lock and for an election, write under them what only their holder may write, let
/// go, or go away. What must hold: nobody owns a name while an older key of it lives; what is written under a lock that somebody has
/// taken since is refused; a lease lasts as long as it was promised, and ends when nobody keeps it alive; who asks for the leader is told
/// of nobody who was replaced before.
/// </summary>
internal sealed class EtcdLockWorkload : IWorkload
{
    private const int ClientCount = 4;
    private const int TtlSeconds = 2;
    private const int TimeoutMs = 600;
    private const string LockName = "lock";
    private const string ElectionName = "boss";

    private static readonly TimeSpan Works = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(12);

    private readonly List<NodeContext> _clients = [];
    private readonly Dictionary<string, (long Token, int Client)> _newest = new() { [LockName] = default, [ElectionName] = default };
    private NodeContext _observer = null!;
    private NodeContext _judge = null!;
    private SimulatedWorld _world = null!;
    private SimulatedCluster _cluster = null!;

    public string Name => "etcd-locks";

    public FaultProfile Faults => new() { FaultsMax = 25, OutageMsMax = 2_500 };

    public TimeSpan FaultsDuring => TimeSpan.FromSeconds(11);

    private bool IsOn => _world.Now < Works;

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _cluster = new SimulatedCluster(world);
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _observer = world.AddClient("observer");
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world) => Task.WhenAll(
    [
        .. _clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work")))),
        world.RunAsync(_observer, ObserveAsync),
    ]);

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        while (IsOn)
        {
            await using var client = _cluster.ClientOf(context);
            var sent = _world.Now;
            var granted = await client.AskAsync<LeaseGrantResponse>("LeaseGrant", new LeaseGrantRequest { TTL = TtlSeconds }, TimeoutMs);
            if (granted.Response is { } response)
            {
                var lease = new HeldLease(response.ID, sent + TimeSpan.FromSeconds(response.TTL));
                await SessionAsync(id, client, lease, context, random);
            }
            await PauseAsync(context, random.Next(100));
        }
    }

    // Some keep their lease alive with little time to spare, some forget it.
    private async Task SessionAsync(int id, SimulatedEtcdClient client, HeldLease lease, NodeContext context, RandomStream random)
    {
        using var over = new CancellationTokenSource();
        var everyMs = random.Pick([200, 700, 1_900, 2_000]);
        var keeping = KeepAsync(lease, context, everyMs, over.Token);
        var name = random.Chance(0.6) ? LockName : ElectionName;
        for (var left = 1 + random.Next(4); left > 0 && IsOn && !lease.IsGivenUp; left--)
        {
            if (!await HoldAsync(id, client, lease, name, context, random))
                break;
        }
        // Gone without a word, or in order; and who goes in order may learn that it has gone before.
        if (random.Chance(0.4) && !lease.IsGivenUp)
        {
            await PauseAsync(context, random.Next(1_500));
            await LookAsync(client, lease);
        }
        over.Cancel();
        await keeping;
        if (!random.Chance(0.4))
            return;
        lease.IsGivenUp = true;
        await client.AskAsync<LeaseRevokeResponse>("LeaseRevoke", new LeaseRevokeRequest { ID = lease.Id }, TimeoutMs);
    }

    private async Task KeepAsync(HeldLease lease, NodeContext context, int everyMs, CancellationToken over)
    {
        await using var client = _cluster.ClientOf(context, "keep-alive");
        while (!over.IsCancellationRequested && !lease.IsGivenUp)
        {
            try
            {
                using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(TimeoutMs), context.Clock);
                var stream = await client.OpenAsync("LeaseKeepAlive", deadline.Token);
                while (!over.IsCancellationRequested && !lease.IsGivenUp)
                {
                    using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(TimeoutMs), context.Clock);
                    var sent = _world.Now;
                    stream.Send(new LeaseKeepAliveRequest { ID = lease.Id });
                    if (await stream.NextAsync(patience.Token) is not LeaseKeepAliveResponse response)
                        break;
                    if (response.TTL > 0)
                        lease.Renewed(sent, response.TTL);
                    else
                        lease.Ended(_world.Now, "a keep-alive was told");
                    await Task.Delay(TimeSpan.FromMilliseconds(everyMs), context.Clock, over);
                }
            }
            catch (Exception e) when (CallFrames.IsConnectionError(e))
            {
            }
            await client.DisposeAsync();
            await PauseAsync(context, 20);
        }
    }

    private async Task LookAsync(SimulatedEtcdClient client, HeldLease lease)
    {
        var request = new LeaseTimeToLiveRequest { ID = lease.Id };
        var answer = await client.AskAsync<LeaseTimeToLiveResponse>("LeaseTimeToLive", request, TimeoutMs);
        // A member that does not lead may have lost count of how much is left; the granted time tells whether there is a lease.
        if (answer.Response is { GrantedTTL: 0 })
            lease.Ended(_world.Now, "a look at it found nothing");
    }

    // False where its outcome is not known: then the line is not entered again with the same lease.
    private async Task<bool> HoldAsync(
        int id, SimulatedEtcdClient client, HeldLease lease, string name, NodeContext context, RandomStream random)
    {
        if (await EnterAsync(client, lease, name, random) is not { } key)
            return false;
        if (await OwnedAsync(client, lease, name, key) is not { } token)
            return false;
        if (_newest[name].Token == token && _newest[name].Client != id)
            throw new CheckFailedException("etcd.lock", $"revision {token} of '{name}' is the key of two clients");
        if (token > _newest[name].Token)
            _newest[name] = (token, id);
        Probe.Hit(name == LockName ? "etcd.locks" : "etcd.elections");
        for (var left = random.Next(5); left > 0; left--)
        {
            await PauseAsync(context, random.Next(random.Chance(0.2) ? 1_500 : 60));
            if (!await WriteGuardedAsync(client, lease, name, key, token))
                return false;
        }
        if (random.Chance(0.3))
            return false;
        return await LeaveAsync(client, lease, name, key, token);
    }

    private static async Task<ByteString?> EnterAsync(SimulatedEtcdClient client, HeldLease lease, string name, RandomStream random)
    {
        // Patience differs: who gives up leaves the line, from its middle too.
        var patienceMs = random.Pick([500, 3_000, 6_000]);
        var bytes = RevisionFacts.Bytes(name);
        if (name == LockName)
        {
            var locked = await client.AskAsync<LockResponse>("Lock", new LockRequest { Name = bytes, Lease = lease.Id }, patienceMs);
            return locked.Response?.Key;
        }
        var request = new CampaignRequest { Name = bytes, Lease = lease.Id, Value = RevisionFacts.Bytes("first") };
        return (await client.AskAsync<CampaignResponse>("Campaign", request, patienceMs)).Response?.Leader.Key;
    }

    // The revision at which the key was created fences. Whoever stood before must be gone: older keys cannot come later.
    private async Task<long?> OwnedAsync(SimulatedEtcdClient client, HeldLease lease, string name, ByteString key)
    {
        var prefix = KeyRange.Prefix(RevisionFacts.Bytes(name + "/"));
        var answer = await client.AskAsync<RangeResponse>("Range", new RangeRequest { Key = prefix.Key, RangeEnd = prefix.End }, TimeoutMs);
        if (answer.Response is not { } response)
            return null;
        if (response.Kvs.FirstOrDefault(kv => kv.Key == key) is not { } own)
        {
            lease.Ended(_world.Now, $"the key under '{name}' was gone");
            return null;
        }
        if (response.Kvs.FirstOrDefault(kv => kv.CreateRevision < own.CreateRevision) is { } older)
        {
            throw new CheckFailedException("etcd.lock",
                $"'{name}' was given to revision {own.CreateRevision} while {older.CreateRevision} stands before it");
        }
        return own.CreateRevision;
    }

    private async Task<bool> WriteGuardedAsync(SimulatedEtcdClient client, HeldLease lease, string name, ByteString key, long token)
    {
        var before = _newest[name].Token;
        bool isDone;
        if (name == LockName)
        {
            var put = new PutRequest { Key = RevisionFacts.Bytes("guarded"), Value = key };
            var txn = new TxnRequest
            {
                Compare = { OwnerQueue.IsCreatedAt(key, token) }, Success = { new RequestOp { RequestPut = put } },
            };
            if ((await client.AskAsync<TxnResponse>("Txn", txn, TimeoutMs)).Response is not { } response)
                return false;
            isDone = response.Succeeded;
        }
        else
        {
            var leader = new LeaderKey { Name = RevisionFacts.Bytes(name), Key = key, Rev = token, Lease = lease.Id };
            var request = new ProclaimRequest { Leader = leader, Value = RevisionFacts.Bytes($"{_world.Now}") };
            var answer = await client.AskAsync<ProclaimResponse>("Proclaim", request, TimeoutMs);
            if (answer.IsUnknown || answer is { Response: null, Refusal: null })
                return false;
            isDone = answer.Response is not null;
        }
        if (isDone && token < before)
            throw new CheckFailedException("etcd.lock", $"revision {token} of '{name}' wrote although {before} had taken over before");
        Probe.Hit("etcd.guarded-writes");
        if (!isDone)
            lease.Ended(_world.Now, $"a write under '{name}' was refused");
        return isDone;
    }

    private async Task<bool> LeaveAsync(SimulatedEtcdClient client, HeldLease lease, string name, ByteString key, long token)
    {
        if (name == LockName)
            return (await client.AskAsync<UnlockResponse>("Unlock", new UnlockRequest { Key = key }, TimeoutMs)).Response is not null;
        var leader = new LeaderKey { Name = RevisionFacts.Bytes(name), Key = key, Rev = token, Lease = lease.Id };
        return (await client.AskAsync<ResignResponse>("Resign", new ResignRequest { Leader = leader }, TimeoutMs)).Response is not null;
    }

    // Asks who leads, and follows who does: neither goes back.
    private async Task ObserveAsync()
    {
        await using var client = _cluster.ClientOf(_observer);
        var request = new LeaderRequest { Name = RevisionFacts.Bytes(ElectionName) };
        var told = (Created: 0L, Changed: 0L);
        while (IsOn)
        {
            var before = _newest[ElectionName].Token;
            var answer = await client.AskAsync<LeaderResponse>("Leader", request, TimeoutMs);
            if (answer.Response is { } leader && leader.Kv.CreateRevision < before)
            {
                throw new CheckFailedException("etcd.leader",
                    $"revision {leader.Kv.CreateRevision} is said to lead although {before} had taken over before");
            }
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(TimeoutMs), _observer.Clock);
                var stream = await client.OpenAsync("Observe", patience.Token);
                stream.Send(request);
                while (IsOn && await stream.NextAsync(patience.Token) is LeaderResponse { Kv: var kv })
                {
                    if ((kv.CreateRevision, kv.ModRevision).CompareTo(told) < 0)
                        throw new CheckFailedException("etcd.observe", $"{kv} is told behind {told}");
                    told = (kv.CreateRevision, kv.ModRevision);
                    Probe.Hit("etcd.observed");
                }
            }
            catch (Exception e) when (CallFrames.IsConnectionError(e))
            {
            }
            await client.DisposeAsync();
            await PauseAsync(_observer, 50);
        }
    }

    // Nobody keeps anything alive any more: all leases end, and with them all that hangs on them.
    private async Task JudgeAsync()
    {
        await using var client = _cluster.ClientOf(_judge);
        var end = _world.Now + EndedWithin;
        while (true)
        {
            var leases = await SimulatedCluster.MustAsync(_judge, async () =>
                (await client.AskAsync<LeaseLeasesResponse>("LeaseLeases", new LeaseLeasesRequest(), TimeoutMs)).Response);
            if (leases.Leases.Count == 0)
                break;
            if (_world.Now > end)
                throw new CheckFailedException("etcd.lease.never", $"{leases.Leases.Count} leases do not end although nobody renews them");
            await PauseAsync(_judge, 200);
        }
        foreach (var name in _newest.Keys)
        {
            var prefix = KeyRange.Prefix(RevisionFacts.Bytes(name + "/"));
            var left = await SimulatedCluster.MustAsync(_judge, async () => (await client.AskAsync<RangeResponse>(
                "Range", new RangeRequest { Key = prefix.Key, RangeEnd = prefix.End }, TimeoutMs)).Response);
            if (left.Kvs.Count > 0)
                throw new CheckFailedException("etcd.lease.keys", $"{left.Kvs[0].Key.ToStringUtf8()} outlives its lease");
        }
        await _cluster.ConvergeAsync(_judge);
    }

    private static Task PauseAsync(NodeContext client, int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), client.Clock);
}
