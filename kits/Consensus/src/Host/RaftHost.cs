using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Consensus;

/// <summary>
/// A node's members of any number of groups: one timer, one port, one connection to each peer for all of them. All calls come on the
/// node's executor. What a turn brings is worked on at its end, and what that sends to a peer leaves in one piece, heartbeats of all groups
/// as one message.
/// </summary>
public sealed class RaftHost
{
    private const int CounterBits = 40;

    private readonly NodeContext _context;
    private readonly IDisk _disk;
    private readonly SortedDictionary<long, RaftMember> _members = [];
    private readonly SortedDictionary<long, Peer> _peers = [];
    private readonly TickQueue _ticks = new();
    private readonly ITimer _timer;
    private List<RaftMember> _due = [];
    private List<RaftMember> _working = [];
    private long _armedUs = long.MaxValue;
    private long _counter;
    private bool _isWorkDue;
    private bool _isStopped;

    private RaftHost(NodeContext context, IDisk disk, RaftHostOptions options)
    {
        Invariant.Check(options.Id > 0 && options.Nodes.ContainsKey(options.Id), "a host is one of the nodes");
        options.Raft.Validate();
        (_context, _disk, Options) = (context, disk, options);
        foreach (var (id, name) in options.Nodes.OrderBy(n => n.Key))
            SetPeer(id, new NodeEndPoint(name, options.Port));
        _timer = context.Clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The members of all groups here, by group.</summary>
    public IReadOnlyCollection<RaftMember> Members => _members.Values;

    /// <summary>How often this node's host was started, this time included; counted on its disk.</summary>
    public long Starts { get; private set; }

    internal RaftHostOptions Options { get; }

    internal TimeProvider Clock => _context.Clock;

    internal IRaftWatch? Watch => Options.Watch;

    // The clocks of nodes count in ticks of 100 ns.
    internal long NowUs => _context.Clock.GetTimestamp() / (_context.Clock.TimestampFrequency / 1_000_000);

    /// <summary>Opens the node's host and listens for its peers.</summary>
    public static async ValueTask<RaftHost> OpenAsync(NodeContext context, RaftHostOptions options, CancellationToken cancellation)
    {
        var host = new RaftHost(context, context.Disk, options);
        await host.CountStartAsync();
        await context.Network.ListenAsync(options.Port, new PeerSessions(host), cancellation);
        return host;
    }

    /// <summary>
    /// A group of one with its log in memory and no network, for tests and for systems that run without replicas. It leads when the call
    /// completes.
    /// </summary>
    public static ValueTask<RaftMember> MemoryOf(NodeContext context, IReplicatedMachine machine)
    {
        var options = new RaftHostOptions { Id = 1, Nodes = new Dictionary<long, string> { [1] = context.Name } };
        var host = new RaftHost(context, new MemoryDisk(), options);
        return host.JoinAsync(1, new Membership([1]), machine, CancellationToken.None);
    }

    /// <summary>
    /// Opens this node's member of a group, or founds it: reads its snapshot and log from the disk, applies what is known to be committed,
    /// and joins in. The one voter of a group leads when the call completes.
    /// </summary>
    /// <param name="group">The group's number, above 0; the same on all nodes.</param>
    /// <param name="founders">Who founded the group: the same on all nodes for ever, those that join later too.</param>
    /// <param name="machine">A new machine.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<RaftMember> JoinAsync(
        long group, Membership founders, IReplicatedMachine machine, CancellationToken cancellation)
    {
        Invariant.Check(group > 0 && !_members.ContainsKey(group), "a node has one member of a group");
        var storage = await FileRaftStorage.OpenAsync(
            _disk, $"{Options.Folder}/{group}/", founders, Options.Log, Options.CacheBytes);
        cancellation.ThrowIfCancellationRequested();
        Invariant.Check(!_isStopped && !_members.ContainsKey(group));
        var member = new RaftMember(this, group, machine, storage);
        _members.Add(group, member);
        member.Work();
        if (member.Core.IsAlone)
            await LeadAsync(member);
        Schedule(member);
        return member;
    }

    /// <summary>
    /// Says where a node's host is reached that was not among <see cref="RaftHostOptions.Nodes"/>, or is elsewhere from now on; null for
    /// nowhere. Nothing happens where that is known already, nor for this node itself.
    /// </summary>
    public void SetPeer(long id, NodeEndPoint? address)
    {
        if (id == Options.Id || _isStopped || Equals(_peers.GetValueOrDefault(id)?.Address, address))
            return;
        if (_peers.Remove(id, out var before))
            Close(before);
        if (address is not null)
            _peers.Add(id, new Peer(_context, Options, address, () => Lost(id)));
    }

