using System.Text;
using Microcosm.Chubby.Client;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// Clients hold a lock in turn and write and read a file that all of them cache, while members die and links are cut. What must hold: a
/// sequencer passes no check that began after a later holder got the lock; no read answers contents older than those that any client knew
/// of when it began.
/// </summary>
internal sealed class CellWorkload : IWorkload
{
    private const int ClientCount = 3;
    private const FileModes Modes = FileModes.Read | FileModes.Write | FileModes.Create;

    private static readonly TimeSpan Works = TimeSpan.FromSeconds(12);

    private readonly List<NodeContext> _clients = [];
    private NodeContext _judge = null!;
    private SimulatedWorld _world = null!;
    private readonly List<Sequencer> _sequencers = [];
    private int _replicas;
    private long _lockGeneration;
    private long _contentGeneration;

    public string Name => "chubby-locks";

    public FaultProfile Faults => new()
    {
        Kinds =
        [
            FaultKind.Crash, FaultKind.Pause, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow, FaultKind.ClockDrift,
            FaultKind.ClockJump,
        ],
        FaultsMax = 20,
        OutageMsMax = 2_500,
        SlowMsMax = 400,
    };

    public TimeSpan FaultsDuring => TimeSpan.FromSeconds(9);

    public void Setup(SimulatedWorld world)
    {
        _world = world;
        // A short lease is over before there is a new master; a long one is not, and then caches outlive the old one.
        var random = world.Seed.Stream("chubby/options");
        var lease = random.Pick([800, 4_000]);
        _replicas = random.Pick([3, 3, 5]);
        var snapCount = random.Pick([6, 30, 100_000]);
        var options = new ChubbyOptions { Replicas = _replicas, SnapCount = snapCount, TickTime = 200, LeaseMs = lease };
        foreach (var node in new ChubbySystem(options).Nodes)
            world.AddNode(node);
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world) => Task.WhenAll(_clients.Select(c => world.RunAsync(c, () => WorkAsync(c))).ToArray());

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, async () =>
    {
        var client = await ChubbyClient.ConnectAsync(OptionsFor(_judge));
        var file = await client.OpenAsync("/file", Modes);
        await ReadAsync(file);
        var held = await client.OpenAsync("/lock", Modes);
        Granted(await held.AcquireAsync(LockMode.Exclusive));
        await client.DisposeAsync();
    });

    private async Task WorkAsync(NodeContext context)
    {
        var random = context.Seed.Stream("work");
        while (_world.Now < Works)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), context.Clock);
            ChubbyClient? client = null;
            try
            {
                client = await ChubbyClient.ConnectAsync(OptionsFor(context), patience.Token);
                await SessionAsync(client, context, random);
            }
            catch (Exception e) when (e is ChubbyException or OperationCanceledException)
            {
                // Refused, expired, or nobody there: another session.
                await Task.Delay(TimeSpan.FromMilliseconds(20), context.Clock);
            }
            if (client is null)
                continue;
            if (client.CacheHits > 0)
                Probe.Hit("chubby.sessions-with-cache-hits");
            await client.DisposeAsync();
        }
    }

    // What only reads goes on while what changes something waits: a cut client reads what it has for as long as it believes it may.
    private async Task SessionAsync(ChubbyClient client, NodeContext context, RandomStream random)
    {
        var file = await client.OpenAsync("/file", Modes);
        var held = await client.OpenAsync("/lock", Modes, lockDelay: TimeSpan.FromMilliseconds(random.Next(300)));
        using var over = new CancellationTokenSource();
        var reading = ReadUntilAsync(file, context, context.Seed.Stream("reads"), over.Token);
        try
        {
            while (_world.Now < Works)
                await ChangeAsync(client, file, held, context, random);
        }
        finally
        {
            over.Cancel();
            await reading;
        }
    }

    private async Task ChangeAsync(ChubbyClient client, ChubbyHandle file, ChubbyHandle held, NodeContext context, RandomStream random)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300 + random.Next(3_000)), context.Clock);
        switch (random.Next(4))
        {
            case 0:
                var stat = await file.SetContentsAsync(Encoding.UTF8.GetBytes(context.Name), cancellation: patience.Token);
                _contentGeneration = Math.Max(_contentGeneration, stat.ContentGeneration);
                Probe.Hit("chubby.writes");
                break;
            case 1:
                await HoldAsync(client, held, context, random, patience.Token);
                break;
            case 2 when _sequencers.Count > 0:
                // As a server does that was passed one, perhaps long ago.
                await CheckAsync(client, _sequencers[^(1 + random.Next(Math.Min(5, _sequencers.Count)))]);
                break;
        }
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), context.Clock);
    }

    private async Task ReadUntilAsync(ChubbyHandle file, NodeContext context, RandomStream random, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                await ReadAsync(file, over);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20)), context.Clock);
            }
        }
        catch (Exception e) when (e is ChubbyException or OperationCanceledException)
        {
            // The session is gone, or the other half has given it up.
        }
    }

    private async Task HoldAsync(
        ChubbyClient client, ChubbyHandle held, NodeContext context, RandomStream random, CancellationToken patience)
    {
        var sequencer = await held.AcquireAsync(LockMode.Exclusive, patience);
        Granted(sequencer);
        for (var left = random.Next(5); left > 0; left--)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), context.Clock);
            await CheckAsync(client, sequencer);
        }
        await held.ReleaseAsync();
    }

    private async Task CheckAsync(ChubbyClient client, Sequencer sequencer)
    {
        var before = _lockGeneration;
        if (await client.CheckSequencerAsync(sequencer) && sequencer.Generation < before)
            throw new CheckFailedException("chubby.sequencer", $"{sequencer} passes although {before} was granted before");
        Probe.Hit("chubby.checks");
    }

    private async Task ReadAsync(ChubbyHandle file, CancellationToken cancellation = default)
    {
        var before = _contentGeneration;
        var stat = (await file.GetContentsAndStatAsync(cancellation)).Stat;
        if (stat.ContentGeneration < before)
        {
            throw new CheckFailedException("chubby.stale",
                $"generation {stat.ContentGeneration} is read at {_world.Now} although {before} was known before");
        }
        _contentGeneration = Math.Max(_contentGeneration, stat.ContentGeneration);
    }

    private void Granted(Sequencer sequencer)
    {
        Probe.Hit("chubby.grants");
        _sequencers.Add(sequencer);
        _lockGeneration = Math.Max(_lockGeneration, sequencer.Generation);
    }

    private ChubbyClientOptions OptionsFor(NodeContext context) => new()
    {
        Members = _replicas,
        Clock = context.Clock,
        GracePeriod = TimeSpan.FromSeconds(3),
        ConnectTimeout = TimeSpan.FromMilliseconds(300),
        Connect = async (i, cancellation) => ChubbyTransport.Of(await context.Network.ConnectAsync(
            new NodeEndPoint(ChubbyNode.NameOf(i + 1), ChubbyNode.CellPortOf(i + 1)), cancellation)),
    };
}
