using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// The state of one Redis server and the parts that act on it. No tasks and no I/O here: commands come through
/// <see cref="Dispatcher"/>, replies go to the clients' buffers, changes to <see cref="Propagation"/>.
/// </summary>
internal sealed class RedisServer
{
    private readonly Func<long> _readClockMs;
    private readonly Action _requestTurnEnd;
    private readonly List<RedisClient> _touched = [];
    private readonly List<RedisClient> _held = [];
    private bool _turnEndRequested;
    private long _nowMs = -1;

    /// <param name="options">Options by Redis' own names.</param>
    /// <param name="context">The node's seed, faults and log.</param>
    /// <param name="readClockMs">The node's clock, Unix milliseconds.</param>
    /// <param name="alarm">Calls <see cref="Wake"/>.</param>
    /// <param name="requestTurnEnd">Asks for the end of the turn, when replies and the log's bytes are taken.</param>
    public RedisServer(RedisOptions options, NodeContext context, Func<long> readClockMs, IAlarm alarm, Action requestTurnEnd)
    {
        Options = options;
        Context = context;
        _readClockMs = readClockMs;
        Alarm = alarm;
        _requestTurnEnd = requestTurnEnd;
        Random = context.Seed.Stream("redis/random");
        RunId = MakeRunId(context.Seed.Stream("redis/run-id"));
        Lfu = new Lfu(this, context.Seed.Stream("redis/lfu"));
        Events = new KeyspaceEvents(this);
        var hashSeed = context.Seed.Stream("redis/hash").NextUInt64();
        options.Encodings.HashSeed = hashSeed;
        Databases = new Database[options.Databases];
        for (var i = 0; i < Databases.Length; i++)
            Databases[i] = new Database(i, hashSeed, Events);
        Blocking = new Blocking(this);
        Watches = new Watches();
        PubSub = new PubSub(this);
        Dispatcher = new Dispatcher(this);
        Observed = new ObservedExecution(this, Dispatcher);
        Monitors = new Monitors(this);
        Exit = new ServerExit(this);
        Eviction = new Eviction(this, context.Seed.Stream("redis/eviction"));
        Stats = new RedisStats { StartMs = NowMs };
    }

    public RedisOptions Options { get; }

    public NodeContext Context { get; }

    public Database[] Databases { get; }

    public KeyspaceEvents Events { get; }

    public Propagation Propagation { get; } = new();

    public Blocking Blocking { get; }

    public Watches Watches { get; }

    public PubSub PubSub { get; }

    public Dispatcher Dispatcher { get; }

    public ObservedExecution Observed { get; }

    public Monitors Monitors { get; }

    public ServerExit Exit { get; }

    /// <summary>True while spans or metrics of operations have a listener; found out once a turn.</summary>
    public bool IsObserved { get; private set; }

    public IAlarm Alarm { get; }

    public RedisStats Stats { get; }

    public RandomStream Random { get; }

    public Lfu Lfu { get; }

    public Eviction Eviction { get; }

    /// <summary>The disk's side; set before the server takes commands.</summary>
    public IPersistence? Persistence { get; set; }

    /// <summary>40 hex digits that name this run of the server.</summary>
    public string RunId { get; }

    /// <summary>Sections of INFO that other parts fill.</summary>
    public Dictionary<string, Func<List<(string Name, object Value)>>> InfoSections { get; } = [];

    /// <summary>Connected clients by id.</summary>
    public SortedDictionary<long, RedisClient> Clients { get; } = [];

    /// <summary>True while the dataset is being loaded: nothing expires, nothing propagates.</summary>
    public bool IsLoading { get; set; }

    /// <summary>
    /// Work that runs at a time of its own: registered by persistence, eviction and expiry; called with now, returns when to be called
    /// next.
    /// </summary>
    public List<Func<long, long>> Periodic { get; } = [];

    /// <summary>Unix milliseconds, frozen while a command runs.</summary>
    public long NowMs => _nowMs >= 0 ? _nowMs : _readClockMs();

    /// <summary>Unix milliseconds as they go on, for how long something takes.</summary>
    public long ReadClockMs() => _readClockMs();

    /// <summary>Freezes the time for what runs now; refreshed once a turn.</summary>
    public void FreezeTime()
    {
        if (_nowMs < 0)
        {
            _nowMs = _readClockMs();
            IsObserved = Context.Telemetry.IsObserved;
            RequestTurnEnd();
        }
    }

    /// <summary>
    /// Bytes that the keys hold: the sum of what MEMORY USAGE says of each. INFO shows it and <c>maxmemory</c> limits it.
    /// </summary>
    public long UsedMemory()
    {
        var total = 0L;
        foreach (var db in Databases)
            total += db.MemoryBytes;
        Stats.PeakMemory = Math.Max(Stats.PeakMemory, total);
        return total;
    }

