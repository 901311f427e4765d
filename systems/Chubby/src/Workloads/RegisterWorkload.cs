using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby;

/// <summary>
/// Nodes as registers: clients of all members create, delete and read them (sync, then getData) while members crash, are cut off and
/// slow. What they were answered must be one order of all that was asked, and nothing acknowledged may be lost.
/// </summary>
internal sealed class RegisterWorkload : ClientWorkload
{
    private const int TimeoutMs = 800;

    private static readonly string[] Paths = ["/a", "/b"];

    private NodeEndPoint[] _members = [];
    private History<RegisterInput, RegisterOutput> _history = null!;

    public override string Name => "chubby-registers";

    public override FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow,
            FaultKind.ClockDrift, FaultKind.ClockJump, FaultKind.SlowDisk],
    };

    protected override TimeSpan Works => TimeSpan.FromSeconds(6);

    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        var random = World.Seed.Stream("chubby/options");
        var system = new ChubbySystem(new ChubbyOptions
        {
            Replicas = random.Pick([3, 3, 5]),
            SnapCount = random.Pick([6, 30, 100_000]),
            TickTime = 2_000,
        });
        foreach (var node in system.Nodes)
            World.AddNode(node);
        _members = [.. system.Nodes.Select(n => new NodeEndPoint(n.Name, n.Port))];
    }

    protected override async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = new SimulatedClient(context, _members);
        for (var number = 1; IsOn; number++)
        {
            var path = random.Pick(Paths);
            if (random.Chance(0.4))
                await ReadAsync(id, client, path);
            else if (random.Chance(0.4))
                await DeleteAsync(id, client, path);
            else
                await CreateAsync(id, client, path, $"{id}.{number}");
            await RestAsync(context, random);
        }
    }

    private async Task CreateAsync(int id, SimulatedClient client, string path, string value)
    {
        var call = _history.Call(id, RegisterInput.CompareAndSet(path, null, value));
        var (error, _, sent) = await client.AskAsync(TimeoutMs, OpCode.Create, w =>
        {
            w.String(path);
            w.Buffer(Encoding.UTF8.GetBytes(value));
            w.Acl(AclEntry.Open);
            w.Int(0);
        });
        if (error is ZooError.Ok or ZooError.NodeExists)
            Answered(call, new RegisterOutput(Swapped: error == ZooError.Ok));
        else if (error is not null || !sent)
            _history.Discard(call);
    }

    private async Task DeleteAsync(int id, SimulatedClient client, string path)
    {
        var call = _history.Call(id, RegisterInput.Write(path, null));
        var (error, _, sent) = await client.AskAsync(TimeoutMs, OpCode.Delete, w =>
        {
            w.String(path);
            w.Int(-1);
        });
        // A node that is not there is as good as deleted.
        if (error is ZooError.Ok or ZooError.NoNode)
            Answered(call, default);
        else if (error is not null || !sent)
            _history.Discard(call);
    }

    private async Task<bool> ReadAsync(int id, SimulatedClient client, string path)
    {
        var call = _history.Call(id, RegisterInput.Read(path));
        var (error, body) = await SyncAndGetAsync(client, path);
        if (error is not (ZooError.Ok or ZooError.NoNode))
        {
            _history.Discard(call);
            return false;
        }
        Answered(call, new RegisterOutput(error == ZooError.Ok ? Encoding.UTF8.GetString(new JuteReader(body).Buffer()!) : null));
        return true;
    }

    private static async Task<(ZooError? Error, byte[] Body)> SyncAndGetAsync(SimulatedClient client, string path)
    {
        var (synced, _, _) = await client.AskAsync(TimeoutMs, OpCode.Sync, w => w.String(path));
        if (synced != ZooError.Ok)
            return (null, []);
        // If the connection broke in between, the next one may be to a member that is behind: but that member has agreed on its session.
        var (error, body, _) = await client.AskAsync(TimeoutMs, OpCode.GetData, w =>
        {
            w.String(path);
            w.Bool(false);
        });
        return (error, body);
    }

    private void Answered(HistoryOperation<RegisterInput, RegisterOutput> call, RegisterOutput output)
    {
        Probe.Hit(call.Input.Call == RegisterCall.Read ? "chubby.node-reads" : "chubby.node-changes");
        _history.Answer(call, output);
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        await using var client = new SimulatedClient(judge, _members);
        foreach (var path in Paths)
        {
            for (var attempt = 0; !await ReadAsync(0, client, path); attempt++)
            {
                if (attempt == 40)
                    throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
                await Task.Delay(TimeSpan.FromMilliseconds(100), judge.Clock);
            }
        }
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }
}
