using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>A member of the cell as a node.</summary>
internal sealed class ChubbyNode(NodeContext context, ChubbyOptions options, int id) : Node(context), ISessionFactory
{
    private const long Group = 1;
    private const int PeerPort = 2888;
    private const int KeepEntriesMax = 10_000;
    private const int FirstPort = 2181;
    private const int FirstCellPort = 4181;

    private static readonly TimeSpan LedWithin = TimeSpan.FromSeconds(10);

    private INodeListener? _listener;
    private INodeListener? _cellListener;
    private RaftHost? _host;
    private CellMember? _member;
    private ITimer? _timer;

    /// <summary>The member; only on the node's executor.</summary>
    public CellMember Member => _member ?? throw new InvalidOperationException("The node has not started.");

    public static string NameOf(long id) => $"chubby-{id}";

    /// <summary>Where a member serves ZooKeeper's protocol.</summary>
    public static int PortOf(long id) => FirstPort + (int)id - 1;

    /// <summary>Where a member serves Chubby's own protocol.</summary>
    public static int CellPortOf(long id) => FirstCellPort + (int)id - 1;

    /// <summary>For the Inside page; only on the node's executor.</summary>
    public override ChubbyInside Inside() => ChubbyInside.Read(Member);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _host = await RaftHost.OpenAsync(Context, RaftOptions(), cancellation);
        _member = new CellMember(Context, options, id, _host.Starts);
        var founders = new Membership(
            Enumerable.Range(1, options.Replicas).Select(i => (long)i),
            learners: Enumerable.Range(options.Replicas + 1, options.Observers).Select(i => (long)i));
        _member.Join(await _host.JoinAsync(Group, founders, _member, cancellation));
        var often = TimeSpan.FromMilliseconds(Math.Max(1, options.TickTime / 8));
        _timer = Context.Clock.CreateTimer(_ => _member.Tick(), null, often, often);
        _cellListener = await Context.Network.ListenAsync(CellPortOf(id), new Cell.CellSessions(_member.Master), cancellation);
        var own = _cellListener.Socket?.ToString() ?? _cellListener.Address.ToString();
        Context.Log.Write(LogSeverity.Info, $"serving Chubby's own protocol on {own}");
        _listener = await Context.Network.ListenAsync(PortOf(id), this, cancellation);
        Context.Log.Write(LogSeverity.Info, $"binding to port {PortOf(id)}");
        _member.Ensemble.ClientAddress = _listener.Socket?.ToString() ?? _listener.Address.ToString();
        // The members start one after the other: with the last one there can be a leader, and the cell serves.
        if (id == options.Nodes && _member.Ensemble.IsMember)
            await _member.Replica.UntilAsync(static r => r.HasQuorum, LedWithin);
        _member.Ensemble.Step();
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        if (_listener is not null)
            await _listener.CloseAsync();
        if (_cellListener is not null)
            await _cellListener.CloseAsync();
        foreach (var client in _member?.Connections.ToArray() ?? [])
            client.Close();
        if (_host is not null)
            await _host.StopAsync();
    }

    public Session? Accept(SessionTransport transport)
    {
        var mine = Identity.Of(transport.Remote);
        if (options.MaxCnxns > 0 && Member.Connections.Count >= options.MaxCnxns)
        {
            Context.Log.Write(LogSeverity.Warning, $"Too many connections - max is {options.MaxCnxns}");
            Member.Counts.ConnectionsRejected++;
            return null;
        }
        if (options.MaxClientCnxns > 0 && Member.Connections.Count(c => c.Identities[0] == mine) >= options.MaxClientCnxns)
        {
            Context.Log.Write(LogSeverity.Warning, $"Too many connections from {mine.Id} - max is {options.MaxClientCnxns}");
            Member.Counts.ConnectionsRejected++;
            return null;
        }
        return new ZooKeeperSession(Member, Member.Add(transport, mine));
    }

    private RaftHostOptions RaftOptions() => new()
    {
        Id = id,
        Nodes = Enumerable.Range(1, options.Nodes).ToDictionary(i => (long)i, i => NameOf(i)),
        Port = PeerPort,
        SnapshotEntries = options.SnapCount,
        KeepEntries = Math.Min(options.SnapCount, KeepEntriesMax),
        Raft = new RaftOptions { EntryBytesMax = Math.Max(4 << 20, options.JuteMaxBuffer + 4096) },
    };
}
