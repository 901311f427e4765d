namespace Microcosm.Kafka;

/// <summary>A broker's configurations of what it listens on, and of connections and requests (Kafka's SocketServerConfigs).</summary>
internal static class ListenerConfigs
{
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        ConfigKey.Text("listeners", "PLAINTEXT://:9092", "Addresses that the broker listens on, with names.").ForOneBroker().AsFact(),
        ConfigKey.Text("advertised.listeners", null, "Addresses that clients are told.").ForOneBroker().AsFact(),
        ConfigKey.Text("listener.security.protocol.map",
            "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
            "Security protocol of each listener's name.").ForOneBroker().AsFact(),
        ConfigKey.Text("inter.broker.listener.name", null, "Listener that brokers use among themselves.").AsFact(),
        ConfigKey.Text("security.inter.broker.protocol", "PLAINTEXT", "Security protocol among brokers.",
            "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL").AsFact(),
        ConfigKey.Text("controller.listener.names", null, "Listeners of the controllers.").AsFact(),
        ConfigKey.Int("socket.request.max.bytes", "104857600", 1, "Largest request that is read."),
        ConfigKey.Int("socket.send.buffer.bytes", "102400", -1, "The socket's SO_SNDBUF; -1 is the system's."),
        ConfigKey.Int("socket.receive.buffer.bytes", "102400", -1, "The socket's SO_RCVBUF; -1 is the system's."),
        ConfigKey.Int("socket.listen.backlog.size", "50", 1, "Connections that wait to be accepted."),
        ConfigKey.Int("max.connections", "2147483647", 0, "Connections of the broker.").ForAllBrokers(),
        ConfigKey.Int("max.connections.per.ip", "2147483647", 0, "Connections from one address.").ForAllBrokers(),
        ConfigKey.Text("max.connections.per.ip.overrides", "", "The same for single addresses: host:count, …").ForAllBrokers(),
        ConfigKey.Int("max.connection.creation.rate", "2147483647", 0, "New connections a second.").ForAllBrokers(),
        ConfigKey.Long("connections.max.idle.ms", "600000", -1, "Silence after which a connection is closed; -1 for never."),
        ConfigKey.Int("connection.failed.authentication.delay.ms", "100", 0,
            "Delay before a connection that failed to prove itself is closed."),
        ConfigKey.Int("queued.max.requests", "500", 1, "Requests that wait before no more are read."),
        ConfigKey.Long("queued.max.request.bytes", "-1", -1, "Bytes of requests that wait before no more are read; -1 for any."),
        ConfigKey.Int("num.network.threads", "3", 1, "Threads that read and write; here for clients that ask.").ForAllBrokers(),
        ConfigKey.Int("num.io.threads", "8", 1, "Threads that carry out requests; here for clients that ask.").ForAllBrokers(),
        ConfigKey.Int("background.threads", "10", 1, "Threads of background work; here for clients that ask.").ForAllBrokers(),
        ConfigKey.Int("request.timeout.ms", "30000", int.MinValue, "How long the broker waits for another's answer."),
        ConfigKey.Int("max.request.partition.size.limit", "2000", 1, "Partitions that one DescribeTopicPartitions answers."),
    ];
}
