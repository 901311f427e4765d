using System.Globalization;
using System.Text;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>
/// A group that does what a script says and nothing else: messages lie in the network until they are delivered or dropped, time stands
/// until it is advanced. Commands are in kits/Consensus/README.md.
/// </summary>
internal sealed class ScriptCluster
{
    private const int StepsMax = 2_000;

    private readonly SortedDictionary<long, ScriptMember> _members = [];
    private readonly HashSet<(long, long)> _cut = [];
    private readonly List<RaftMessage> _network = [];
    private readonly StringBuilder _output = new();
    private RaftOptions _options = new() { ElectionTimeoutMs = 100, HeartbeatMs = 10, SnapshotChunkBytes = 8, ClockDriftPpmMax = 100_000 };
    private long _nowUs = 1_000_000;
    private bool _isQuiet;
    private bool _isSilent;

    /// <summary>Carries out one line; what it shows is below the line in the script.</summary>
    public string Do(string line)
    {
        _output.Clear();
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Do(words[0], words[1..]);
        return _output.ToString();
    }

    private void Do(string command, string[] words)
    {
        switch (command)
        {
            case "add-nodes":
                AddNodes(words);
                break;
            case "stabilize":
                Stabilize([.. words.Select(Number)]);
                break;
            case "run":
                Run(Number(words[0]));
                break;
            case "advance":
                Advance(Number(words[0]), words.Length > 1 ? [.. words[1..].Select(Number)] : [.. _members.Keys]);
                break;
            case "deliver" or "deliver-last" or "repeat" or "drop":
                Deliver(command, words);
                break;
            case "network":
                _network.ForEach(m => Tell(MessageText.Of(m)));
                break;
            case "cut":
                Cut([.. words.Select(Number)]);
                break;
            case "heal":
                _cut.Clear();
                break;
            case "status":
                Status();
                break;
            default:
                DoMember(command, _members[Number(words[0])], words[1..]);
                break;
        }
    }

    private void DoMember(string command, ScriptMember member, string[] words)
    {
        switch (command)
        {
            case "elect":
                Elect(member);
                break;
            case "campaign":
                Tell(member.Core!.Campaign(_nowUs) ? "" : "refused: loyal to a leader, or no voter");
                break;
            case "propose":
                Refused(member.Core!.Propose(Encoding.UTF8.GetBytes(words[0]), _nowUs));
                break;
            case "read":
                Refused(member.Core!.Read(Number(words[0]), _nowUs));
                break;
            case "transfer":
                Refused(member.Core!.TransferLeadership(Number(words[0]), _nowUs));
                break;
            case "change":
                Refused(member.Core!.ChangeMembership([.. words.Select(Change)], _nowUs));
                break;
            case "snapshot":
                member.Snapshot(words.Length > 0 ? Number(words[0]) : 0);
                break;
            case "crash":
                member.Crash();
                break;
            case "restart":
                member.Start(_nowUs);
                break;
            case "hold-sync":
                member.SyncsAtOnce = false;
                break;
            case "sync":
                member.Sync(_nowUs);
                break;
            case "ready":
                member.Work(_nowUs, _network, Tell);
                break;
            case "log":
                Log(member);
                break;
            case "lease":
                Tell(member.Core!.HoldsLease ? "held" : "none");
                break;
            case "progress":
                foreach (var f in member.Core!.Followers)
                    Tell($"{f.Id} {f.State} match {f.Match} next {f.Next} under way {f.Inflights.Count}{(f.IsPaused ? " paused" : "")}");
                break;
            default:
                throw new InvalidOperationException($"no such command: {command}");
        }
    }

    private void AddNodes(string[] words)
    {
        var count = Number(words[0]);
        var voters = Enumerable.Range(1, (int)count).Select(i => (long)i).ToArray();
        long[] learners = [];
        foreach (var word in words[1..])
        {
            var (name, value) = (word.Split('=')[0], word.Split('=')[^1]);
            long[] List() => [.. value.Split(',').Select(Number)];
            switch (name)
            {
                case "voters": voters = List(); break;
                case "learners": learners = List(); break;
                case "no-prevote": _options = _options with { PreVote = false }; break;
                case "no-checkquorum": _options = _options with { CheckQuorum = false }; break;
                case "lease": _options = _options with { LeaseReads = true }; break;
                case "entries": _options = _options with { MessageEntriesMax = (int)Number(value) }; break;
                case "inflight": _options = _options with { InflightMessagesMax = (int)Number(value) }; break;
                case "uncommitted": _options = _options with { UncommittedBytesMax = Number(value) }; break;
                case "entry-bytes": _options = _options with { EntryBytesMax = (int)Number(value) }; break;
                case "reads": _options = _options with { PendingReadsMax = (int)Number(value) }; break;
                default: throw new InvalidOperationException($"no such option: {word}");
            }
        }
        for (var id = 1L; id <= count; id++)
        {
            _members.Add(id, new ScriptMember(id, _options, new Membership(voters, learners: learners)));
            _members[id].Start(_nowUs);
        }
    }

