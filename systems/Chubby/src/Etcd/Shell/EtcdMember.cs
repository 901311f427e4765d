using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// One member of the cluster: its state, what of it only this member knows, and the way to change it. Only on the node's executor.
/// </summary>
internal sealed class EtcdMember : IEtcdObserver
{
    // What a put costs in etcd's file beside key and value.
    private const int PutOverheadBytes = 256;
    private const int CheckpointIntervalMs = 300_000;

    private static readonly TimeSpan LedWithin = TimeSpan.FromSeconds(10);

    private readonly HashSet<long> _ending = [];
    private long _ledTerm;
    private long _progressAtMs;
    private long _checkpointAtMs;

    public EtcdMember(NodeContext context, EtcdOptions options, RaftHost host, MemberIdentity identity)
    {
        (Context, Options) = (context, options);
        Store = new EtcdStore(EtcdOptions.LeaseTtlMinSeconds, identity.Founders) { Observer = this };
        Hub = new WatchHub(Store, HeaderOf, options.MaxRequestBytes + EtcdMethods.OverheadBytes);
        Tokens = new TokenTable(Store, () => NowMs, 1000L * options.AuthTokenTtlSeconds);
        Random = context.Seed.Stream($"etcd/ids/{host.Starts}");
        Cluster = new EtcdCluster(this, host, identity);
        Cluster.Changed();
        _progressAtMs = NowMs + (1000L * options.WatchProgressNotifySeconds);
        _checkpointAtMs = NowMs + CheckpointIntervalMs;
    }

    public NodeContext Context { get; }

    public EtcdOptions Options { get; }

    public EtcdStore Store { get; }

    public WatchHub Hub { get; }

    public LeaseDeadlines Deadlines { get; } = new();

    public TokenTable Tokens { get; }

    /// <summary>Where tokens are not kept but signed; else null.</summary>
    public JwtTokens? Jwt { get; init; }

    /// <summary>What happened here since the node started.</summary>
    public MemberCounts Counts { get; } = new();

    /// <summary>For ids, tokens and salts; another stream each life, so that none is given twice.</summary>
    public RandomStream Random { get; }

    public EtcdCluster Cluster { get; }

    public RaftMember Replica { get; private set; } = null!;

    /// <summary>For leases and tokens: milliseconds from anywhere, which no wall clock that is set moves.</summary>
    public long NowMs => Context.Clock.GetTimestamp() / (Context.Clock.TimestampFrequency / 1000);

    /// <summary>The state is recovered: from now on this member takes part.</summary>
    public void Join(RaftMember replica)
    {
        Replica = replica;
        replica.LeadershipChanged += LookWhoLeads;
        LookWhoLeads();
    }

    /// <summary>All members; one that has not come up yet has neither name nor clients' address, as in etcd.</summary>
    public IEnumerable<Member> Members() => Store.Members.All.Select(m => m.Clone());

    /// <summary>Tells the others where clients reach this member. What comes of it shows in the store.</summary>
    public void Publish(string url)
    {
        var member = new Member { ID = Cluster.Id, Name = Context.Name, ClientURLs = { url } };
        TryPropose(new EtcdCommand { MemberPublish = member });
    }

    /// <summary>The response, once the command is agreed on and applied here. Throws <see cref="EtcdException"/> and
    /// <see cref="ConsensusException"/>.</summary>
    public async Task<IMessage> ProposeAsync(EtcdCommand command, CancellationToken cancellation)
    {
        if (command.CalculateSize() > Options.MaxRequestBytes)
            throw new EtcdException(EtcdErrors.RequestTooLarge);
        await CheckQuotaAsync(command, cancellation);
        return await Replica.ProposeAsync(command.ToByteArray(), cancellation) switch
        {
            EtcdError error => throw new EtcdException(error),
            IMessage response => response,
            var other => throw new InvalidOperationException($"a command gave {other}"),
        };
    }

    /// <summary>Writes who answers into the header of a response.</summary>
    public IMessage Seal(IMessage response)
    {
        // All responses have their header as field 1.
        if (response.Descriptor.FindFieldByNumber(1) is { FieldType: FieldType.Message } field
            && field.Accessor.GetValue(response) is ResponseHeader header)
            (header.ClusterId, header.MemberId, header.RaftTerm) = (Cluster.Number, Cluster.Id, (ulong)Replica.Term);
        return response;
    }

    public async Task LedByAsync(long leader, CancellationToken cancellation)
    {
        if (!await Replica.UntilAsync(r => r.Leader == leader, LedWithin, cancellation))
            throw new EtcdException(EtcdErrors.TimedOut);
    }

