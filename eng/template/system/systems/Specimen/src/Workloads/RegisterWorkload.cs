using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Specimen;

/// <summary>
/// Clients set, get and delete two keys while the server crashes with torn writes, above all in the middle of a sync, and connections
/// are reset between request and reply. What the clients saw must be that of some order of all requests, crashes included.
/// </summary>
public sealed class RegisterWorkload : IWorkload
{
    private const int ClientCount = 3;
    private const int TimeoutMs = 300;
    private const string Value = "VALUE ";

    private static readonly string[] Keys = ["a", "b"];

    private readonly List<NodeContext> _clients = [];
    private NodeContext _judge = null!;
    private NodeEndPoint _server = null!;
    private SimulatedWorld _world = null!;
    private History<RegisterInput, RegisterOutput> _history = null!;

    /// <inheritdoc/>
    public string Name => "specimen-registers";

    /// <inheritdoc/>
    public FaultProfile Faults =>
        new() { Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk, FaultKind.Reset] };

    private bool IsOn => _world.Now < TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public void Setup(SimulatedWorld world)
    {
        _world = world;
        _history = new(() => world.Now);
        var node = new SpecimenSystem(new SpecimenOptions()).Nodes[0];
        world.AddNode(node);
        _server = new NodeEndPoint(node.Name, node.Port);
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    /// <inheritdoc/>
    public Task RunAsync(SimulatedWorld world) =>
        Task.WhenAll(_clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work")))));

    /// <inheritdoc/>
    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, JudgeAsync);

    private async Task WorkAsync(int id, NodeContext context, RandomStream random)
    {
        await using var client = new SimulatedClient(context, _server);
        for (var i = 0; IsOn; i++)
        {
            var key = random.Pick(Keys);
            var (input, line) = random.Next(6) switch
            {
                0 => (RegisterInput.Write(key, null), $"DEL {key}"),
                1 or 2 => (RegisterInput.Write(key, $"{id}.{i}"), $"SET {key} {id}.{i}"),
                _ => (RegisterInput.Read(key), $"GET {key}"),
            };
            await AskAsync(id, client, input, line);
            // In bursts, with rests.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.5) ? 10 : 200)), context.Clock);
        }
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

    private async Task JudgeAsync()
    {
        if (!_history.Operations.Any(o => o.HasOutput))
            throw new CheckFailedException("idle", "not one request was answered");
        await using var client = new SimulatedClient(_judge, _server);
        foreach (var key in Keys)
        {
            if (!await AskAsync(0, client, RegisterInput.Read(key), $"GET {key}"))
                throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
        }
        LinearizabilityChecker.Check(new RegisterModel(), _history).ThrowUnlessLinearizable();
    }
}
