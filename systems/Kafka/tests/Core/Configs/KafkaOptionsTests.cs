namespace Microcosm.Kafka.Tests.Core;

public sealed class KafkaOptionsTests
{
    [Fact]
    public void Every_option_is_set_by_Kafkas_own_name()
    {
        var options = new KafkaOptions();
        options.Set("num.partitions", "3");
        options.Set("nodes", "5");
        options.Set("auto.create.topics.enable", "false");
        options.Set("user_alice", "secret");
        Assert.Equal((3, 5, false), (options.NumPartitions, options.Nodes, options.AutoCreateTopicsEnable));
        Assert.Equal(("3", "2147483647"), (options["num.partitions"], options.Text("max.connections")));
        Assert.Equal("secret", options.SaslUsers["alice"]);
    }

    [Fact]
    public void Every_default_is_a_value_that_may_be_set()
    {
        Assert.InRange(BrokerConfigs.All.Count, 120, 200);
        Assert.All(BrokerConfigs.All.Values.Where(k => k.Default is not null), k => Assert.Null(k.WhyInvalid(k.Default!)));
        Assert.All(GroupConfigs.All.Values, k => Assert.Null(k.WhyInvalid(k.Default!)));
        Assert.All(BrokerConfigs.All.Values, k => Assert.NotEmpty(k.Documentation));
    }

    [Theory]
    [InlineData("num.partitions", "0", "Invalid value 0 for configuration num.partitions: Value must be at least 1")]
    [InlineData("num.partitions", "many", "Invalid value many for configuration num.partitions: Not a number of type INT")]
    [InlineData("log.cleanup.policy", "burn",
        "Invalid value burn for configuration log.cleanup.policy: String must be one of: compact, delete")]
    [InlineData("ssl.principal.mapping.rules", "RULE:^CN=(.*?),.*$/$1/", "Invalid value RULE:^CN=(.*?),.*$/$1/ for configuration "
        + "ssl.principal.mapping.rules: String must be one of: DEFAULT")]
    [InlineData("nodes", "10", "Invalid value 10 for nodes: a number from 1 to 9")]
    [InlineData("node.id", "3", "node.id is not to be set: the cluster gives it to its brokers")]
    public void A_bad_value_is_refused_in_Kafkas_words(string name, string value, string words)
    {
        var options = new KafkaOptions();
        Assert.Equal(words, Assert.Throws<ArgumentException>(() => options.Set(name, value)).Message);
        Assert.Empty(options.Settings);
    }

    [Fact]
    public void An_unknown_option_is_refused() =>
        Assert.StartsWith("Unknown option 'num.partition'. Known: nodes, ",
            Assert.Throws<ArgumentException>(() => new KafkaOptions().Set("num.partition", "3")).Message);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(5, 3, 2)]
    public void Internal_topics_have_no_more_replicas_than_there_are_brokers(int nodes, int replicas, int minIsr)
    {
        var options = new KafkaOptions { Nodes = nodes };
        Assert.Equal((replicas, replicas, minIsr, 1), (options.OffsetsTopicReplicationFactor,
            options.TransactionStateLogReplicationFactor, options.TransactionStateLogMinIsr, options.DefaultReplicationFactor));
        var (partitions, factor, configs) = InternalTopics.Of(InternalTopics.TransactionState, options);
        Assert.Equal((50, replicas), (partitions, factor));
        Assert.All(configs, c => Assert.Null(TopicConfigs.WhyInvalid(c.Name, c.Value!)));
    }

    [Fact]
    public void A_brokers_rack_is_its_zone_unless_set()
    {
        var options = new KafkaOptions();
        Assert.Equal("zone-a", options.RackOf(1, "zone-a"));
        options.Set("broker.rack", "RACK{id}");
        Assert.Equal("RACK2", options.RackOf(2, "zone-a"));
    }

    [Fact]
    public void Groups_obey_the_options()
    {
        var options = new KafkaOptions();
        var assignors = GroupSettings.Of(options).ConsumerAssignors;
        Assert.Equal([typeof(UniformAssignor), typeof(RangeAssignor)], assignors.Select(a => a.GetType()));
        Assert.Equal(new GroupOptions { ConsumerAssignors = assignors }, GroupSettings.Of(options) with { ConsumerAssignors = assignors });
        options.Set("offsets.retention.minutes", "2");
        options.Set("group.max.size", "7");
        options.Set("group.consumer.assignors", "range");
        var changed = GroupSettings.Of(options);
        Assert.True(changed is { OffsetsRetentionMs: 120_000, MaxSize: 7, ConsumerAssignors: [RangeAssignor] });
    }
}
