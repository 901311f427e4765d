using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// One member of the cell: applies what the cell agrees on, and tells its own connections of it in the same order. Invariants: a
/// connection that has a session stands under it, and is the only one that does.
/// </summary>
internal sealed class CellMember : IReplicatedMachine
{
    private readonly SortedDictionary<long, ClientConnection> _byToken = [];
    private readonly Dictionary<long, ClientConnection> _bySession = [];
    private readonly SortedSet<long> _heardOf = [];
    private readonly long _start;
    private long _lastToken;
    private long _lastNumber;
    private long _reapAtMs;

    public CellMember(NodeContext context, ChubbyOptions options, long id, long start)
    {
        (Context, Options, Id) = (context, options, id);
        // 24 bits of a token.
        _start = start & 0xffffff;
        State = new CellState(new AccessRules(options.SkipAcl, options.EnforceQuota));
        Observation = new Observation(context);
        Connecting = new Connecting(this, start);
        Master = new Cell.CellMaster(this, start);
        Ensemble = new Ensemble(this);
        StartedMs = NowMs;
    }

    public NodeContext Context { get; }

    public ChubbyOptions Options { get; }

    /// <summary>From 1, as ZooKeeper's myid.</summary>
    public long Id { get; }

    public INodeLog Log => Context.Log;

    public CellState State { get; private set; }

    public WatchTable Watches { get; } = new();

    public SessionLeases Leases { get; } = new();

    public JuteWriter Writer { get; } = new(4096);

    public Observation Observation { get; }

    public Connecting Connecting { get; }

    /// <summary>Its part in Chubby's own API.</summary>
    public Cell.CellMaster Master { get; }

    /// <summary>Who the members are.</summary>
    public Ensemble Ensemble { get; }

    public MemberCounts Counts { get; } = new();

    /// <summary>How the cell agrees.</summary>
    public RaftMember Replica { get; private set; } = null!;

    public long StartedMs { get; }

    /// <summary>Since when it leads, on the clock for leases.</summary>
    public long LeadsSinceMs { get; private set; }

    /// <summary>Where the operation of a connection's first packet stands in the table.</summary>
    public int ConnectIndex { get; } = ZooKeeperOperations.Find(-10)!.Index;

    public long NowMs => Context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Time for leases: no wall clock that is set moves it.</summary>
    public long LeaseClockMs => Context.Clock.GetTimestamp() / (Context.Clock.TimestampFrequency / 1000);

    /// <summary>It can speak for the cell: clients may come.</summary>
    public bool IsServing => Replica.HasQuorum && Ensemble.IsMember;

    public IReadOnlyCollection<ClientConnection> Connections => _byToken.Values;

    /// <summary>The state is recovered: from now on this member takes part.</summary>
    public void Join(RaftMember replica)
    {
        Replica = replica;
        replica.LeadershipChanged += OnLeadershipChanged;
        OnLeadershipChanged();
    }

    /// <summary>A connection came. Its token is never given again, in no life of this member.</summary>
    public ClientConnection Add(SessionTransport transport, Identity address)
    {
        var client = new ClientConnection(this, transport, (Id << 56) | (_start << 32) | ++_lastToken, address);
        _byToken.Add(client.Token, client);
        Counts.Connections++;
        return client;
    }

    public void Forget(ClientConnection client)
    {
        _byToken.Remove(client.Token);
        Counts.ConnectionsDropped++;
        Watches.RemoveAll(client);
        if (_bySession.TryGetValue(client.SessionId, out var current) && current == client)
            _bySession.Remove(client.SessionId);
    }

    // async void: that the cell does not carry it out ends the connection; anything else ends the node.
    public async void Propose(ClientConnection client, PendingRequest request)
    {
        request.Number = ++_lastNumber;
        var session = request.SessionId == 0 ? client.SessionId : request.SessionId;
        var header = new ChangeHeader(NowMs, session, client.Token, request.Number, client.Identities);
        if (!await TryProposeAsync(header, request.Change!))
            client.Close();
    }

    public async void CatchUp(ClientConnection client, PendingRequest request)
    {
        try
        {
            await Replica.ReadAsync(CancellationToken.None);
        }
        catch (ConsensusException)
        {
            client.Close();
            return;
        }
        request.IsDone = true;
        client.Advance();
    }

    /// <summary>A session's client was heard of.</summary>
    public void Renew(long session)
    {
        if (Replica.IsLeader)
            Leases.Renew(session, LeaseClockMs);
        else if (session != 0)
            _heardOf.Add(session);
    }

    /// <summary>What became of a change once it is applied here; null if the cell did not agree on it, or not yet.</summary>
    public async ValueTask<AppliedChange?> TryApplyAsync(ChangeHeader header, Change change)
    {
        try
        {
            return (AppliedChange?)await Replica.ProposeAsync(ChangeCodec.Encode(header, change), CancellationToken.None);
        }
        catch (ConsensusException e)
        {
            Log.Write(LogSeverity.Warning, $"{change.Kind} was not agreed on: {e.Message}");
            return null;
        }
    }

