using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Store;

/// <summary>Clients read, write and swap two keys of one store that crashes; the history must be linearizable, crashes included.</summary>
internal sealed class StoreWorkload : SampleWorkload
{
    private const string Node = "store-1";

    private static readonly string[] Keys = ["a", "b"];
    private History<RegisterInput, RegisterOutput> _history = null!;

    public override string Name => "sample-store";

    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        AddNode(Node, c => new StoreNode(c));
    }

    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new LineClient(client);
        for (var i = 0; IsOn; i++)
        {
            var key = Keys[random.Chance(0.75) ? 0 : 1];
            var (input, request) = random.Next(6) switch
            {
                0 or 1 or 2 => (RegisterInput.Read(key), $"GET {key}"),
                3 => (RegisterInput.CompareAndSet(key, $"{id}.{i - 1}", $"{id}.{i}"), $"CAS {key} {id}.{i - 1} {id}.{i}"),
                _ => (RegisterInput.Write(key, $"{id}.{i}"), $"SET {key} {id}.{i}"),
            };
            await AskAsync(id, connection, input, request);
            await RestAsync(client, random);
        }
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_history.Operations.Count(o => o.HasOutput));
        foreach (var key in Keys)
        {
            var read = _history.Call(0, RegisterInput.Read(key));
            _history.Answer(read, Register.RegisterWorkload.OutputOf(await AskUntilAnsweredAsync(judge, _ => Node, $"GET {key}")));
        }
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }

    private async Task AskAsync(int id, LineClient connection, RegisterInput input, string request)
    {
        var operation = _history.Call(id, input);
        var answer = await connection.AskAsync(Node, LineNode.Port, request, 300);
        if (answer == LineClient.Unreachable)
            _history.Discard(operation);
        else if (answer is not null)
            _history.Answer(operation, Register.RegisterWorkload.OutputOf(answer));
    }
}
