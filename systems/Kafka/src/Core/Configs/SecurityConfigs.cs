namespace Microcosm.Kafka;

/// <summary>A broker's configurations of who may do what.</summary>
internal static class SecurityConfigs
{
    private const string Standard = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        ConfigKey.Text("authorizer.class.name", "", "Who decides what a client may do; nobody where empty.", "", Standard),
        ConfigKey.Text("super.users", "", "Principals that may do everything: User:name;User:name …"),
        ConfigKey.Flag("allow.everyone.if.no.acl.found", "false", "Whether what no ACL names is everybody's."),
        ConfigKey.List("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512", "SASL mechanisms that clients may use.",
            "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512").ForOneBroker(),
        ConfigKey.Text("sasl.mechanism.inter.broker.protocol", "PLAIN", "SASL mechanism among brokers.").ForOneBroker().AsFact(),
        new("sasl.jaas.config", ConfigType.Password, null, "Login modules with their users.")
        {
            Update = ConfigUpdate.PerBroker,
            IsFact = true,
        },
        ConfigKey.Long("sasl.kerberos.min.time.before.relogin", "60000", long.MinValue,
            "Kerberos is not spoken here; for clients that ask.").ForOneBroker(),
        ConfigKey.Int("sasl.server.max.receive.size", "524288", 0, "Largest message of a client that has not proved itself."),
        ConfigKey.Long("connections.max.reauth.ms", "0", 0,
            "Life of a SASL session, after which the client must prove itself again; 0 for ever."),
        ConfigKey.Text("ssl.client.auth", "none", "Whether clients must show a certificate.",
            "required", "requested", "none").ForOneBroker(),
        ConfigKey.List("ssl.enabled.protocols", "TLSv1.2,TLSv1.3", "Versions of TLS.", "TLSv1.2", "TLSv1.3").ForOneBroker(),
        ConfigKey.Text("ssl.keystore.type", "PEM", "Kind of ssl.keystore.location.", "PEM", "PKCS12").ForOneBroker(),
        ConfigKey.Text("ssl.keystore.location", null, "File with the broker's certificate and key.").ForOneBroker(),
        Secret("ssl.keystore.password", "Password of that file."),
        Secret("ssl.key.password", "Password of the key."),
        ConfigKey.Text("ssl.truststore.type", "PEM", "Kind of ssl.truststore.location.", "PEM", "PKCS12").ForOneBroker(),
        ConfigKey.Text("ssl.truststore.location", null, "File with the authorities that clients' certificates need.").ForOneBroker(),
        Secret("ssl.truststore.password", "Password of that file."),
        ConfigKey.Text("ssl.principal.mapping.rules", "DEFAULT", "How a certificate's name becomes a principal.", "DEFAULT"),
        new("delegation.token.secret.key", ConfigType.Password, null, "Key of delegation tokens, which are not to be had here.")
        {
            IsFact = true,
        },
    ];

    private static ConfigKey Secret(string name, string doc) =>
        new(name, ConfigType.Password, null, doc) { Update = ConfigUpdate.PerBroker };
}
