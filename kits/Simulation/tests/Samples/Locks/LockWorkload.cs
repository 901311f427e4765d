using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Locks;

/// <summary>
/// Clients take a lease, append to guarded storage while their clock says that they hold it, and give it back. No two may act as
/// holders at once, tokens in the storage must not go back, and what was acknowledged must be there.
/// </summary>
internal sealed class LockWorkload : SampleWorkload
{
    private const string Locks = "locks-1";
    private const string Guarded = "guarded-1";

    private LeaseChecker _leases = null!;
    private DurabilityChecker<string> _appends = null!;
    private readonly List<Task> _pending = [];

    public override string Name => "sample-locks";

    // Rates may differ by a tenth either way: the margin of the leases covers (1.1 / 0.9 - 1) of them.
    public override FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Slow, FaultKind.Partition, FaultKind.ClockDrift, FaultKind.Reset],
        FaultsMax = 30,
        DriftPpmMax = 100_000,
        SlowMsMax = 400,
        OutageMsMax = 200,
    };

    protected override void AddNodes()
    {
        _leases = new(() => World.Now);
        _appends = new(() => World.Now);
        AddNode(Locks, c => new LockNode(c));
        AddNode(Guarded, c => new GuardedNode(c));
    }

    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        for (var round = 0; IsOn; round++)
        {
            var since = client.Clock.GetTimestamp();
            var answer = await LineClient.AskOnceAsync(client, Locks, LineNode.Port, "ACQUIRE l", 300);
            if (answer?.Split(' ') is ["TOKEN", var text])
            {
                var token = long.Parse(text, CultureInfo.InvariantCulture);
                _leases.Granted("l", id, token);
                await ActAsync(id, client, random, round, since, token);
                if (random.Chance(0.6))
                    await LineClient.AskOnceAsync(client, Locks, LineNode.Port, $"RELEASE l {token}", 300);
            }
            await PauseAsync(client, random.Next(answer == "HELD" ? 30 : 150));
        }
    }

    private async Task ActAsync(int id, NodeContext client, RandomStream random, int round, long since, long token)
    {
        for (var i = 0; i < 20 && client.Clock.GetElapsedTime(since).TotalMilliseconds < LockNode.LeaseMs; i++)
        {
            _leases.Act("l", id, token);
            // Not awaited: what is under way when the lease ends is what fencing is for.
            _pending.Add(AppendAsync(client, token, $"{id}.{round}.{i}"));
            await PauseAsync(client, random.Next(30));
        }
    }

    private async Task AppendAsync(NodeContext client, long token, string value)
    {
        _appends.Begin(value);
        var answer = await LineClient.AskOnceAsync(client, Guarded, LineNode.Port, $"APPEND {token} {value}", 900);
        if (answer == "OK")
            _appends.Acknowledge(value);
        if (answer is not ("FENCED" or LineClient.Unreachable))
            return;
        Probe.Hit("locks/" + answer);
        _appends.Refuse(value);
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        await Task.WhenAll(_pending);
        DemandProgress(_leases.ActCount);
        var list = await AskUntilAnsweredAsync(judge, _ => Guarded, "LIST");
        var entries = list == "-" ? [] : list.Split(',');
        for (var i = 1; i < entries.Length; i++)
        {
            if (GuardedNode.TokenOf(entries[i]) < GuardedNode.TokenOf(entries[i - 1]))
                throw new CheckFailedException("lease.fencing", $"the guarded storage took {entries[i]} after {entries[i - 1]}");
        }
        _appends.ThrowUnlessKept(entries.Select(e => e[(e.IndexOf(':') + 1)..]));
    }
}
