namespace Microcosm.Kafka;

/// <summary>Quotas and the types of their entities as requests name them (KIP-546).</summary>
internal static class QuotaNames
{
    public const string User = "user";
    public const string ClientId = "client-id";
    public const string Ip = "ip";
    public const string ConnectionCreationRate = "connection_creation_rate";

    public static string Of(ClientQuotaType type) => type switch
    {
        ClientQuotaType.Produce => "producer_byte_rate",
        ClientQuotaType.Fetch => "consumer_byte_rate",
        ClientQuotaType.Request => "request_percentage",
        _ => "controller_mutation_rate",
    };
}
