using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Ledger;

/// <summary>
/// Clients add to a ledger and retry until they are answered. The sums answered must be those of a counter, and each command must be
/// in the ledger once.
/// </summary>
internal sealed class LedgerWorkload : SampleWorkload
{
    private const string Node = "ledger-1";

    private DurabilityChecker<string> _commands = null!;
    private History<CounterInput, long> _history = null!;

    public override string Name => "sample-ledger";

    protected override void AddNodes()
    {
        _commands = new(() => World.Now);
        _history = new(() => World.Now);
        AddNode(Node, c => new LedgerNode(c));
    }

    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new LineClient(client);
        for (var ordinal = 1; IsOn; ordinal++)
        {
            var amount = 1 + random.Next(9);
            var call = _history.Call(id, new CounterInput("sum", amount));
            _commands.Begin($"{id}/{ordinal}");
            string? answer = null;
            for (var i = 0; IsOn && answer is null or LineClient.Unreachable; i++)
            {
                if (answer is not null)
                    await PauseAsync(client, random.Next(100));
                answer = await connection.AskAsync(Node, LineNode.Port, $"ADD {id} {ordinal} {amount}", 60 + random.Next(60));
                Probe.Hit(i == 0 ? "ledger/first-try" : "ledger/retry");
            }
            if (answer is null or LineClient.Unreachable)
                return;
            _history.Answer(call, long.Parse(answer, CultureInfo.InvariantCulture));
            _commands.Acknowledge($"{id}/{ordinal}");
            await RestAsync(client, random);
        }
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_commands.AcknowledgedCount);
        var list = await AskUntilAnsweredAsync(judge, _ => Node, "LIST");
        _commands.ThrowUnlessKept(list == "-" ? [] : list.Split(','));
        LinearizabilityChecker.Check(new CounterModel(), _history).ThrowUnlessLinearizable();
    }
}