    /// <summary>Runs something later, on the node's clock.</summary>
    public async void After(int delayMs, Action action)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(delayMs), Context.Clock);
        action();
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Save() => StateCodec.Save(State);

    /// <inheritdoc/>
    public void Restore(ReadOnlyMemory<byte> state)
    {
        State = StateCodec.Restore(state.Span, State.Access);
        // What happened in between is not known one by one: clients come back, and set their watches again.
        foreach (var client in _byToken.Values.ToArray())
            client.Close();
    }

    /// <summary>Applies a change that the cell has agreed on.</summary>
    public object? Apply(long index, ReadOnlyMemory<byte> command)
    {
        var (header, change) = ChangeCodec.Decode(command.Span);
        var reconfig = State.Reconfig;
        var applied = State.Apply(header, change);
        if (change is EndReconfig && reconfig is not null && State.Reconfig is null)
            header = (applied = applied with { Header = reconfig.Asker }).Header;
        if (change is NewEpoch or Reconfigure)
            Context.Executor.Post(Ensemble.Step);
        foreach (var warning in applied.Warnings)
            Log.Write(LogSeverity.Warning, warning);
        Counts.Commits++;
        if (Replica is { IsLeader: true })
            Counts.Proposals.Add(command.Length);
        KeepLeases(applied);
        foreach (var happened in applied.Events)
            Watches.Fire(happened);
        _byToken.TryGetValue(header.Origin, out var asking);
        foreach (var session in applied.ClosedSessions)
        {
            if (_bySession.Remove(session, out var client) && client != asking)
                client.Close();
        }
        if (change is OpenSession or MoveSession && applied.Result.Error == ZooError.Ok)
        {
            // Whoever had the session before has lost it.
            if (_bySession.Remove(header.SessionId, out var before) && before != asking)
                before.Close();
            if (asking is not null)
                _bySession[header.SessionId] = asking;
        }
        // Who asks for other members is answered when they are the members.
        if (change is not Reconfigure || applied.Result.Error != ZooError.Ok)
            asking?.Applied(applied);
        Master.Applied(applied);
        return applied;
    }

    /// <summary>Looks after leases, mortal nodes and the majority; called several times a tick.</summary>
    public void Tick()
    {
        foreach (var client in _byToken.Values.Where(c => c.SessionId != 0 && c.IsReadOnly == IsServing).ToArray())
            client.Close();
        Master.Tick();
        Ensemble.Step();
        var now = NowMs;
        if (Replica.IsLeader)
        {
            foreach (var session in Leases.Over(LeaseClockMs).ToArray())
                Expire(session);
            if (now >= _reapAtMs)
                Reap(now);
        }
        else if (_heardOf.Count > 0 && IsServing)
        {
            ProposeOwn(new RenewSessions([.. _heardOf]));
            _heardOf.Clear();
        }
    }

    private void OnLeadershipChanged()
    {
        Leases.Clear();
        if (Replica.IsLeader)
        {
            LeadsSinceMs = LeaseClockMs;
            foreach (var session in State.Sessions.All)
                Leases.Grant(session.Id, session.TimeoutMs, LeaseClockMs);
            ProposeOwn(new NewEpoch(Ensemble.Founders(Options)));
        }
        Master.OnLeadershipChanged();
    }

    private void KeepLeases(AppliedChange applied)
    {
        foreach (var session in applied.ClosedSessions)
            Leases.Remove(session);
        if (Replica is not { IsLeader: true })
            return;
        switch (applied.Change)
        {
            case OpenSession or MoveSession when applied.Result.Error == ZooError.Ok:
                Grant(applied.Header.SessionId);
                break;
            case RenewSessions renewed:
                foreach (var session in renewed.Sessions)
                    Grant(session);
                break;
        }
    }

    private void Grant(long id)
    {
        if (State.Sessions.Find(id) is { } session)
            Leases.Grant(id, session.TimeoutMs, LeaseClockMs);
    }

    private async void Expire(long id)
    {
        Leases.Remove(id);
        if (State.Sessions.Find(id) is not { } session)
            return;
        Counts.SessionsExpired++;
        Log.Write(LogSeverity.Info, $"Expiring session 0x{id:x}, timeout of {session.TimeoutMs}ms exceeded");
        if (!await TryProposeAsync(new ChangeHeader(NowMs, 0, 0, 0, []), new ExpireSession(id, session.RenewedZxid)) && Replica.IsLeader)
            Grant(id);
    }

    private void Reap(long now)
    {
        _reapAtMs = now + Options.ContainerCheckIntervalMs;
        foreach (var path in State.Tree.Mortal.Where(p => ReapNode.IsDue(State.Tree.Find(p)!, now)).ToArray())
            ProposeOwn(new ReapNode(path, now));
    }

    /// <summary>Asks for a change for itself; whatever becomes of it.</summary>
    public async ValueTask ProposeOwnAsync(Change change) => await TryProposeAsync(new ChangeHeader(NowMs, 0, 0, 0, []), change);

    private async void ProposeOwn(Change change) => await ProposeOwnAsync(change);

    private async ValueTask<bool> TryProposeAsync(ChangeHeader header, Change change) => await TryApplyAsync(header, change) is not null;
}
