namespace Microcosm.Kafka.Tests.Core;

/// <summary>Metadata with quotas, and a table that follows them.</summary>
internal sealed class QuotaWorld
{
    private readonly MetadataWorld _metadata = new(brokers: 0);

    public QuotaWorld()
    {
        Table = new QuotaTable(_metadata.State);
        _metadata.Machine.Changed += Table.Follow;
        Clients = new ClientQuotas(Table, Options);
        Connections = new ConnectionQuotas(Table, Options);
    }

    public QuotaOptions Options { get; } = new();

    public ClusterState State => _metadata.State;

    public QuotaTable Table { get; }

    public ClientQuotas Clients { get; }

    public ConnectionQuotas Connections { get; }

    public MetadataResult Apply(AlterClientQuotas command) => _metadata.Apply(command);

    /// <summary>Of user and client id "" is none and null the default; a null value removes.</summary>
    public void Set(string? user, string? clientId, string quota, double? value) => Assert.Equal(KafkaError.None, Apply(
        new(QuotaEntity.Key([.. Part("user", user), .. Part("client-id", clientId)]), [(quota, value)])).Error);

    public void SetIp(string? ip, double? value) =>
        Assert.Equal(KafkaError.None, Apply(new(QuotaEntity.Key([("ip", ip)]), [("connection_creation_rate", value)])).Error);

    private static (string, string?)[] Part(string type, string? name) => name is "" ? [] : [(type, name)];
}
