namespace Microcosm.Kafka;

/// <summary>Features that the cluster has (KIP-584), as those of a Kafka 4.0 that was just made; their levels do not change.</summary>
internal static class Features
{
    public static IReadOnlyList<(string Name, short Lowest, short Level)> All { get; } =
    [
        ("group.version", 0, 1), ("metadata.version", 7, 25), ("transaction.version", 0, 2),
    ];
}
