using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microcosm.Chubby.Client;

namespace Microcosm.Cli;

/// <summary>
/// Clients of the cell by name, for <c>cosm chubby</c>: they live in the world from one command to the next, keep their sessions alive, and
/// are cut off, slowed and healed by their names as nodes are.
/// </summary>
internal sealed class ChubbyClients(World world)
{
    private const FileModes ReadsAndWrites = FileModes.Read | FileModes.Write;
    private const FileModes Makes = ReadsAndWrites | FileModes.Create;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A world's clients go with it.
    private static readonly ConditionalWeakTable<World, ChubbyClients> Worlds = [];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<string, Known> _clients = [];
    private readonly ConcurrentDictionary<string, Sequencer> _sequencers = [];

    /// <summary>Those of a world.</summary>
    public static ChubbyClients Of(World world) => Worlds.GetValue(world, static w => new ChubbyClients(w));

    /// <summary>Does one thing as that client. Throws what the control API answers by: <see cref="ArgumentException"/>,
    /// <see cref="InvalidOperationException"/>.</summary>
    public async Task<JsonNode> RunAsync(string name, string verb, JsonObject body)
    {
        if (world.Systems.FirstOrDefault(s => s.Name == "chubby") is not { } cell)
            throw new InvalidOperationException("no cell runs in this world: 'cosm up chubby' starts one");
        if (world.Nodes.Any(n => n.Name == name))
            throw new ArgumentException($"'{name}' is a node: a client needs a name of its own");
        var (subject, text) = (body["subject"]?.ToString(), body["text"]?.ToString());
        // The wait is in real time: the world's may stand.
        using var late = new CancellationTokenSource(Patience);
        try
        {
            var (client, handles) = await ClientAsync(cell.Nodes.Count, name, late.Token);
            return new JsonObject { ["answer"] = await DoAsync(name, client, handles, verb, subject, text, late.Token) };
        }
        catch (ChubbyException e)
        {
            throw new InvalidOperationException($"{e.Error}: {e.Message}", e);
        }
        catch (OperationCanceledException e)
        {
            throw new InvalidOperationException($"no answer within {Patience.TotalSeconds} s", e);
        }
    }

    private async Task<Known> ClientAsync(int members, string name, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_clients.TryGetValue(name, out var known))
                return known;
            var options = ChubbyClientOptions.InWorld(members, (node, c) => world.ConnectAsync(node, name, c), world.Clock.Time);
            var client = await ChubbyClient.ConnectAsync(options, cancellation);
            return _clients[name] = new Known(client, []);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string> DoAsync(string name, ChubbyClient client, ConcurrentDictionary<string, ChubbyHandle> handles, string verb,
        string? subject, string? text, CancellationToken cancellation)
    {
        switch (verb)
        {
            case "session":
                return $"0x{client.SessionId:x} {client.State.ToString().ToLowerInvariant()}";
            case "leave":
                _clients.TryRemove(name, out _);
                await client.DisposeAsync();
                return "gone";
            case "check":
                // A client's name stands for what it was given last, as if it had passed that on.
                var passed = _sequencers.TryGetValue(Given(verb, subject), out var last) ? last : Sequencer.Parse(subject!);
                return await client.CheckSequencerAsync(passed, cancellation) ? "valid" : "refused";
            case "write":
                var bytes = Encoding.UTF8.GetBytes(text ?? "");
                var written = await (await OpenAsync(Makes)).SetContentsAsync(bytes, cancellation: cancellation);
                return $"generation {written.ContentGeneration}";
            case "read":
                return Encoding.UTF8.GetString((await (await OpenAsync(FileModes.Read)).GetContentsAndStatAsync(cancellation)).Bytes.Span);
            case "stat":
                return (await (await OpenAsync(FileModes.Read)).GetStatAsync(cancellation)).ToString();
            case "ls":
                return string.Join('\n', (await (await OpenAsync(FileModes.Read)).ReadDirAsync(cancellation)).Select(f => f.Key));
            case "rm":
                await (await OpenAsync(ReadsAndWrites)).DeleteAsync(cancellation);
                handles.TryRemove(subject!, out _);
                return "gone";
            case "acquire":
                return Remember(await (await OpenAsync(Makes)).AcquireAsync(LockMode.Exclusive, cancellation));
            case "try":
                var tried = await (await OpenAsync(Makes)).TryAcquireAsync(LockMode.Exclusive, cancellation);
                return tried is { } got ? Remember(got) : "not free";
            case "release":
                await (await OpenAsync(Makes)).ReleaseAsync(cancellation);
                return "free";
            default:
                throw new ArgumentException(
                    $"A client can read, write, ls, stat, rm, acquire, try, release, check, session and leave, not '{verb}'");
        }

        string Remember(Sequencer sequencer) => (_sequencers[name] = sequencer).ToString();

        // One handle a file, with all that its first use may need: a lock belongs to the handle.
        async Task<ChubbyHandle> OpenAsync(FileModes modes)
        {
            var path = Given(verb, subject);
            var key = modes.HasFlag(FileModes.Write) ? path : "r" + path;
            if (handles.TryGetValue(key, out var open))
                return open;
            var delay = verb is "acquire" or "try" && text is not null ? Durations.Parse(text) : TimeSpan.Zero;
            return handles[key] = await client.OpenAsync(path, modes, lockDelay: delay, cancellation: cancellation);
        }
    }

    private sealed record Known(ChubbyClient Client, ConcurrentDictionary<string, ChubbyHandle> Handles);

    private static string Given(string verb, string? subject) =>
        subject ?? throw new ArgumentException($"{verb} needs a {(verb == "check" ? "sequencer, or whose" : "path")}");
}
