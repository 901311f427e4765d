namespace Microcosm.Kafka;

/// <summary>A broker's configuration that stands for a topic's.</summary>
/// <param name="Factor">What its number is multiplied by: it may be in minutes or hours.</param>
internal readonly record struct ConfigSynonym(string Name, long Factor = 1);
