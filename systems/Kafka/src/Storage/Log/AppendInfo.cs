namespace Microcosm.Kafka;

/// <summary>What came of an append by the leader.</summary>
/// <param name="Error">Not None: nothing was appended.</param>
/// <param name="ErrorMessage">For the client, in Kafka's words.</param>
/// <param name="FirstOffset">Offset of the first record; of the batch that is there already, for a duplicate.</param>
/// <param name="LastOffset">Of the last one.</param>
/// <param name="LogAppendTimeMs">-1 unless the topic has LogAppendTime.</param>
/// <param name="IsDuplicate">The producer repeated a batch: it is there already, and nothing was appended.</param>
internal sealed record AppendInfo(
    KafkaError Error, string? ErrorMessage = null, long FirstOffset = -1, long LastOffset = -1, long LogAppendTimeMs = -1,
    bool IsDuplicate = false)
{
    /// <summary>Records that were found wrong (ProduceResponse's RecordErrors, KIP-467).</summary>
    public IReadOnlyList<RecordError> RecordErrors { get; init; } = [];
}
