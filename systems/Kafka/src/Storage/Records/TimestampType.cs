namespace Microcosm.Kafka;

/// <summary><c>message.timestamp.type</c>: whose clock the timestamps of records are.</summary>
internal enum TimestampType
{
    /// <summary>The producer's.</summary>
    CreateTime = 0,

    /// <summary>The leader's, at the append: all records of a batch have its maximum timestamp.</summary>
    LogAppendTime = 1,
}
