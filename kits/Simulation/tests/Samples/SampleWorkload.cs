using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Ledger;
using Microcosm.Simulation.Tests.Samples.Locks;
using Microcosm.Simulation.Tests.Samples.Register;
using Microcosm.Simulation.Tests.Samples.Store;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples;

/// <summary>What the samples' workloads share: nodes that speak lines.</summary>
internal abstract class SampleWorkload : ClientWorkload
{
    /// <summary>The samples, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<IWorkload>> All = new Dictionary<string, Func<IWorkload>>
    {
        ["sample-store"] = () => new StoreWorkload(),
        ["sample-register"] = () => new RegisterWorkload(),
        ["sample-ledger"] = () => new LedgerWorkload(),
        ["sample-locks"] = () => new LockWorkload(),
    };

    protected void AddNode(string name, Func<NodeContext, Node> create) =>
        World.AddNode(new NodeDefinition(name, LineNode.Port, create));

    protected static Task PauseAsync(NodeContext client, int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), client.Clock);

    /// <summary>Asks until there is an answer; for the judge, when nothing fails any more.</summary>
    protected static async Task<string> AskUntilAnsweredAsync(NodeContext judge, Func<int, string> node, string request,
        string refusal = "")
    {
        for (var i = 0; i < 200; i++)
        {
            var answer = await LineClient.AskOnceAsync(judge, node(i), LineNode.Port, request, 500);
            if (answer is not null and not LineClient.Unreachable && answer != refusal)
                return answer;
            await PauseAsync(judge, 50);
        }
        throw new CheckFailedException("unavailable", $"no answer to '{request}' although nothing fails any more");
    }
}
