using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Register;

/// <summary>
/// Clients read, write and swap two keys of a replicated register whose leader changes; the history must be linearizable.
/// </summary>
internal sealed class RegisterWorkload : SampleWorkload
{
    private static readonly string[] Keys = ["a", "b"];
    private static readonly string[] Replicas = ["register-1", "register-2", "register-3"];
    private History<RegisterInput, RegisterOutput> _history = null!;

    public override string Name => "sample-register";

    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        foreach (var replica in Replicas)
            AddNode(replica, c => new RegisterNode(c, Replicas));
    }

    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new LineClient(client);
        var leader = random.Next(Replicas.Length);
        for (var i = 0; IsOn; i++)
        {
            var key = random.Pick(Keys);
            var (input, request) = random.Next(5) switch
            {
                0 or 1 => (RegisterInput.Read(key), $"READ {key}"),
                2 => (RegisterInput.CompareAndSet(key, $"{id}.{i - 1}", $"{id}.{i}"), $"CAS {key} {id}.{i - 1} {id}.{i}"),
                _ => (RegisterInput.Write(key, $"{id}.{i}"), $"WRITE {key} {id}.{i}"),
            };
            var operation = _history.Call(id, input);
            var answer = await connection.AskAsync(Replicas[leader], LineNode.Port, request, 400);
            if (answer is "NOTLEADER" or LineClient.Unreachable)
                _history.Discard(operation);
            else if (answer is not null)
                _history.Answer(operation, OutputOf(answer));
            if (answer is null or "NOTLEADER" or LineClient.Unreachable)
                leader = (leader + 1) % Replicas.Length;
            await RestAsync(client, random);
        }
    }

    protected override async Task JudgeAsync(NodeContext judge)
    {
        foreach (var key in Keys)
        {
            var read = _history.Call(0, RegisterInput.Read(key));
            var answer = await AskUntilAnsweredAsync(judge, i => Replicas[i % Replicas.Length], $"READ {key}", "NOTLEADER");
            _history.Answer(read, OutputOf(answer));
        }
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }

    /// <summary>A line of the samples' key-value protocols as the register model has it.</summary>
    public static RegisterOutput OutputOf(string answer) => answer switch
    {
        "OK" or "KEPT" => default,
        "SWAPPED" => new RegisterOutput(Swapped: true),
        "-" => new RegisterOutput(null),
        _ => new RegisterOutput(answer),
    };
}
