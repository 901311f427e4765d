using System.Globalization;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A member of a group with its disk, its links and a map of registers: the smallest shell around a <see cref="RaftCore"/>. Inputs of one
/// turn make one ready; what is written while a sync is under way shares the next one.
/// </summary>
internal sealed class RaftRegisterNode(NodeContext context, long id, RaftGroup group) : Node(context), ISessionFactory
{
    public const int ClientPort = 7_000;
    public const int PeerPort = 7_001;
    private const int TickMs = 5;

    private readonly Dictionary<long, (long Term, TaskCompletionSource<string?> Done)> _proposals = [];
    private readonly Dictionary<long, (string Key, TaskCompletionSource<string?> Done)> _reads = [];
    private readonly List<ReadState> _readsWaiting = [];
    private readonly List<byte> _incoming = [];
    private readonly SortedDictionary<long, PeerLinks> _links = [];
    private FileRaftStorage _storage = null!;
    private RegisterMachine _machine = null!;
    private long _lastRead;
    private long _persisted;
    private bool _isDue;
    private bool _isFlushing;

    public RaftCore Core { get; private set; } = null!;

    public ulong Hash => _machine.Hash;

    private long NowUs => Context.Clock.GetTimestamp() / (TimeSpan.TicksPerMillisecond / 1_000);

    /// <inheritdoc/>
    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _storage = await FileRaftStorage.OpenAsync(Context.Disk, "raft/", group.Founders);
        _machine = RegisterMachine.Load(_storage.SnapshotContents.Span);
        Core = new RaftCore(id, group.Options, _storage, Context.Seed.Stream("election"), NowUs);
        foreach (var peer in group.Ids.Where(p => p != id))
            _links.Add(peer, new PeerLinks(Context, RaftPlan.NameOf(peer), PeerPort, () => Core.ReportUnreachable(peer)));
        await Context.Network.ListenAsync(PeerPort, new PeerSessions(Take), cancellation);
        await Context.Network.ListenAsync(ClientPort, this, cancellation);
        Tick();
    }

    /// <inheritdoc/>
    public override ValueTask StopAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public Session? Accept(SessionTransport transport) => new RegisterSession(transport, AnswerAsync);

    // async void: runs as long as the node does, and what goes wrong in it is the node's failure.
    private async void Tick()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(TickMs), Context.Clock);
            Core.Tick(NowUs);
            Schedule();
        }
    }

    private void Take(RaftMessage message)
    {
        Core.Step(message, NowUs);
        Schedule();
    }

    private async ValueTask<string?> AnswerAsync(string line)
    {
        var words = line.Split(' ');
        var refusal = RaftRefusal.None;
        var done = new TaskCompletionSource<string?>();
        switch (words[0])
        {
            case "R":
                refusal = Core.Read(++_lastRead, NowUs);
                if (refusal == RaftRefusal.None)
                    _reads.Add(_lastRead, (words[1], done));
                break;
            case "W" or "C":
                refusal = Core.Propose(Encoding.UTF8.GetBytes(line), NowUs);
                if (refusal == RaftRefusal.None)
                    _proposals[Core.LastIndex] = (Core.Term, done);
                break;
            case "CHANGE":
                refusal = Core.ChangeMembership([.. words[1..].Select(Change)], NowUs);
                done.SetResult("OK");
                break;
            default:
                refusal = Core.TransferLeadership(long.Parse(words[1], CultureInfo.InvariantCulture), NowUs);
                done.SetResult("OK");
                break;
        }
        Schedule();
        return refusal == RaftRefusal.None ? await done.Task : "REFUSED " + refusal;
    }

    private void Schedule()
    {
        if (_isDue)
            return;
        _isDue = true;
        Context.Executor.AtTurnEnd(TurnPhase.Commit, Work);
    }

    private void Work()
    {
        _isDue = false;
        while (Core.HasReady)
        {
            Observe();
            var ready = Core.TakeReady();
            foreach (var message in ready.Messages)
                Send(message);
            foreach (var chunk in ready.Chunks)
                Take(chunk);
            _storage.Write(ready);
            foreach (var entry in ready.Committed)
                Apply(entry);
            _readsWaiting.AddRange(ready.Reads);
            foreach (var read in ready.DroppedReads)
                Answer(read, _ => "REFUSED dropped");
        }
        foreach (var read in _readsWaiting.FindAll(r => r.Index <= Core.AppliedIndex))
            Answer(read.Context, _machine.Read);
        _readsWaiting.RemoveAll(r => r.Index <= Core.AppliedIndex);
        if (_storage.HasUnflushed && !_isFlushing)
            Flush();
    }

    // async void: a disk error ends the node.
    private async void Flush()
    {
        _isFlushing = true;
        while (_storage.HasUnflushed)
        {
            var write = await _storage.FlushAsync();
            if (write > _persisted)
                Core.Persisted(_persisted = write, NowUs);
            Schedule();
            if (Core.AppliedIndex - _storage.Snapshot.Index >= group.SnapshotEvery)
                await SnapshotAsync();
        }
        _isFlushing = false;
    }

    private async ValueTask SnapshotAsync()
    {
        var meta = Core.DescribeSnapshot();
        await _storage.SaveSnapshotAsync(meta, _machine.Save());
        Core.SnapshotSaved(meta);
        var index = meta.Index - group.KeepEntries;
        if (index <= Core.BaseIndex)
            return;
        Core.Compact(index);
        await _storage.CompactAsync(index);
    }

    private void Send(RaftMessage message)
    {
        if (message.Kind == MessageKind.Vote)
            group.Observer.Stands(message.Term);
        if (_links.TryGetValue(message.To, out var links))
            links.Send(message);
    }

    private void Take(SnapshotChunk chunk)
    {
        if (chunk.Offset == 0)
            _incoming.Clear();
        _incoming.AddRange(chunk.Data.Span);
        if (chunk.IsLast)
            _machine = RegisterMachine.Load([.. _incoming]);
    }

    private void Apply(RaftEntry entry)
    {
        var command = entry.Kind == EntryKind.Command ? Encoding.UTF8.GetString(entry.Data.Span) : "";
        var answer = _machine.Apply(entry.Index, entry.Term, command);
        group.Observer.Applies(id, entry.Index, entry.Term, command, _machine.Hash);
        Core.Applied(entry.Index);
        // Another entry at its index: what was proposed there is gone for good (paper 5.3).
        if (_proposals.Remove(entry.Index, out var proposal))
            proposal.Done.SetResult(proposal.Term == entry.Term ? answer : "REFUSED overwritten");
    }

    private void Answer(long context, Func<string, string> answer)
    {
        if (_reads.Remove(context, out var read))
            read.Done.SetResult(answer(read.Key));
    }

    private void Observe()
    {
        if (Core.Role == RaftRole.Candidate)
            group.Observer.Stands(Core.Term);
        group.Observer.IsInTerm(id, Core.Term);
        if (Core.Role == RaftRole.Leader)
            group.Observer.Leads(id, Core.Term);
    }

    private static MembershipChange Change(string word) => new(word[0] switch
    {
        '+' => MembershipChangeKind.AddVoter,
        '~' => MembershipChangeKind.AddLearner,
        _ => MembershipChangeKind.Remove,
    }, long.Parse(word.AsSpan(1), CultureInfo.InvariantCulture));
}