    /// <summary>What time asks for; to be called twice a second.</summary>
    public void Tick()
    {
        Cluster.Tick();
        if (NowMs >= _progressAtMs)
        {
            _progressAtMs = NowMs + (1000L * Options.WatchProgressNotifySeconds);
            Hub.NotifyProgress();
        }
        if (!Replica.IsLeader)
            return;
        // Who began to lead in this very turn has not been told of it yet.
        LookWhoLeads();
        foreach (var id in Deadlines.Expired(NowMs).Where(_ending.Add).ToList())
            TryPropose(new EtcdCommand { LeaseExpiry = new LeaseExpiry { Id = id, Seen = Store.AppliedIndex } }, () => _ending.Remove(id));
        if (Deadlines.TakeRenewed() is { Count: > 0 } renewed)
            TryPropose(new EtcdCommand { LeaseRenewal = new LeaseRenewal { Ids = { renewed }, ByLeader = true } });
        if (NowMs >= _checkpointAtMs)
            Checkpoint();
        foreach (var token in Tokens.TakeExpired())
            TryPropose(new EtcdCommand { TokenExpiry = new TokenExpiry { Token = token } });
    }

    public void Changed(IReadOnlyList<KeyVersion> versions)
    {
        Counts.Changed(versions);
        Hub.Changed(versions);
    }

    public void LeaseSet(EtcdLease lease) => Deadlines.Set(lease, NowMs);

    public void LeaseRenewed(EtcdLease lease)
    {
        if (Replica?.IsLeader != true)
            LeaseSet(lease);
    }

    public void LeaseGone(long id) => Deadlines.Remove(id);

    public void MembersChanged() => Cluster.Changed();

    public void Restored(long seen)
    {
        Cluster.Changed();
        ResetDeadlines();
        Hub.Restored(seen);
    }

    private ResponseHeader HeaderOf(long revision) => new()
    {
        ClusterId = Cluster.Number,
        MemberId = Cluster.Id,
        Revision = revision,
        RaftTerm = (ulong)Replica.Term,
    };

    private void LookWhoLeads()
    {
        Counts.Leads(Replica.Leader);
        if (!Replica.IsLeader || Replica.Term == _ledTerm)
            return;
        _ledTerm = Replica.Term;
        if (!Bug.IsPlanted("etcd/new-leader-keeps-old-deadlines"))
            ResetDeadlines();
    }

    private void ResetDeadlines()
    {
        Deadlines.Clear();
        foreach (var lease in Store.Leases.All)
            Deadlines.Set(lease, NowMs);
    }

    // Long leases lose little of their time when the leader changes.
    private void Checkpoint()
    {
        _checkpointAtMs = NowMs + CheckpointIntervalMs;
        var checkpoints = Store.Leases.All.Where(l => l.Ttl * 1000 > CheckpointIntervalMs)
            .Select(l => new LeaseCheckpoint { Id = l.Id, RemainingTtl = Math.Max(1, Deadlines.RemainingSeconds(l.Id, NowMs)) }).ToList();
        if (checkpoints.Count > 0)
            TryPropose(new EtcdCommand { LeaseCheckpoints = new LeaseCheckpoints { Checkpoints = { checkpoints } } });
    }

    private async ValueTask CheckQuotaAsync(EtcdCommand command, CancellationToken cancellation)
    {
        if (command.RequestCase is not (EtcdCommand.RequestOneofCase.Put or EtcdCommand.RequestOneofCase.Txn)
            || Store.Keys.SizeBytes + command.CalculateSize() + PutOverheadBytes <= Options.QuotaBackendBytes)
            return;
        var alarm = new AlarmRequest
        {
            Action = AlarmRequest.Types.AlarmAction.Activate, Alarm = AlarmType.Nospace, MemberID = Cluster.Id,
        };
        await Replica.ProposeAsync(new EtcdCommand { Alarm = alarm }.ToByteArray(), cancellation);
        throw new EtcdException(EtcdErrors.NoSpace);
    }

    // async void: what the group does not carry out now, the next tick asks for again; anything else ends the node.
    private async void TryPropose(EtcdCommand command, Action? done = null)
    {
        try
        {
            await Replica.ProposeAsync(command.ToByteArray(), CancellationToken.None);
        }
        catch (ConsensusException e)
        {
            Context.Log.Write(LogSeverity.Debug, $"{command.RequestCase} was not carried out: {e.Message}");
        }
        done?.Invoke();
    }
}
