namespace Microcosm.Kafka;

/// <summary>Kafka's codes of IncrementalAlterConfigs.</summary>
internal enum ConfigOperation : byte
{
    Set = 0,
    Delete = 1,
    Append = 2,
    Subtract = 3,
}
