using Confluent.Kafka;

namespace Microcosm.SideBySide.Kafka;

/// <summary>librdkafka's mock cluster, in this process: in memory, it keeps the last 5 MiB of a partition.</summary>
internal sealed class MockTarget : Target
{
    private readonly IProducer<Null, byte[]> _owner;

    public MockTarget()
        : base("mock")
    {
        var config = new ProducerConfig();
        config.Set("test.mock.num.brokers", "1");
        _owner = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_owner.Handle).Build();
        Brokers = string.Join(',', admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers.Select(b => $"{b.Host}:{b.Port}"));
    }

    // The last 5 MiB.
    public override bool KeepsAll => false;

    public override void Dispose()
    {
        base.Dispose();
        _owner.Dispose();
    }
}
