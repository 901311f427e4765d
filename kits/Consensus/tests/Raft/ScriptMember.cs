using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>One member of a script's group: a core, a disk that keeps what was synced, and a state machine that is a list of
/// words.</summary>
internal sealed class ScriptMember(long id, RaftOptions options, Membership founders)
{
    private readonly MemoryRaftStorage _storage = new(founders);
    private readonly RandomStream _random = new((ulong)id);
    private readonly StringBuilder _incoming = new();
    private (RaftRole, long, long) _told;

    public long Id { get; } = id;

    public RaftCore? Core { get; private set; }

    /// <summary>The words that were applied.</summary>
    public List<string> Words { get; private set; } = [];

    /// <summary>False while the script says when this disk syncs.</summary>
    public bool SyncsAtOnce { get; set; } = true;

    public MemoryRaftStorage Storage => _storage;

    public void Start(long nowUs)
    {
        Words = _storage.SnapshotBytes == 0 ? [] : [.. SnapshotText().Split(' ')];
        Core = new RaftCore(Id, options, _storage, _random, nowUs);
        _told = (RaftRole.Follower, Core.Term, 0);
    }

    public void Crash()
    {
        Core = null;
        _storage.Crash();
    }

    /// <summary>Does what the core wants done, and tells what others may see. True if there was anything.</summary>
    public bool Work(long nowUs, List<RaftMessage> network, Action<string> tell)
    {
        var worked = false;
        while (Core is { HasReady: true } core)
        {
            TellRole(tell);
            var ready = core.TakeReady();
            worked |= ready.MustSync || ready.Messages.Count > 0 || ready.Committed.Count > 0 || ready.Reads.Count > 0;
            network.AddRange(ready.Messages);
            _storage.Write(ready);
            foreach (var chunk in ready.Chunks)
                Take(chunk, tell);
            if (ready.MustSync && SyncsAtOnce)
                Sync(nowUs);
            Apply(ready, tell);
        }
        TellRole(tell);
        return worked;
    }

    public void Sync(long nowUs)
    {
        var write = _storage.Sync();
        if (write > 0)
            Core!.Persisted(write, nowUs);
    }

    /// <summary>Takes a snapshot of the words, and drops the log up to it.</summary>
    public void Snapshot(long keep)
    {
        var meta = Core!.DescribeSnapshot();
        _storage.SaveSnapshot(meta, Encoding.UTF8.GetBytes(string.Join(' ', Words)));
        Core.SnapshotSaved(meta);
        var index = Math.Max(Core.BaseIndex, meta.Index - keep);
        Core.Compact(index);
        _storage.Compact(index);
    }

    private void Take(SnapshotChunk chunk, Action<string> tell)
    {
        if (chunk.Offset == 0)
            _incoming.Clear();
        _incoming.Append(Encoding.UTF8.GetString(chunk.Data.Span));
        if (!chunk.IsLast)
            return;
        Words = _incoming.Length == 0 ? [] : [.. _incoming.ToString().Split(' ')];
        tell($"{Id} is restored to {chunk.Meta.Index}/{chunk.Meta.Term}, members {chunk.Meta.Membership}");
    }

    private void Apply(RaftReady ready, Action<string> tell)
    {
        foreach (var entry in ready.Committed)
        {
            if (entry.Kind == EntryKind.Command)
                Words.Add(Encoding.UTF8.GetString(entry.Data.Span));
            tell($"{Id} applies {MessageText.Of(entry)}");
            Core!.Applied(entry.Index);
        }
        foreach (var read in ready.Reads)
            tell($"{Id} may answer read {read.Context} at {read.Index}");
        foreach (var read in ready.DroppedReads)
            tell($"{Id} drops read {read}");
    }

    private void TellRole(Action<string> tell)
    {
        if (Core is null)
            return;
        var now = (Core.Role, Core.Term, Core.Leader);
        if (now == _told)
            return;
        _told = now;
        tell(Core.Role switch
        {
            RaftRole.Leader => $"{Id} leads term {Core.Term}",
            RaftRole.Candidate => $"{Id} is a candidate in term {Core.Term}",
            RaftRole.PreCandidate => $"{Id} asks around in term {Core.Term}",
            _ => $"{Id} follows {(Core.Leader == 0 ? "nobody" : Core.Leader)} in term {Core.Term}",
        });
    }

    private string SnapshotText()
    {
        var bytes = new byte[_storage.SnapshotBytes];
        _storage.ReadSnapshot(0, bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
