namespace Microcosm.Runtime;

/// <summary>Takes in whoever sends to a socket of messages. Called on the executor.</summary>
public interface IDatagramFactory
{
    /// <summary>Somebody new has sent something; the handler is told of it after this call. Null drops it, and nothing is remembered.
    /// The peer stays until it is closed.</summary>
    IDatagramHandler? Accept(IDatagramPeer peer);
}
