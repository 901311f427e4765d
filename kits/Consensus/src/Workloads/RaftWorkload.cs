using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>
/// Clients read, write and swap registers of a group whose members crash, are cut off, come and go. Reads go by lease or by read index, to
/// the leader or to a follower, as the seed says.
/// </summary>
internal sealed class RaftWorkload(RaftPlan plan) : IWorkload
{
    private const int ClientCount = 4;
    private static readonly string[] Keys = ["a", "b"];
    private const int DriftPpm = 250_000;
    private static readonly FaultKind[] Drifting = [FaultKind.ClockDrift, FaultKind.Partition];
    private static readonly FaultKind[] Crashing = [FaultKind.Crash, FaultKind.Partition, FaultKind.OneWay];
    private static readonly FaultKind[] Electing =
        [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow];

    private static readonly TimeSpan Works = TimeSpan.FromSeconds(3.5);

    private readonly List<NodeContext> _clients = [];
    private readonly RaftObserver _observer = new();
    private History<RegisterInput, RegisterOutput> _history = null!;
    private DurabilityChecker<string> _durability = null!;
    private SimulatedWorld _world = null!;
    private NodeContext _operator = null!;
    private NodeContext _judge = null!;
    private bool _drifts = true;

    public string Name => plan.Name;

    public FaultProfile Faults => plan switch
    {
        { IsAboutLeases: true } => new() { DriftPpmMax = DriftPpm, FaultsMax = 40, Kinds = _drifts ? Drifting : Crashing },
        { IsAboutElections: true } => new() { FaultsMax = 60, OutageMsMax = 250, Kinds = Electing },
        _ => new() { DriftPpmMax = DriftPpm, FaultsMax = 25 },
    };

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _history = new(() => world.Now);
        _durability = new(() => world.Now);
        var random = world.Seed.Stream("raft/options");
        _drifts = !plan.IsAboutLeases || random.Chance(0.5);
        long[] ids = [.. Enumerable.Range(1, plan.Nodes).Select(i => (long)i)];
        var founders = new Membership(ids[..plan.Founders]);
        var group = new RaftGroup(ids, founders, Options(random), _observer, random.Pick([8, 25, 1_000_000]), random.Pick([0, 0, 5]));
        foreach (var id in ids)
            world.AddNode(new NodeDefinition(RaftPlan.NameOf(id), RaftRegisterNode.ClientPort, c => new RaftRegisterNode(c, id, group)));
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _operator = world.AddClient("operator");
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world)
    {
        var work = _clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work"))));
        if (plan.ChangesMembers)
            work = work.Append(world.RunAsync(_operator, () => OperateAsync(_operator.Seed.Stream("work"))));
        return Task.WhenAll(work.ToArray());
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private RaftOptions Options(RandomStream random)
    {
        var isLoyal = !plan.IsAboutElections || random.Chance(0.3);
        return new()
        {
            ElectionTimeoutMs = plan.IsAboutElections ? 60 : 120,
            HeartbeatMs = plan.IsAboutLeases ? random.Pick([20, 60]) : 20,
            LeaseReads = plan.IsAboutLeases || (isLoyal && random.Chance(0.4)),
            ClockDriftPpmMax = _drifts ? DriftPpm : 0,
            MessageEntriesMax = random.Pick([1, 2, 64]),
            InflightMessagesMax = random.Pick([1, 4, 64]),
            SnapshotChunkBytes = random.Pick([16, 64, 4_096]),
            CheckQuorum = isLoyal,
            PreVote = random.Chance(plan.IsAboutElections ? 0.2 : 0.8),
        };
    }

    private async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new RegisterClient(client);
        var peer = 1 + random.Next(plan.Nodes);
        for (var i = 0; _world.Now < Works; i++)
        {
            var key = random.Pick(Keys);
            var value = string.Create(CultureInfo.InvariantCulture, $"{id}.{i}");
            var last = string.Create(CultureInfo.InvariantCulture, $"{id}.{i - 1}");
            var onlyReads = id == 4 || (plan.IsAboutLeases && id % 2 == 0);
            var (input, request) = onlyReads ? (RegisterInput.Read(key), $"R {key}") : random.Next(5) switch
            {
                0 or 1 => (RegisterInput.Read(key), $"R {key}"),
                2 => (RegisterInput.CompareAndSet(key, last, value), $"C {key} {last} {value}"),
                _ => (RegisterInput.Write(key, value), $"W {key} {value}"),
            };
            var answer = await DoAsync(connection, id, peer, input, request);
            if (answer is null || answer.StartsWith("REFUSED", StringComparison.Ordinal) || random.Chance(0.05))
                peer = 1 + random.Next(plan.Nodes);
            await PauseAsync(client, random.Next(random.Chance(0.6) ? 8 : 120));
        }
    }

    private async Task<string?> DoAsync(RegisterClient connection, int id, int peer, RegisterInput input, string request)
    {
        var isWrite = input.Call == RegisterCall.Write;
        var operation = _history.Call(id, input);
        if (isWrite)
            _durability.Begin(request);
        var answer = await connection.AskAsync(RaftPlan.NameOf(peer), request, 200);
        if (answer is null or "UNKNOWN")
            return null;
        if (answer.StartsWith("REFUSED", StringComparison.Ordinal))
        {
            _history.Discard(operation);
            if (isWrite)
                _durability.Refuse(request);
            return answer;
        }
        _history.Answer(operation, OutputOf(answer));
        if (isWrite)
            _durability.Acknowledge(request);
        return answer;
    }

    // Whoever happens to lead carries it out; the others refuse.
    private async Task OperateAsync(RandomStream random)
    {
        await using var connection = new RegisterClient(_operator);
        while (_world.Now < Works)
        {
            await PauseAsync(_operator, 30 + random.Next(500));
            var request = random.Chance(0.4) ? $"TRANSFER {1 + random.Next(plan.Nodes)}" : "CHANGE " + string.Join(' ', Changes(random));
            for (var peer = 1; peer <= plan.Nodes; peer++)
            {
                if (await connection.AskAsync(RaftPlan.NameOf(peer), request, 60) == "OK")
                    break;
            }
        }
    }

    // Mostly voters, so that the group has work to do; at least two named as such.
    private IEnumerable<string> Changes(RandomStream random)
    {
        var ids = Enumerable.Range(1, plan.Nodes).ToArray();
        random.Shuffle(ids.AsSpan());
        var voters = 2 + random.Next(plan.Nodes - 1);
        for (var i = 0; i < ids.Length; i++)
            yield return (i < voters ? "+" : random.Chance(0.5) ? "~" : "-") + ids[i];
    }

    private async Task JudgeAsync()
    {
        await using var connection = new RegisterClient(_judge);
        foreach (var key in Keys)
        {
            var read = _history.Call(0, RegisterInput.Read(key));
            _history.Answer(read, OutputOf(await AskUntilAnsweredAsync(connection, "R " + key)));
        }
        // A group that was never well enough to serve its clients serves now.
        var write = _history.Call(0, RegisterInput.Write("last", "0"));
        _history.Answer(write, OutputOf(await AskUntilAnsweredAsync(connection, "W last 0")));
        await ConvergeAsync();
        _durability.ThrowUnlessKept(_observer.Commands.Where(c => c.StartsWith('W') && c != "W last 0"));
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }

    private async Task<string> AskUntilAnsweredAsync(RegisterClient connection, string request)
    {
        for (var i = 0; i < 400; i++)
        {
            var answer = await connection.AskAsync(RaftPlan.NameOf(1 + i % plan.Nodes), request, 400);
            if (answer is not (null or "UNKNOWN") && !answer.StartsWith("REFUSED", StringComparison.Ordinal))
                return answer;
            await PauseAsync(_judge, 25);
        }
        throw new CheckFailedException("unavailable", $"no answer to '{request}' although nothing fails any more");
    }

    // All members come to the same state: leader completeness and state machine safety, as far as one can see them from outside.
    private async Task ConvergeAsync()
    {
        var seen = "";
        for (var i = 0; i < 200; i++)
        {
            List<(long Id, bool IsLeader, long Last, long Applied, ulong Hash, Membership Membership)> views = [];
            foreach (var name in _world.Nodes.Where(n => _world.Host(n).State == NodeState.Running))
            {
                var node = await _world.Host(name).AskAsync(n => (RaftRegisterNode)n);
                var core = node.Member.Core;
                views.Add((core.Id, core.Role == RaftRole.Leader, core.LastIndex, core.AppliedIndex, node.Hash, core.Membership));
            }
            var leader = views.Find(v => v.IsLeader);
            var members = views.FindAll(v => leader.Id != 0 && Array.IndexOf(leader.Membership.Members, v.Id) >= 0);
            if (members.Count > 0 && members.TrueForAll(m => m.Applied == leader.Last && m.Hash == leader.Hash
                && m.Membership.Equals(leader.Membership)))
                return;
            seen = string.Join("; ", views.Select(v =>
                $"{v.Id}{(v.IsLeader ? " leads" : "")} last {v.Last} applied {v.Applied} {v.Membership}"));
            await PauseAsync(_judge, 25);
        }
        throw new CheckFailedException("raft.convergence", "members do not come to one state: " + seen);
    }

    private static RegisterOutput OutputOf(string answer) => answer switch
    {
        "OK" or "KEPT" or "NONE" => default,
        "SWAPPED" => new RegisterOutput(Swapped: true),
        _ => new RegisterOutput(answer["VALUE ".Length..]),
    };

    private static Task PauseAsync(NodeContext client, int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), client.Clock);
}
