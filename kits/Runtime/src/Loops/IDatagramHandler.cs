namespace Microcosm.Runtime;

/// <summary>Told of messages that came in. All calls come on the executor.</summary>
public interface IDatagramHandler
{
    /// <summary>A message from the address that was asked for. The span is valid during the call only.</summary>
    void Received(ReadOnlySpan<byte> message);

    /// <summary>The system says that messages do not arrive there; others may be sent all the same.</summary>
    /// <param name="errno">Its number: 111 where nobody listens.</param>
    void Undelivered(int errno)
    {
    }
}
