namespace Microcosm.Kafka;

/// <summary>What of a broker decides who its clients are, what they may do and how much they may use.</summary>
internal sealed class BrokerSecurity
{
    private readonly KafkaBroker _broker;

    public BrokerSecurity(KafkaBroker broker)
    {
        _broker = broker;
        var options = broker.Options;
        Quotas = new QuotaTable(broker.Cluster);
        broker.Metadata.Changed += Quotas.Follow;
        var quotas = new QuotaOptions
        {
            WindowNum = (int)options.Number("quota.window.num"),
            WindowMs = (int)options.Number("quota.window.size.seconds") * 1_000,
            ControllerWindowNum = (int)options.Number("controller.quota.window.num"),
            ControllerWindowMs = (int)options.Number("controller.quota.window.size.seconds") * 1_000,
        };
        ClientQuotas = new ClientQuotas(Quotas, quotas);
        ConnectionQuotas = new ConnectionQuotas(Quotas, quotas);
        Mechanisms = Items(options.Text("sasl.enabled.mechanisms"), ',');
        if (options.Text("authorizer.class.name").Length == 0)
            return;
        Authorizer = new Authorizer(broker.Cluster, new AuthorizerOptions
        {
            SuperUsers = [.. Items(options.Text("super.users"), ';')],
            AllowEveryoneIfNoAclFound = options.Flag("allow.everyone.if.no.acl.found"),
        });
        broker.Metadata.Changed += Authorizer.Follow;
    }

    /// <summary>Null: everybody may do everything.</summary>
    public Authorizer? Authorizer { get; }

    public QuotaTable Quotas { get; }

    public ClientQuotas ClientQuotas { get; }

    public ConnectionQuotas ConnectionQuotas { get; }

    /// <summary>sasl.enabled.mechanisms.</summary>
    public IReadOnlyList<string> Mechanisms { get; }

    /// <summary>sasl.server.max.receive.size: of a client that has not authenticated.</summary>
    public int UnprovenBytesMax => (int)_broker.Options.Number("sasl.server.max.receive.size");

    /// <summary>For a client's new connection; null if clients need not authenticate by SASL.</summary>
    public SaslServerAuthenticator? Authenticate() => !_broker.Options.IsSasl ? null
        : new(Mechanisms, Begin, _broker.Options.Number("connections.max.reauth.ms"));

    private SaslExchange Begin(string mechanism) => mechanism switch
    {
        PlainExchange.Name => new PlainExchange(_broker.Options.SaslUsers),
        "SCRAM-SHA-256" => Scram(ScramMechanism.Sha256),
        "SCRAM-SHA-512" => Scram(ScramMechanism.Sha512),
        _ => throw new ArgumentOutOfRangeException(nameof(mechanism)),
    };

    private static string[] Items(string list, char between) =>
        list.Split(between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private ScramExchange Scram(ScramMechanism mechanism) =>
        new(mechanism, _broker.Cluster.ScramCredentials, _broker.NewId().ToString("N"));
}
