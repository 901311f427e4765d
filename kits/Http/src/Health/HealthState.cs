namespace Microcosm.Http;

/// <summary>What active checks say of a server.</summary>
public enum HealthState : byte
{
    /// <summary>It may be asked: its checks pass, or none has said anything else yet.</summary>
    Healthy,

    /// <summary>It may not be asked before its first check has passed (mandatory).</summary>
    Checking,

    /// <summary>It may not be asked.</summary>
    Unhealthy,
}
