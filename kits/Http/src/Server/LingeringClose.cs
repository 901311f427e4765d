namespace Microcosm.Http;

/// <summary>
/// Whether a server reads on for a while after its last response, so that a client that still sends sees that response and not a reset.
/// </summary>
public enum LingeringClose : byte
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Where the client may be sending.</summary>
    On,

    /// <summary>Always.</summary>
    Always,
}
