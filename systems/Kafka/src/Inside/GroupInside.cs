namespace Microcosm.Kafka;

/// <summary>A group that this broker coordinates.</summary>
internal sealed record GroupInside(string Id, string Type, string State, string Protocol, IReadOnlyList<string> Members);
