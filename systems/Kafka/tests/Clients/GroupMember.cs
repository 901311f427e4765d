using System.Diagnostics;
using Confluent.Kafka;

namespace Microcosm.Kafka.Tests.Clients;

/// <summary>A consumer of the official client in a group. Nothing happens in it but while it is polled.</summary>
internal sealed class GroupMember : IDisposable
{
    /// <summary>Not an assignor but the protocol of KIP-848: the coordinator assigns.</summary>
    public const string NewProtocol = "consumer";

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public GroupMember(World world, string assignor, string topic = "t", Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = world.System("kafka").ConnectionString, GroupId = "g", ClientId = "me",
            AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false, TopicMetadataRefreshIntervalMs = 500,
            FetchWaitMaxMs = 50, ReconnectBackoffMaxMs = 500,
        };
        if (assignor == NewProtocol)
            config.GroupProtocol = Confluent.Kafka.GroupProtocol.Consumer;
        else
        {
            (config.SessionTimeoutMs, config.HeartbeatIntervalMs) = (45_000, 100);
            config.Set("partition.assignment.strategy", assignor);
        }
        configure?.Invoke(config);
        Client = new ConsumerBuilder<Ignore, string>(config)
            .SetPartitionsAssignedHandler((_, _) => Rebalances++)
            .SetPartitionsRevokedHandler((_, _) => Rebalances++)
            .SetPartitionsLostHandler((_, _) => Rebalances++)
            .SetErrorHandler((_, error) => LastError = error)
            .SetLogHandler((_, _) => { })
            .Build();
        Client.Subscribe(topic);
    }

    public IConsumer<Ignore, string> Client { get; }

    /// <summary>How often it was given partitions or had to give some up.</summary>
    public int Rebalances { get; private set; }

    public Error? LastError { get; private set; }

    public List<string> Values { get; } = [];

    /// <summary>The numbers of its partitions.</summary>
    public int[] Partitions => [.. Client.Assignment.Select(p => p.Partition.Value).Order()];

    /// <summary>Polls the members in turn until something holds of them.</summary>
    public static void Until(Func<bool> holds, params GroupMember[] members)
    {
        var since = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(since.Elapsed < Patience, "Nothing happens: " + string.Join(" | ",
                members.Select(m => $"[{string.Join(',', m.Client.Assignment)}] read {m.Values.Count}, {m.LastError}")));
            foreach (var member in members)
                member.Poll();
        }
    }

    /// <summary>Polls until the partitions of the topic are shared out among the members: each has about as many, none has two
    /// owners.</summary>
    public static void UntilShared(int partitions, params GroupMember[] members) => Until(
        () => members.SelectMany(m => m.Partitions).Order().SequenceEqual(Enumerable.Range(0, partitions))
            && members.Max(m => m.Partitions.Length) - members.Min(m => m.Partitions.Length) <= 1, members);

    /// <summary>Polls until no member is given or loses anything for some heartbeats: who gave up partitions hears of it last.</summary>
    public static void UntilQuiet(params GroupMember[] members)
    {
        var (count, since) = (-1, Stopwatch.StartNew());
        Until(() =>
        {
            if (members.Sum(m => m.Rebalances) is var now && now != count)
                (count, since) = (now, Stopwatch.StartNew());
            return since.Elapsed > Quiet;
        }, members);
    }

    /// <summary>It is gone, and the group is told.</summary>
    public void Leave() => Client.Close();

    /// <summary>It is gone, and the group is not told.</summary>
    public void Dispose() => Client.Dispose();

    private void Poll()
    {
        try
        {
            if (Client.Consume(Turn) is { } read)
                Values.Add(read.Message.Value);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            LastError = e.Error;
        }
    }
}
