using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Redis;

/// <summary>
/// The smallest workload, to read first: clients add to two counters while the server crashes with torn writes, above all in the middle
/// of a sync, and connections are reset between request and reply. An addition may be lost only if its client was not answered, and none
/// may count twice: the sums that INCRBY and GET answered, and those found at the end, are those of some order of all additions.
/// </summary>
internal sealed class CounterWorkload : IWorkload
{
    private const int ClientCount = 3;
    private const int TimeoutMs = 300;

    private static readonly string[] Counters = ["orders", "visits"];

    private readonly List<NodeContext> _clients = [];
    private NodeContext _judge = null!;
    private NodeEndPoint _server = null!;
    private SimulatedWorld _world = null!;
    private History<CounterInput, long> _history = null!;

    /// <inheritdoc/>
    public string Name => "redis-counters";

    /// <inheritdoc/>
    public FaultProfile Faults =>
        new() { Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk, FaultKind.Reset] };

    private bool IsOn => _world.Now < TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _history = new(() => world.Now);
        var options = new RedisOptions { AppendOnly = true, AppendFsync = AppendFsync.Always };
        var node = new RedisSystem(options).Nodes[0];
        world.AddNode(node);
        _server = new NodeEndPoint(node.Name, node.Port);
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    /// <inheritdoc/>
    public Task RunAsync(SimulatedWorld world) =>
        Task.WhenAll(_clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work")))));

    /// <inheritdoc/>
    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = new SimulatedClient(context, _server);
        while (IsOn)
        {
            if (random.Chance(0.3))
                await ReadAsync(id, client, random.Pick(Counters));
            else
                await AddAsync(id, client, random.Pick(Counters), 1 + random.Next(9));
            // In bursts, with rests.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.5) ? 10 : 200)), context.Clock);
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

    private async Task JudgeAsync()
    {
        if (!_history.Operations.Any(o => o.HasOutput))
            throw new CheckFailedException("idle", "not one request was answered");
        await using var client = new SimulatedClient(_judge, _server);
        foreach (var counter in Counters)
        {
            if (!await ReadAsync(0, client, counter))
                throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
        }
        LinearizabilityChecker.Check(new CounterModel(), _history).ThrowUnlessLinearizable();
    }
}
