namespace Microcosm.Redis;

/// <summary>When the append-only file is synced.</summary>
public enum AppendFsync
{
    /// <summary>Never by us; the operating system does.</summary>
    No,

    /// <summary>Before the reply leaves.</summary>
    Always,

    /// <summary>About once a second.</summary>
    EverySec,
}
