using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Consensus.Tests.Host;

/// <summary>Nodes <c>node-1</c> and so on, each a member of every group, in the simulator.</summary>
internal sealed class HostScenario
{
    public const int ElectionTimeoutMs = 200;

    private readonly SimulatedWorld _world;
    private readonly int _nodes;

    private HostScenario(SimulatedWorld world, int nodes) => (_world, _nodes) = (world, nodes);

    public SimulatedWorld World => _world;

    /// <summary>Runs a story; what it throws fails the test. Answers how many steps it took.</summary>
    public static long Run(Func<HostScenario, Task> story, int nodes = 3, int groups = 1,
        Func<RaftHostOptions, RaftHostOptions>? change = null, Membership? founders = null)
    {
        var names = Enumerable.Range(1, nodes).ToDictionary(i => (long)i, i => $"node-{i}");
        var result = Simulator.Run(1, async world =>
        {
            foreach (var (id, name) in names)
            {
                var options = new RaftHostOptions
                {
                    Id = id, Nodes = names, Raft = new() { ElectionTimeoutMs = ElectionTimeoutMs, HeartbeatMs = 20 },
                };
                options = change?.Invoke(options) ?? options;
                world.AddNode(new NodeDefinition(name, 7_000, c => new HostNode(c, options, groups, founders)) { IsClientFacing = false });
            }
            await world.StartAsync();
            await story(new HostScenario(world, nodes));
        });
        Assert.True(result.Failure is null, $"{result.Failure}\n{string.Join('\n', result.Log)}");
        return result.Steps;
    }

    public static string NameOf(long id) => $"node-{id}";

    public Task<HostNode> NodeAsync(long id) => _world.Host(NameOf(id)).AskAsync(n => (HostNode)n);

    public Task DelayAsync(int ms) => _world.DelayAsync(TimeSpan.FromMilliseconds(ms));

    /// <summary>Waits until a leader other than <paramref name="besides"/> has committed an entry of its term.</summary>
    public async Task<long> LeaderAsync(int group = 1, long besides = 0, int? among = null)
    {
        for (var i = 0; i < 1_000; i++)
        {
            for (var id = 1; id <= (among ?? _nodes); id++)
            {
                if (id == besides || _world.Host(NameOf(id)).State != NodeState.Running)
                    continue;
                var member = (await NodeAsync(id)).Members[group - 1];
                if (member is { IsLeader: true, HasQuorum: true } && member.Core.CommitIndex == member.Core.LastIndex)
                    return id;
            }
            await DelayAsync(10);
        }
        throw new CheckFailedException("test", "nobody leads");
    }

    /// <summary>A member that does not lead, and knows who does.</summary>
    public async Task<long> FollowerAsync(int group = 1)
    {
        var leader = await LeaderAsync(group);
        var follower = leader % _nodes + 1;
        await UntilAsync(async () => (await NodeAsync(follower)).Members[group - 1].Leader == leader);
        return follower;
    }

    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 1_000; i++)
        {
            if (await isSo())
                return;
            await DelayAsync(10);
        }
        throw new CheckFailedException("test", "it never came to be so");
    }

    /// <summary>Proposes a word on a member, from its own executor; answers the result or the exception.</summary>
    public async Task<object?> ProposeAsync(long id, string word, int group = 1, CancellationToken cancellation = default)
    {
        var node = await NodeAsync(id);
        object? outcome = null;
        await _world.RunAsync(node.Context, async () =>
        {
            try
            {
                outcome = await node.Members[group - 1].ProposeAsync(Encoding.UTF8.GetBytes(word), cancellation);
            }
            catch (ConsensusException e)
            {
                outcome = e;
            }
        });
        return outcome;
    }

    /// <summary>Reads all words on a member, linearizably.</summary>
    public async Task<string> ReadAsync(long id, int group = 1)
    {
        var node = await NodeAsync(id);
        var words = "";
        await _world.RunAsync(node.Context, async () =>
        {
            try
            {
                await node.Members[group - 1].ReadAsync(CancellationToken.None);
                words = string.Join(' ', node.Machines[group - 1].Words);
            }
            catch (ConsensusException e)
            {
                words = e.Reason.ToString();
            }
        });
        return words;
    }

    /// <summary>Cuts a node off from all others.</summary>
    public void Isolate(long id)
    {
        for (var other = 1; other <= _nodes; other++)
        {
            if (other != id)
                _world.Fabric.Links.Cut(NameOf(id), NameOf(other));
        }
    }

    public void Heal() => _world.Fabric.Links.HealAll();
}