    /// <summary>Ends all members: what is under way fails as <see cref="ConsensusFailure.Stopped"/>, what is written is synced.</summary>
    public async ValueTask StopAsync()
    {
        _isStopped = true;
        await _timer.DisposeAsync();
        foreach (var member in _members.Values)
            await member.StopAsync();
        foreach (var peer in _peers.Values)
            await peer.CloseAsync();
    }

    /// <summary>A peer that nobody told of says where it is.</summary>
    internal void Introduce(long id, NodeEndPoint address)
    {
        if (!_peers.ContainsKey(id))
            SetPeer(id, address);
    }

    internal Peer? PeerOf(long id) => _peers.GetValueOrDefault(id);

    internal RandomStream ElectionStream(long group) => _context.Seed.Stream($"raft/{group}/{Starts}/election");

    /// <summary>A number that this node gives once, over its restarts too.</summary>
    internal long NextNumber() => (Starts << CounterBits) + ++_counter;

    /// <summary>The member works at the end of this turn.</summary>
    internal void Schedule(RaftMember member)
    {
        if (!member.IsDue)
        {
            member.IsDue = true;
            _due.Add(member);
        }
        if (_isWorkDue)
            return;
        _isWorkDue = true;
        _context.Executor.AtTurnEnd(TurnPhase.Commit, Work);
    }

    internal void Take(long group, RaftMessage message)
    {
        if (_isStopped || !_members.TryGetValue(group, out var member))
            return;
        member.Take(message);
        Schedule(member);
    }

    internal void TakeProposal(long group, long from, long sequence, byte[] data)
    {
        if (_isStopped || !_members.TryGetValue(group, out var member) || PeerOf(from) is not { } peer)
            return;
        var (refusal, index) = member.TakeProposal(data);
        peer.Answer(group, sequence, refusal, index);
        Schedule(member);
    }

    internal void TakeAnswer(long group, long sequence, RaftRefusal refusal, long index)
    {
        if (_isStopped || !_members.TryGetValue(group, out var member))
            return;
        member.TakeAnswer(sequence, refusal, index);
        Schedule(member);
    }

    // Messages leave before the disk is busy: others write meanwhile (thesis 10.2.1). Those who are told of an outcome may bring more work,
    // which belongs to this turn too.
    private void Work()
    {
        while (_due.Count > 0)
        {
            (_working, _due) = (_due, _working);
            foreach (var member in _working)
            {
                member.IsDue = false;
                member.Work();
            }
            foreach (var peer in _peers.Values)
                peer.Flush();
            foreach (var member in _working)
            {
                member.Finish();
                _ticks.Put(member, member.NextDueUs);
            }
            _working.Clear();
        }
        _isWorkDue = false;
        if (!_isStopped)
            Arm();
    }

    private void Tick()
    {
        _armedUs = long.MaxValue;
        if (_isStopped)
            return;
        var nowUs = NowUs;
        while (_ticks.Take(nowUs) is { } member)
        {
            member.Tick(nowUs);
            Schedule(member);
        }
        Arm();
    }

    // On a grid: what is due within one step of it goes out together, and stays together.
    private void Arm()
    {
        var stepUs = Options.TickMs * 1_000L;
        if (_ticks.NextUs == long.MaxValue)
            return;
        var atUs = (_ticks.NextUs + stepUs - 1) / stepUs * stepUs;
        if (atUs >= _armedUs)
            return;
        _armedUs = atUs;
        _timer.Change(TimeSpan.FromMicroseconds(Math.Max(atUs - NowUs, 1)), Timeout.InfiniteTimeSpan);
    }

    private void Lost(long peer)
    {
        foreach (var member in _members.Values)
        {
            member.Core.ReportUnreachable(peer);
            Schedule(member);
        }
    }

    // async void: its connection's end harms nobody.
    private static async void Close(Peer peer) => await peer.CloseAsync();

    // Nobody else could stand: there is nothing to wait for but the disk.
    private async ValueTask LeadAsync(RaftMember member)
    {
        Invariant.Check(member.Core.Campaign(NowUs));
        Schedule(member);
        await member.UntilAsync(static m => m.IsLeader, Timeout.InfiniteTimeSpan);
    }

    private async ValueTask CountStartAsync()
    {
        using var file = await StateFile.OpenAsync(_disk, Options.Folder + "/epoch");
        Starts = 1 + (file.HasValue ? BitConverter.ToInt64(file.Value) : 0);
        await file.SaveAsync(BitConverter.GetBytes(Starts));
    }
}
