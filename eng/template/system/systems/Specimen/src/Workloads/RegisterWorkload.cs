using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Specimen;

/// <summary>
/// Clients set, get and delete two keys while the server crashes with torn writes, above all in the middle of a sync, and connections
/// are reset between request and reply. What the clients saw must be that of some order of all requests, crashes included.
/// </summary>
internal sealed class RegisterWorkload : ClientWorkload
{
    private const int TimeoutMs = 300;
    private const string Value = "VALUE ";

    private static readonly string[] Keys = ["a", "b"];

    private NodeEndPoint _server = null!;
    private History<RegisterInput, RegisterOutput> _history = null!;

    /// <inheritdoc/>
    public override string Name => "specimen-registers";

    /// <inheritdoc/>
    public override FaultProfile Faults =>
        new() { Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk, FaultKind.Reset] };

    /// <inheritdoc/>
    protected override void AddNodes()
    {
        _history = new(() => World.Now);
        var node = new SpecimenSystem(new SpecimenOptions()).Nodes[0];
        World.AddNode(node);
        _server = new NodeEndPoint(node.Name, node.Port);
    }

    /// <inheritdoc/>
    protected override async Task WorkAsync(int id, NodeContext client, RandomStream random)
    {
        await using var connection = new SimulatedClient(client, _server);
        for (var i = 0; IsOn; i++)
        {
            var key = random.Pick(Keys);
            var (input, line) = random.Next(6) switch
            {
                0 => (RegisterInput.Write(key, null), $"DEL {key}"),
                1 or 2 => (RegisterInput.Write(key, $"{id}.{i}"), $"SET {key} {id}.{i}"),
                _ => (RegisterInput.Read(key), $"GET {key}"),
            };
            await AskAsync(id, connection, input, line);
            await RestAsync(client, random);
        }
    }

    /// <inheritdoc/>
    protected override async Task JudgeAsync(NodeContext judge)
    {
        DemandProgress(_history.Operations.Count(o => o.HasOutput));
        await using var client = new SimulatedClient(judge, _server);
        foreach (var key in Keys)
        {
            if (!await AskAsync(0, client, RegisterInput.Read(key), $"GET {key}"))
                throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
        }
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }

    private async Task<bool> AskAsync(int id, SimulatedClient client, RegisterInput input, string line)
    {
        var call = _history.Call(id, input);
        var (sent, reply) = await client.AskAsync(line, TimeoutMs);
        if (reply is not null)
            _history.Answer(call, new RegisterOutput(reply.StartsWith(Value, StringComparison.Ordinal) ? reply[Value.Length..] : null));
        else if (!sent)
            _history.Discard(call);
        return reply is not null;
    }
}
