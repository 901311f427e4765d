using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Redis;

/// <summary>
/// One Redis with <c>appendfsync always</c> that crashes with torn writes while clients work. What must hold: registers (SET, GET, and
/// compare-and-set by WATCH) and a counter are linearizable, crashes included; what RPUSH acknowledged is in the list, once, in order;
/// a transaction is there whole or not at all; BLPOP hands each element to at most one client.
/// </summary>
internal sealed class DurableRedisWorkload : ClientWorkload
{
    private const string Pushed = "log";

    private static readonly string[] Registers = ["a", "b"];

    private readonly HashSet<string> _popped = [];
    // Snapshots in the smallest slices, so that clients write in between.
    private readonly RedisOptions _options = new()
    {
        AppendOnly = true,
        AppendFsync = AppendFsync.Always,
        SnapshotKeys = 1,
        SnapshotSyncBytes = 1,
    };

    private NodeEndPoint _server = null!;
    private History<RegisterInput, RegisterOutput> _registers = null!;
    private History<CounterInput, long> _counter = null!;
    private DurabilityChecker<string> _log = null!;

    /// <inheritdoc/>
    public override string Name => "redis-durable";

    /// <inheritdoc/>
    protected override int ClientCount => 4;

    /// <inheritdoc/>
    protected override void AddNodes()
    {
        _registers = new(() => World.Now);
        _counter = new(() => World.Now);
        _log = new(() => World.Now);
        foreach (var node in new RedisSystem(_options).Nodes)
        {
            World.AddNode(node);
            _server = new NodeEndPoint(node.Name, node.Port);
        }
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = new SimulatedClient(context, _server);
        for (var i = 0; IsOn; i++)
        {
            var key = Registers[random.Next(Registers.Length)];
            var value = string.Create(CultureInfo.InvariantCulture, $"{id}.{i}");
            switch (random.Next(30))
            {
                case < 9:
                    await ReadAsync(id, client, key);
                    break;
                case < 15:
                    await WriteAsync(id, client, key, value);
                    break;
                case < 18:
                    await SwapAsync(id, client, key, value);
                    break;
                case < 23:
                    await CountAsync(id, client, 1 + random.Next(9));
                    break;
                case < 25:
                    await PushAsync(client, value);
                    break;
                case < 27:
                    await MoveAsync(client, value);
                    break;
                case 27:
                    await client.AskAsync(300, random.Chance(0.7) ? "BGREWRITEAOF" : "BGSAVE");
                    break;
                default:
                    await QueueAsync(client, value, random.Chance(0.5));
                    break;
            }
            await RestAsync(context, random);
        }
    }

    private async Task ReadAsync(int id, SimulatedClient client, string key) =>
        Settle(_registers, _registers.Call(id, RegisterInput.Read(key)), await client.AskAsync(300, "GET", key), t =>
            new RegisterOutput(t));

    private async Task WriteAsync(int id, SimulatedClient client, string key, string value) =>
        Settle(_registers, _registers.Call(id, RegisterInput.Write(key, value)), await client.AskAsync(300, "SET", key, value), _ =>
            default);

    // WATCH, GET, MULTI, SET, EXEC. A nil says that somebody wrote since WATCH, maybe before GET: nothing about the value that was read.
    private async Task SwapAsync(int id, SimulatedClient client, string key, string value)
    {
        if (!(await client.AskAsync(300, "WATCH", key)).IsDone || await client.AskAsync(300, "GET", key) is not { IsDone: true } read
            || !(await client.AskAsync(300, "MULTI")).IsDone || !(await client.AskAsync(300, "SET", key, value)).IsDone)
        {
            await client.DisposeAsync();
            return;
        }
        Probe.Hit("redis/swap");
        var swap = _registers.Call(id, RegisterInput.CompareAndSet(key, read.Text, value));
        var reply = await client.AskAsync(300, "EXEC");
        if (reply is { IsDone: true, Text: null })
            _registers.Discard(swap);
        else
            Settle(_registers, swap, reply, _ => new RegisterOutput(Swapped: true));
    }

    private async Task CountAsync(int id, SimulatedClient client, int amount) =>
        Settle(_counter, _counter.Call(id, new CounterInput("sum", amount)),
            await client.AskAsync(300, "INCRBY", "sum", amount.ToString(CultureInfo.InvariantCulture)),
            t => long.Parse(t!, CultureInfo.InvariantCulture));

    private async Task PushAsync(SimulatedClient client, string value)
    {
        _log.Begin(value);
        var reply = await client.AskAsync(300, "RPUSH", Pushed, value);
        if (reply.IsDone)
            _log.Acknowledge(value);
        else if (reply.IsRefused)
            _log.Refuse(value);
    }

    private static async Task MoveAsync(SimulatedClient client, string value)
    {
        if (!(await client.AskAsync(300, "MULTI")).IsDone || !(await client.AskAsync(300, "RPUSH", "left", value)).IsDone
            || !(await client.AskAsync(300, "RPUSH", "right", value)).IsDone || !(await client.AskAsync(300, "EXEC")).IsDone)
            await client.DisposeAsync();
    }

    private async Task QueueAsync(SimulatedClient client, string value, bool push)
    {
        if (push)
        {
            await client.AskAsync(300, "RPUSH", "queue", value);
            return;
        }
        var reply = await client.AskAsync(600, "BLPOP", "queue", "0.2");
        if (!reply.IsDone || reply.Text is null)
            return;
        Probe.Hit("redis/popped");
        if (!_popped.Add(reply.Text))
            throw new CheckFailedException("delivered-twice", $"{reply.Text} was popped twice");
    }

    /// <inheritdoc/>
    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_log.AcknowledgedCount + _registers.Operations.Count(o => o.HasOutput));
        await using var client = new SimulatedClient(judge, _server);
        foreach (var key in Registers)
            await ReadAsync(0, client, key);
        await CountAsync(0, client, 0);
        _log.ThrowUnlessKept(Elements(await client.AskAsync(5000, "LRANGE", Pushed, "0", "-1")));
        var (left, right) = (await client.AskAsync(5000, "LRANGE", "left", "0", "-1"),
            await client.AskAsync(5000, "LRANGE", "right", "0", "-1"));
        if (left != right)
            throw new CheckFailedException("half-a-transaction", $"left has {left.Text}\nright has {right.Text}");
        foreach (var left2 in Elements(await client.AskAsync(5000, "LRANGE", "queue", "0", "-1")))
        {
            if (_popped.Contains("queue," + left2))
                throw new CheckFailedException("delivered-twice", $"{left2} was popped and is still there");
        }
        LinearizabilityChecker.Check(new RegisterModel(), _registers).ThrowUnlessLinearizable();
        LinearizabilityChecker.Check(new CounterModel(), _counter).ThrowUnlessLinearizable();
    }

    private static string[] Elements(SimulatedReply reply) =>
        !reply.IsDone ? throw new CheckFailedException("unavailable", $"no answer although nothing fails any more: {reply}")
            : string.IsNullOrEmpty(reply.Text) ? [] : reply.Text.Split(',');

    private static void Settle<TInput, TOutput>(History<TInput, TOutput> history, HistoryOperation<TInput, TOutput> operation,
        SimulatedReply reply, Func<string?, TOutput> output)
    {
        if (reply.IsDone)
            history.Answer(operation, output(reply.Text));
        else if (reply.IsRefused)
            history.Discard(operation);
    }
}