    /// <summary>SWAPDB: two databases change their contents; clients stay where they are.</summary>
    public void Swap(int a, int b)
    {
        Watches.Emptied(Databases[a], Databases[b]);
        Watches.Emptied(Databases[b], Databases[a]);
        // A running snapshot tells keys by their database.
        Events.BeforeClear(Databases[a]);
        Events.BeforeClear(Databases[b]);
        Database.SwapContents(Databases[a], Databases[b]);
        Blocking.RetryAll(Databases[a], Databases[b]);
    }

    /// <summary>Wakes up when the next key expires, while active expiry is on.</summary>
    public void ScheduleExpiry()
    {
        if (!Options.ActiveExpire || IsLoading)
            return;
        foreach (var db in Databases)
        {
            if (db.NextExpiryMs() is >= 0 and var at)
                Alarm.Arm(Math.Max(at + 1, NowMs + 1));
        }
    }

    /// <summary>Notes that a client has output: it is released when the turn ends.</summary>
    public void Touch(RedisClient client)
    {
        if (client.IsTouched)
            return;
        client.IsTouched = true;
        _touched.Add(client);
        RequestTurnEnd();
    }

    /// <summary>Hands over the clients with output of this turn, and lets time go on.</summary>
    public void TakeTouched(List<RedisClient> into)
    {
        _turnEndRequested = false;
        _nowMs = -1;
        foreach (var client in _touched)
        {
            client.IsTouched = false;
            into.Add(client);
        }
        _touched.Clear();
    }

    /// <summary>See <see cref="RedisCall.Modified"/>.</summary>
    public void Modified(RedisClient? client, Database db, ReadOnlySpan<byte> key, NotifyClass kind, string name)
    {
        Propagation.Dirty++;
        Watches.Changed(db, key);
        Blocking.Ready(db, key);
        if (Options.NotifyKeyspaceEvents != NotifyClass.None)
            PubSub.NotifyKeyspace(db, key, kind, name);
    }

    /// <summary>A key went by itself: its time was up, or memory was. That counts as no change of anyone's.</summary>
    public void Gone(Database db, ReadOnlySpan<byte> key, NotifyClass kind, string name)
    {
        Watches.Changed(db, key);
        if (Options.NotifyKeyspaceEvents != NotifyClass.None)
            PubSub.NotifyKeyspace(db, key, kind, name);
    }

    /// <summary>A blocked client was answered: its later commands go on.</summary>
    public void Unblocked(RedisClient client)
    {
        if (client.Unanswered is { } waited)
            Observed.Answered(client, waited);
        Touch(client);
        client.Transport?.ResumeInput();
    }

    /// <summary>Keeps a client's input and output back for a while: an operation that is slow by a fault.</summary>
    public void Hold(RedisClient client, int delayMs)
    {
        client.HeldUntilMs = NowMs + delayMs;
        client.Transport?.PauseInput();
        _held.Add(client);
        Alarm.Arm(client.HeldUntilMs);
    }

    /// <summary>Keeps a client's input and output back until what it asked for is done; the result answers it.</summary>
    public Action<Action<RespWriter>> Await(RedisClient client)
    {
        client.HeldUntilMs = long.MaxValue;
        client.Transport?.PauseInput();
        return answer =>
        {
            client.HeldUntilMs = 0;
            answer(client.Reply);
            Unblocked(client);
        };
    }

    /// <summary>A client is gone.</summary>
    public void Disconnected(RedisClient client)
    {
        if (client.Unanswered is { } waited)
            Observed.Abandoned(client, waited);
        if (client.IsCounted)
            Context.Telemetry.ConnectionClosed();
        Blocking.Release(client);
        Watches.Forget(client);
        PubSub.Forget(client);
        Monitors.Remove(client);
        Clients.Remove(client.Id);
    }

    /// <summary>Does what is due by now.</summary>
    public void Wake()
    {
        FreezeTime();
        var now = NowMs;
        Blocking.ExpireDue(now);
        if (Blocking.NextDeadlineMs is >= 0 and var deadline)
            Alarm.Arm(deadline);
        ExpireDue(now);
        foreach (var work in Periodic)
            Alarm.Arm(work(now));
        ReleaseHeld(now);
        Blocking.Serve();
    }

    private void RequestTurnEnd()
    {
        if (_turnEndRequested)
            return;
        _turnEndRequested = true;
        _requestTurnEnd();
    }

    // At most so many keys a turn, so that a mass expiry does not stop the server.
    private void ExpireDue(long now)
    {
        if (!Options.ActiveExpire || IsLoading)
            return;
        var left = 1000 * Options.ActiveExpireEffort;
        foreach (var db in Databases)
        {
            while (left-- > 0 && db.TryTakeExpired(now - 1, out var key))
                Events.Expired(db, key);
        }
        ScheduleExpiry();
    }

    private static string MakeRunId(RandomStream random)
    {
        var bytes = new byte[20];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private void ReleaseHeld(long now)
    {
        foreach (var client in _held.ToArray())
        {
            if (client.HeldUntilMs > now)
            {
                Alarm.Arm(client.HeldUntilMs);
                continue;
            }
            _held.Remove(client);
            client.HeldUntilMs = 0;
            Unblocked(client);
        }
    }
}
