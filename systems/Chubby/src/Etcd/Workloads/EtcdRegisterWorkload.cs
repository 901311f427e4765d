using System.Globalization;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Keys as registers: clients of all members put, delete, read and swap them by transactions, read the past and compact it, while
/// everything fails. What they were answered must be one order of all that was asked; a revision means one thing for ever; nothing that was
/// acknowledged is lost; members come to one state.
/// </summary>
internal sealed class EtcdRegisterWorkload : ClientWorkload
{
    private const int TimeoutMs = 600;

    private static readonly string[] Keys = ["a", "b"];

    private readonly RevisionFacts _facts = new();
    private readonly List<(string Key, long Revision, long Read)> _pastReads = [];
    private SimulatedCluster _cluster = null!;
    private History<RegisterInput, RegisterOutput> _history = null!;

    public override string Name => "etcd-registers";

    public override FaultProfile Faults => new() { FaultsMax = 25 };

    public override TimeSpan FaultsDuring => TimeSpan.FromSeconds(5);

    protected override int ClientCount => 4;

    protected override TimeSpan Works => TimeSpan.FromSeconds(6);

    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        _cluster = new SimulatedCluster(World);
    }

    protected override async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = _cluster.ClientOf(context);
        var seen = Keys.ToDictionary(k => k, _ => (KeyValue?)null);
        for (var number = 1; IsOn; number++)
        {
            var key = random.Pick(Keys);
            var value = string.Create(CultureInfo.InvariantCulture, $"{id}.{number}");
            switch (random.Next(20))
            {
                case < 7:
                    seen[key] = (await ReadAsync(id, client, key, random.Chance(0.3)))?.FirstOrDefault();
                    break;
                case < 11:
                    await PutAsync(id, client, key, value);
                    break;
                case < 16:
                    await SwapAsync(id, client, key, seen[key], value, random);
                    break;
                case < 18:
                    await DeleteAsync(id, client, key);
                    break;
                case 18:
                    await ReadPastAsync(client, key, random);
                    break;
                default:
                    // Up to the latest revision, so that even its number lives on in nothing but the store's own count.
                    await client.AskAsync<CompactionResponse>(
                        "Compact", new CompactionRequest { Revision = Math.Max(1, _facts.Highest - random.Next(6)) }, TimeoutMs);
                    break;
            }
            await RestAsync(context, random, often: 0.6);
        }
    }

    private async Task PutAsync(int id, SimulatedEtcdClient client, string key, string value)
    {
        var call = _history.Call(id, RegisterInput.Write(key, value));
        var before = _facts.Highest;
        var answer = await client.AskAsync<PutResponse>(
            "Put", new PutRequest { Key = RevisionFacts.Bytes(key), Value = RevisionFacts.Bytes(value) }, TimeoutMs);
        if (answer.Response is { } response)
        {
            Written(response.Header, before, key, value);
            _history.Answer(call, default);
        }
        else if (!answer.IsUnknown)
        {
            _history.Discard(call);
        }
    }

    private async Task DeleteAsync(int id, SimulatedEtcdClient client, string key)
    {
        var call = _history.Call(id, RegisterInput.Write(key, null));
        var before = _facts.Highest;
        var answer = await client.AskAsync<DeleteRangeResponse>(
            "DeleteRange", new DeleteRangeRequest { Key = RevisionFacts.Bytes(key) }, TimeoutMs);
        if (answer.Response is { } response)
        {
            // Where nothing is deleted, nothing is changed.
            if (response.Deleted > 0)
                Written(response.Header, before, key, null);
            else
                _facts.Reached(response.Header.Revision, before);
            _history.Answer(call, default);
        }
        else if (!answer.IsUnknown)
        {
            _history.Discard(call);
        }
    }

    private async Task SwapAsync(
        int id, SimulatedEtcdClient client, string key, KeyValue? expected, string value, RandomStream random)
    {
        var compare = new Compare
        {
            Key = RevisionFacts.Bytes(key),
            Target = Compare.Types.CompareTarget.Mod,
            ModRevision = expected?.ModRevision ?? 0,
        };
        // Values are unique, so both say the same.
        if (expected is not null && random.Chance(0.5))
            (compare.Target, compare.Value) = (Compare.Types.CompareTarget.Value, expected.Value);
        var put = new PutRequest { Key = RevisionFacts.Bytes(key), Value = RevisionFacts.Bytes(value) };
        var txn = new TxnRequest
        {
            Compare = { compare },
            Success = { new RequestOp { RequestPut = put } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = put.Key } } },
        };
        var call = _history.Call(id, RegisterInput.CompareAndSet(key, expected?.Value.ToStringUtf8(), value));
        var before = _facts.Highest;
        var answer = await client.AskAsync<TxnResponse>("Txn", txn, TimeoutMs);
        if (answer.Response is { } response)
        {
            if (response.Succeeded)
                Written(response.Header, before, key, value);
            else
                _facts.Reached(response.Header.Revision, before);
            _history.Answer(call, new RegisterOutput(Swapped: response.Succeeded));
        }
        else if (!answer.IsUnknown)
        {
            _history.Discard(call);
        }
    }

    // By a range, or by a transaction that only reads.
    private async Task<IReadOnlyList<KeyValue>?> ReadAsync(int id, SimulatedEtcdClient client, string key, bool byTxn)
    {
        var call = _history.Call(id, RegisterInput.Read(key));
        var before = _facts.Highest;
        var range = new RangeRequest { Key = RevisionFacts.Bytes(key) };
        RangeResponse? response;
        if (byTxn)
        {
            var txn = new TxnRequest { Success = { new RequestOp { RequestRange = range } } };
            response = (await client.AskAsync<TxnResponse>("Txn", txn, TimeoutMs)).Response?.Responses[0].ResponseRange;
        }
        else
        {
            response = (await client.AskAsync<RangeResponse>("Range", range, TimeoutMs)).Response;
        }
        if (response is null)
        {
            _history.Discard(call);
            return null;
        }
        _facts.Reached(response.Header.Revision, before);
        foreach (var kv in response.Kvs)
            _facts.Saw(kv);
        _history.Answer(call, new RegisterOutput(response.Kvs.FirstOrDefault()?.Value.ToStringUtf8()));
        return response.Kvs;
    }

    private async Task ReadPastAsync(SimulatedEtcdClient client, string key, RandomStream random)
    {
        var revision = Math.Max(1, _facts.Highest - random.Next(20));
        var request = new RangeRequest { Key = RevisionFacts.Bytes(key), Revision = revision };
        if ((await client.AskAsync<RangeResponse>("Range", request, TimeoutMs)).Response is not { } response)
            return;
        Probe.Hit("etcd.past-reads");
        foreach (var kv in response.Kvs)
            _facts.Saw(kv);
        var read = response.Kvs.FirstOrDefault()?.ModRevision ?? 0;
        _pastReads.Add((key, revision, read));
        // Of a key that is not there nobody can say yet whether somebody deleted it.
        var known = _facts.Changes.LastOrDefault(c => c.Key <= revision && c.Value.ContainsKey(key)).Key;
        if (read > 0 && known > read)
            throw new CheckFailedException("etcd.past", $"'{key}' read at {revision} is of {read}, but {known} changed it");
    }

    private void CheckPastReads(KeyStore store)
    {
        foreach (var (key, revision, read) in _pastReads.Where(r => r.Revision >= store.CompactRevision))
        {
            var now = store.Live(RevisionFacts.Bytes(key), revision)?.Kv.ModRevision ?? 0;
            if (now != read)
                throw new CheckFailedException("etcd.past", $"'{key}' read at {revision} was of {read} once and is of {now} at the end");
        }
    }

    private void Written(ResponseHeader header, long before, string key, string? value)
    {
        _facts.Reached(header.Revision, before + 1);
        _facts.Acknowledged(header.Revision, key, value);
        Probe.Hit("etcd.writes");
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        await using var client = _cluster.ClientOf(judge);
        foreach (var key in Keys)
            await SimulatedCluster.MustAsync(judge, () => ReadAsync(0, client, key, byTxn: false));
        var store = (await _cluster.ConvergeAsync(judge)).Keys;
        _facts.CheckKept(store);
        CheckPastReads(store);
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }
}
