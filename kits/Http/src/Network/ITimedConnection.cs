namespace Microcosm.Http;

/// <summary>A connection as its <see cref="ConnectionTimers"/> see it.</summary>
internal interface ITimedConnection
{
    /// <summary>There is something to be sent that is not with the network yet.</summary>
    bool HasUnsent { get; }

    /// <summary>What was waited for did not come in its time.</summary>
    void ReadTimedOut();

    /// <summary>Nothing left in the time for sending.</summary>
    void SendTimedOut();
}
