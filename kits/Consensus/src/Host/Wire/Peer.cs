using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// The way to a peer's host, for all groups. What a turn sends there leaves together. The simulator has it lead over two connections, so
/// that messages overtake each other, and sends some of the protocol's own twice: it stands all of it.
/// </summary>
internal sealed class Peer
{
    private const double OvertakeProbability = 0.15;
    private const double RepeatProbability = 0.03;

    private readonly PeerLink[] _links;
    private readonly RandomStream? _disorder;

    public Peer(NodeContext context, RaftHostOptions options, NodeEndPoint address, Action lost)
    {
        Address = address;
        _disorder = options.IsDisorderly ? context.Seed.Stream("links/" + address.Node) : null;
        _links = new PeerLink[options.IsDisorderly ? 2 : 1];
        for (var i = 0; i < _links.Length; i++)
            _links[i] = new PeerLink(context, options, address, lost);
    }

    public NodeEndPoint Address { get; }

    private PeerLink AnyLink => _links[_disorder?.Chance(OvertakeProbability) == true ? 1 : 0];

    public void Send(long group, RaftMessage message)
    {
        AnyLink.Send(group, message);
        if (_disorder?.Chance(RepeatProbability) == true)
            _links[1].Send(group, message);
    }

    /// <summary>Sends a command to the leader there; at most once.</summary>
    public void Propose(long group, long from, long sequence, ReadOnlySpan<byte> data)
    {
        var link = AnyLink;
        if (link.HasRoom)
            PeerFrames.PutProposal(link.Output, group, from, sequence, data);
    }

    public void Answer(long group, long sequence, RaftRefusal refusal, long index)
    {
        var link = AnyLink;
        if (link.HasRoom)
            PeerFrames.PutAnswer(link.Output, group, sequence, refusal, index);
    }

    public void Flush()
    {
        foreach (var link in _links)
            link.Flush();
    }

    public async ValueTask CloseAsync()
    {
        foreach (var link in _links)
            await link.CloseAsync();
    }
}
