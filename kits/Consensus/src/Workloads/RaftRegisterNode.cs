using System.Globalization;
using System.Text;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Consensus;

/// <summary>A host with a member of one group, whose machine is a map of registers, and a port for clients.</summary>
internal sealed class RaftRegisterNode(NodeContext context, long id, RaftGroup group) : Node(context), ISessionFactory
{
    public const int ClientPort = 7_000;
    public const int PeerPort = 7_001;
    private const int GroupNumber = 1;
    private const int TickMs = 5;

    private readonly RegisterMachine _machine = new();
    private RaftHost _host = null!;

    public RaftMember Member { get; private set; } = null!;

    public ulong Hash => _machine.Hash;

    /// <inheritdoc/>
    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _host = await RaftHost.OpenAsync(Context, new RaftHostOptions
        {
            Id = id,
            Nodes = group.Ids.ToDictionary(i => i, RaftPlan.NameOf),
            Port = PeerPort,
            Raft = group.Options,
            TickMs = TickMs,
            SnapshotEntries = group.SnapshotEvery,
            KeepEntries = group.KeepEntries,
            Log = new LogOptions { SegmentBytes = group.SegmentBytes },
            CacheBytes = group.CacheBytes,
            Watch = new MemberWatch(id, _machine, group),
            IsDisorderly = true,
        }, cancellation);
        Member = await _host.JoinAsync(GroupNumber, group.Founders, _machine, cancellation);
        await Context.Network.ListenAsync(ClientPort, this, cancellation);
        group.Comes(id, RaftMoment.Starts);
    }

    /// <inheritdoc/>
    public override ValueTask StopAsync(CancellationToken cancellation) => _host.StopAsync();

    /// <inheritdoc/>
    public Session? Accept(SessionTransport transport) => new RegisterSession(transport, AnswerAsync);

    // REFUSED: it was not carried out and never will be. UNKNOWN: nobody knows.
    private async ValueTask<string?> AnswerAsync(string line)
    {
        var words = line.Split(' ');
        try
        {
            switch (words[0])
            {
                case "R":
                    await Member.ReadAsync(CancellationToken.None);
                    return _machine.Read(words[1]);
                case "W" or "C":
                    return (string?)await Member.ProposeAsync(Encoding.UTF8.GetBytes(line), CancellationToken.None);
                case "CHANGE":
                    return Text(Member.ChangeMembership([.. words[1..].Select(Change)]));
                default:
                    return Text(Member.TransferLeadership(long.Parse(words[1], CultureInfo.InvariantCulture)));
            }
        }
        catch (ConsensusException e)
        {
            return e.IsOutcomeUnknown ? "UNKNOWN" : "REFUSED " + e.Reason;
        }
    }

    private static string Text(RaftRefusal refusal) => refusal == RaftRefusal.None ? "OK" : "REFUSED " + refusal;

    private static MembershipChange Change(string word) => new(word[0] switch
    {
        '+' => MembershipChangeKind.AddVoter,
        '~' => MembershipChangeKind.AddLearner,
        _ => MembershipChangeKind.Remove,
    }, long.Parse(word.AsSpan(1), CultureInfo.InvariantCulture));
}
