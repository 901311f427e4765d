using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Authentication of before KIP-152: after SaslHandshake 0 the mechanism's messages come and go with a length and no header. How many there
/// are follows from the mechanism; of one that is not known here all that follows passes unread.
/// </summary>
internal sealed class SaslTokens(INodeLog log)
{
    public const short HandshakeKey = 17;

    private string _mechanism = "";
    private int _left;

    /// <summary>The handshake is not answered, so it is not known what comes next.</summary>
    public bool IsShakingHands { get; private set; }

    /// <summary>What comes next is no request.</summary>
    public bool IsToken => _left > 0;

    /// <summary>The client asks for a mechanism.</summary>
    public void Asked(string mechanism) => (_mechanism, IsShakingHands) = (mechanism, true);

    /// <summary>The broker agrees, or does not.</summary>
    public void Answered(bool isAgreed)
    {
        IsShakingHands = false;
        if (!isAgreed)
            return;
        _left = _mechanism switch
        {
            "PLAIN" or "OAUTHBEARER" => 1,
            "SCRAM-SHA-256" or "SCRAM-SHA-512" => 2,
            _ => int.MaxValue,
        };
        if (_left == int.MaxValue)
            log.Write(LogSeverity.Warning, $"A client authenticates by {_mechanism} after SaslHandshake 0: its connection passes unread, "
                + "without faults, and with the cluster's own addresses");
    }

    /// <summary>True where the next frame is such a message, and then it is counted.</summary>
    public bool TryTakeToken()
    {
        if (_left is > 0 and < int.MaxValue)
        {
            _left--;
            return true;
        }
        return _left > 0;
    }
}
