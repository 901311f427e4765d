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
    private static readonly TimeSpan Works = TimeSpan.FromSeconds(3.5);

    private readonly List<NodeContext> _clients = [];
    private readonly RaftObserver _observer = new(plan.GuardsLeases);
    private History<RegisterInput, RegisterOutput> _history = null!;
    private DurabilityChecker<string> _durability = null!;
    private SimulatedWorld _world = null!;
    private NodeContext _operator = null!;
    private NodeContext _judge = null!;
    private RaftSetting _setting = null!;

    public string Name => plan.Name;

    public FaultProfile Faults => _setting.Faults;

    public TimeSpan FaultsDuring => TimeSpan.FromSeconds(plan.IsAboutLeases ? 3 : 2);

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _history = new(() => world.Now);
        _durability = new(() => world.Now);
        var random = world.Seed.Stream("raft/options");
        _setting = RaftSetting.Draw(plan, random);
        long[] ids = [.. Enumerable.Range(1, plan.Nodes).Select(i => (long)i)];
        var founders = new Membership(ids[..plan.Founders]);
        var group = new RaftGroup(ids, founders, _setting.Options, _observer, random.Pick([8, 25, 1_000_000]), random.Pick([0, 0, 5]),
            random.Pick([300, 2_000, 64 << 20]), random.Pick([0, 300, 4 << 20]), (id, moment) => world.Comes(RaftPlan.NameOf(id), moment));
        foreach (var id in ids)
            world.AddNode(new NodeDefinition(RaftPlan.NameOf(id), RaftRegisterNode.ClientPort, c => new RaftRegisterNode(c, id, group)));
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}", isDisturbed: !plan.IsAboutLeases));
        _operator = world.AddClient("operator", isDisturbed: !plan.IsAboutLeases);
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world)
    {
        var work = _clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work"))));
        if (_setting.OperatesEveryMs > 0)
            work = work.Append(world.RunAsync(_operator, () => OperateAsync(_operator.Seed.Stream("work"))));
        return Task.WhenAll(work.ToArray());
    }

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new RegisterClient(client);
        var onlyReads = id == 4 || (plan.IsAboutLeases && id % 2 == 0);
        var wanders = plan.IsAboutLeases ? 0.01 : 0.05;
        var peer = 1 + random.Next(plan.Nodes);
        for (var i = 0; _world.Now < Works; i++)
        {
            var (input, request) = Operation(id, i, onlyReads, random);
            var answer = await DoAsync(connection, id, peer, input, request);
            if (answer is null || answer.StartsWith("REFUSED", StringComparison.Ordinal) || random.Chance(wanders))
                peer = 1 + random.Next(plan.Nodes);
            var isBrief = (onlyReads && plan.IsAboutLeases) || random.Chance(0.6);
            await PauseAsync(client, random.Next(isBrief ? 8 : _setting.SilenceMsMax));
        }
    }

    private (RegisterInput Input, string Request) Operation(int id, int i, bool onlyReads, RandomStream random)
    {
        var key = plan.IsAboutLeases ? Keys[0] : random.Pick(Keys);
        var value = string.Create(CultureInfo.InvariantCulture, $"{id}.{i}");
        var last = string.Create(CultureInfo.InvariantCulture, $"{id}.{i - 1}");
        return (onlyReads ? 0 : random.Next(5)) switch
        {
            0 or 1 => (RegisterInput.Read(key), $"R {key}"),
            2 => (RegisterInput.CompareAndSet(key, last, value), $"C {key} {last} {value}"),
            _ => (RegisterInput.Write(key, value), $"W {key} {value}"),
        };
    }

    private async Task<string?> DoAsync(RegisterClient connection, int id, int peer, RegisterInput input, string request)
    {
        var isWrite = input.Call == RegisterCall.Write;
        var operation = _history.Call(id, input);
        if (isWrite)
            _durability.Begin(request);
        var answer = await connection.AskAsync(RaftPlan.NameOf(peer), request, plan.IsAboutLeases ? 60 : 200);
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
            await PauseAsync(_operator, 30 + random.Next(_setting.OperatesEveryMs));
            var request = !_setting.ChangesMembers || random.Chance(0.4)
                ? $"TRANSFER {1 + random.Next(plan.Nodes)}" : "CHANGE " + string.Join(' ', Changes(random));
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
