namespace Microcosm.Kafka;

/// <summary>
/// Carries out one request, on the broker's executor. It starts when those that came before it on the connection have started; the reply
/// may come whenever it likes. <see cref="KafkaFormatException"/> closes the connection.
/// </summary>
internal delegate ValueTask KafkaHandler(KafkaCall call);
