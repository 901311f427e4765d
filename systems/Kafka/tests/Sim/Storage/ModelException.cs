namespace Microcosm.Kafka.Tests.Sim;

/// <summary>A log is not what its model says.</summary>
internal sealed class ModelException(string what) : Exception(what);
