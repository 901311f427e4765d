namespace Microcosm.Kafka;

/// <summary>How a fenced producer is told so that its version understands it.</summary>
internal static class FencedErrors
{
    private const short InitProducerIdKey = 22;

    /// <summary>
    /// INVALID_PRODUCER_EPOCH for PRODUCER_FENCED below the version that brought it: 4 of InitProducerId, 2 of AddPartitionsToTxn,
    /// AddOffsetsToTxn and EndTxn (KIP-588). Anything else as it is.
    /// </summary>
    public static KafkaError For<TRequest>(KafkaError error, short version)
        where TRequest : class, IMessage<TRequest> =>
        error == KafkaError.ProducerFenced && version < (TRequest.ApiKey == InitProducerIdKey ? 4 : 2)
            ? KafkaError.InvalidProducerEpoch
            : error;
}
