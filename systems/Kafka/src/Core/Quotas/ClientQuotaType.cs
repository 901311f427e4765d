namespace Microcosm.Kafka;

/// <summary>What a client's quota limits.</summary>
internal enum ClientQuotaType
{
    /// <summary>producer_byte_rate, bytes a second.</summary>
    Produce,

    /// <summary>consumer_byte_rate, bytes a second.</summary>
    Fetch,

    /// <summary>request_percentage of one core.</summary>
    Request,

    /// <summary>controller_mutation_rate, partitions created or deleted a second (KIP-599).</summary>
    ControllerMutation,
}
