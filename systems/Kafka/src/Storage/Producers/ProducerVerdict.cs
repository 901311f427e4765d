namespace Microcosm.Kafka;

/// <summary>Whether a producer may append a batch. A duplicate is no error: the batch is there already.</summary>
internal readonly record struct ProducerVerdict(KafkaError Error, string? Message = null, ProducedBatch? Duplicate = null);
