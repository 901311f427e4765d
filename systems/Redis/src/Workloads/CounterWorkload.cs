using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Redis;

/// <summary>
/// The smallest workload, to read first: clients add to two counters while the server crashes with torn writes, above all in the middle
/// of a sync, and connections are reset between request and reply. An addition may be lost only if its client was not answered, and none
/// may count twice: the sums that INCRBY and GET answered, and those found at the end, are those of some order of all additions.
/// </summary>
internal sealed class CounterWorkload : ClientWorkload
{
    private const int TimeoutMs = 300;

    private static readonly string[] Counters = ["orders", "visits"];

    private NodeEndPoint _server = null!;
    private History<CounterInput, long> _history = null!;

    /// <inheritdoc/>
    public override string Name => "redis-counters";

    /// <inheritdoc/>
    public override FaultProfile Faults =>
        new() { Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk, FaultKind.Reset] };

    /// <inheritdoc/>
    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        var options = new RedisOptions { AppendOnly = true, AppendFsync = AppendFsync.Always };
        var node = new RedisSystem(options).Nodes[0];
        World.AddNode(node);
        _server = new NodeEndPoint(node.Name, node.Port);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var redis = new SimulatedClient(client, _server);
        while (IsOn)
        {
            if (random.Chance(0.3))
                await ReadAsync(id, redis, random.Pick(Counters));
            else
                await AddAsync(id, redis, random.Pick(Counters), 1 + random.Next(9));
            await RestAsync(client, random);
        }
    }

    private async Task AddAsync(int id, SimulatedClient client, string counter, long amount)
    {
        var call = _history.Call(id, new CounterInput(counter, amount));
        Settle(call, await client.AskAsync(TimeoutMs, "INCRBY", counter, amount.ToString(CultureInfo.InvariantCulture)));
    }

    // A reader must not see a sum that a crash can take back.
    private async Task<bool> ReadAsync(int id, SimulatedClient client, string counter)
    {
        var call = _history.Call(id, new CounterInput(counter, 0));
        return Settle(call, await client.AskAsync(TimeoutMs, "GET", counter));
    }

    private bool Settle(HistoryOperation<CounterInput, long> call, SimulatedReply reply)
    {
        if (reply.IsDone)
            _history.Answer(call, long.Parse(reply.Text ?? "0", CultureInfo.InvariantCulture));
        else if (reply.IsRefused)
            _history.Discard(call);
        return reply.IsDone;
    }

    /// <inheritdoc/>
    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_history.Operations.Count(o => o.HasOutput));
        await using var client = new SimulatedClient(judge, _server);
        foreach (var counter in Counters)
        {
            if (!await ReadAsync(0, client, counter))
                throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
        }
        LinearizabilityChecker.Check(new CounterModel(), _history).ThrowUnlessLinearizable();
    }
}
