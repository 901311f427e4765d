namespace Microcosm.Kafka;

/// <summary>A value under one name from one source.</summary>
internal readonly record struct ConfigValue(string Name, string Value, ConfigSource Source);
