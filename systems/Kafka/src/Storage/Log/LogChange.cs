namespace Microcosm.Kafka;

/// <summary>A change of several files, which recovery carries through if a crash cut it short.</summary>
internal enum LogChange : byte
{
    None,

    /// <summary>What lies behind the recovery point goes.</summary>
    Cut,

    /// <summary>Everything goes; the log begins and ends at an offset.</summary>
    Reset,

    /// <summary>Cleaned files take the place of one or more segments.</summary>
    Swap,
}
