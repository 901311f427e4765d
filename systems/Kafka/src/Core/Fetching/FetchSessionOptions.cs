namespace Microcosm.Kafka;

/// <summary>The broker's settings of fetch sessions.</summary>
internal sealed record FetchSessionOptions
{
    /// <summary>max.incremental.fetch.session.cache.slots; 0: no sessions.</summary>
    public int Slots { get; init; } = 1_000;

    /// <summary>A session that is younger, or was used since, is not evicted for a larger one.</summary>
    public int EvictionMs { get; init; } = 120_000;
}
