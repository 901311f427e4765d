namespace Microcosm.Runtime;

/// <summary>Messages to one address and back (UDP). On the executor only.</summary>
public interface IDatagrams
{
    /// <summary>Sends one message; one that the system does not take is lost, as others are on their way.</summary>
    void Send(ReadOnlySpan<byte> message);

    /// <summary>Its handler is told of nothing any more.</summary>
    void Close();
}