    // What most scripts begin with; only the outcome is shown.
    private void Elect(ScriptMember member)
    {
        _isSilent = true;
        member.Core!.Campaign(_nowUs);
        Stabilize([]);
        _isSilent = false;
        Tell(member.Core.Role == RaftRole.Leader ? $"{member.Id} leads term {member.Core.Term}" : "not elected");
    }

    private void Stabilize(long[] only)
    {
        for (var step = 0; step < StepsMax; step++)
        {
            var worked = false;
            foreach (var member in _members.Values.Where(m => only.Length == 0 || only.Contains(m.Id)))
                worked |= member.Work(_nowUs, _network, Tell);
            var due = _network.Where(m => only.Length == 0 || (only.Contains(m.From) && only.Contains(m.To))).ToArray();
            foreach (var message in due)
            {
                _network.Remove(message);
                Arrive(message);
            }
            if (!worked && due.Length == 0)
                return;
        }
        throw new InvalidOperationException("the group does not come to rest");
    }

    // Time goes on, and everything is delivered; only what members become and apply is shown.
    private void Run(long ms)
    {
        _isQuiet = true;
        for (var i = 0; i < ms; i += 5)
        {
            Advance(5, [.. _members.Keys]);
            Stabilize([]);
        }
        _isQuiet = false;
    }

    private void Advance(long ms, long[] who)
    {
        _nowUs += ms * 1_000;
        foreach (var id in who)
            _members[id].Core?.Tick(_nowUs);
    }

    // "deliver 1->2 Append 1" is the first such message only; without a number, all that are there now.
    private void Deliver(string command, string[] words)
    {
        var ends = words[0].Split("->");
        var kind = words.Length > 1 ? words[1] : null;
        var count = words.Length > 2 ? (int)Number(words[2]) : int.MaxValue;
        var chosen = _network.Where(m => (ends[0] == "*" || m.From == Number(ends[0])) && (ends[1] == "*" || m.To == Number(ends[1]))
            && (kind is null || m.Kind.ToString() == kind)).Take(count).ToArray();
        if (chosen.Length == 0)
            Tell("nothing");
        foreach (var message in command == "deliver-last" ? chosen[^1..] : chosen)
        {
            if (command != "repeat")
                _network.RemoveAt(_network.FindIndex(m => ReferenceEquals(m, message)));
            if (command != "drop")
                Arrive(message);
        }
    }

    private void Arrive(RaftMessage message)
    {
        if (_cut.Contains((message.From, message.To)) || _members.GetValueOrDefault(message.To)?.Core is not { } core)
            return;
        if (!_isQuiet)
            Tell(MessageText.Of(message));
        // By way of the wire: what the codec loses is lost here too.
        var wire = new System.Buffers.ArrayBufferWriter<byte>();
        RaftMessageCodec.Encode(message, wire);
        core.Step(RaftMessageCodec.TryDecode(wire.WrittenSpan)!, _nowUs);
    }

    private void Cut(long[] group)
    {
        foreach (var a in group)
        {
            foreach (var b in _members.Keys.Except(group))
            {
                _cut.Add((a, b));
                _cut.Add((b, a));
            }
        }
    }

    private void Status()
    {
        foreach (var member in _members.Values)
        {
            Tell(member.Core is { } c
                ? $"{c.Id} {c.Role} term {c.Term} vote {c.Vote} leader {c.Leader} last {c.LastIndex} "
                    + $"commit {c.CommitIndex} members {c.Membership}"
                : $"{member.Id} down");
        }
    }

    private void Log(ScriptMember member)
    {
        var core = member.Core!;
        if (core.BaseIndex > 0)
            Tell($"behind {core.BaseIndex}/{core.Log.BaseTerm}");
        for (var i = core.BaseIndex + 1; i <= core.LastIndex; i++)
        {
            var flags = (i <= core.CommitIndex ? " committed" : "") + (i > core.Log.Stable ? " not synced" : "");
            Tell(MessageText.Of(core.Log.EntryAt(i)) + flags);
        }
    }

    private void Refused(RaftRefusal refusal) => Tell(refusal == RaftRefusal.None ? "" : "refused: " + refusal);

    private void Tell(string line)
    {
        if (line.Length > 0 && !_isSilent)
            _output.Append(line).Append('\n');
    }

    private static MembershipChange Change(string word) => new(word[0] switch
    {
        '+' => MembershipChangeKind.AddVoter,
        '~' => MembershipChangeKind.AddLearner,
        '-' => MembershipChangeKind.Remove,
        _ => throw new InvalidOperationException($"no such change: {word}"),
    }, Number(word[1..]));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
