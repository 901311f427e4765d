namespace Microcosm.Kafka;

/// <summary>The inside of a batch is not what its header promises. A refusal to who sent it; damage where it was read from disk.</summary>
internal sealed class CorruptRecordException(string message, Exception? cause = null) : Exception(message, cause);
