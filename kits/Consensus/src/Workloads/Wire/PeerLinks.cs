using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Two connections to a peer, one of them used now and then, so that messages overtake each other; some are sent twice. The protocol stands
/// all of it.
/// </summary>
internal sealed class PeerLinks(NodeContext context, string peer, int port, Action lost)
{
    private readonly RandomStream _random = context.Seed.Stream("links/" + peer);
    private readonly PeerLink[] _links = [new(context, peer, port, lost), new(context, peer, port, lost)];

    public void Send(RaftMessage message)
    {
        _links[_random.Chance(0.15) ? 1 : 0].Send(message);
        if (_random.Chance(0.03))
            _links[1].Send(message);
    }
}
