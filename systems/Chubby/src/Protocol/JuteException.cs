namespace Microcosm.Chubby;

/// <summary>Bytes that are no jute record: a length that is not there, a boolean of 7. The client gets MarshallingError.</summary>
internal sealed class JuteException(string message) : Exception(message);
