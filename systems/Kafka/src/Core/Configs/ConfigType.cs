namespace Microcosm.Kafka;

/// <summary>Kafka's codes of a configuration's type (DescribeConfigs).</summary>
internal enum ConfigType : byte
{
    Unknown = 0,
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,
    Password = 9,
}
