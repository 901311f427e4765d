namespace Microcosm.Runtime;

/// <summary>Opens a session for each connection that a node accepts. Called on the node's executor.</summary>
public interface ISessionFactory
{
    /// <summary>Returns the session, or null to refuse the connection; output already released is then still sent.</summary>
    Session? Accept(SessionTransport transport);
}
