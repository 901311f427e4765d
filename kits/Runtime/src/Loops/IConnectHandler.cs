namespace Microcosm.Runtime;

/// <summary>Told, on the node's executor and once, how an attempt to connect ended.</summary>
public interface IConnectHandler
{
    /// <summary>Connected: returns the session, or null to close at once.</summary>
    Session? Connected(SessionTransport transport);

    /// <summary>Not connected. What connect(2) waits for has no limit of time but the kernel's: who wants another cancels.</summary>
    void Failed(ConnectFailedException error);
}
