namespace Microcosm.Kafka.Tests.Core;

public sealed class ConfigTests
{
    private static readonly ConfigResource Topic = ConfigResource.Topic("t");

    private readonly ConfigWorld _world = new();

    public ConfigTests() => _world.Metadata.Create("t");

    [Fact]
    public void A_topics_value_is_its_own_else_the_brokers_else_the_clusters_else_the_options_else_the_default()
    {
        Assert.Equal("1073741824 5 [log.segment.bytes=1073741824 5]", _world.Entry(Topic, "segment.bytes"));
        _world.Options.Set("log.segment.bytes", "400");
        Assert.Equal("400 4 [log.segment.bytes=400 4, log.segment.bytes=1073741824 5]", _world.Entry(Topic, "segment.bytes"));
        _world.Set(ConfigResource.AllBrokers, "log.segment.bytes", "300");
        Assert.StartsWith("300 3 [log.segment.bytes=300 3, log.segment.bytes=400 4", _world.Entry(Topic, "segment.bytes"));
        _world.Set(ConfigWorld.Broker1, "log.segment.bytes", "200");
        Assert.StartsWith("200 2 [log.segment.bytes=200 2, log.segment.bytes=300 3", _world.Entry(Topic, "segment.bytes"));
        _world.Set(Topic, "segment.bytes", "100");
        Assert.StartsWith("100 1 [segment.bytes=100 1, log.segment.bytes=200 2", _world.Entry(Topic, "segment.bytes"));
        Assert.Equal(100, TopicLogSettings.Of(_world.Broker, "t").SegmentBytes);
        Assert.Equal(200, TopicLogSettings.Of(_world.Broker, "u").SegmentBytes);
    }

    [Fact]
    public void Times_in_hours_and_minutes_count_where_those_in_milliseconds_are_not_set()
    {
        Assert.Equal(604_800_000, TopicLogSettings.Of(_world.Broker, "t").RetentionMs);
        Assert.Equal("604800000 5 []", _world.Entry(Topic, "retention.ms"));
        _world.Options.Set("log.retention.hours", "2");
        Assert.Equal(7_200_000, TopicLogSettings.Of(_world.Broker, "t").RetentionMs);
        _world.Options.Set("log.retention.minutes", "3");
        Assert.Equal(180_000, TopicLogSettings.Of(_world.Broker, "t").RetentionMs);
        _world.Set(ConfigResource.AllBrokers, "log.retention.ms", "5000");
        Assert.Equal(5000, TopicLogSettings.Of(_world.Broker, "t").RetentionMs);
        Assert.Equal("5000 3 [log.retention.ms=5000 3, log.retention.minutes=3 4, log.retention.hours=2 4, log.retention.hours=168 5]",
            _world.Entry(Topic, "retention.ms"));
    }

    [Fact]
    public void Default_settings_of_a_topics_log_are_the_logs_own() =>
        Assert.Equal(new LogSettings { CleanerKeysMax = 1 << 20 }, TopicLogSettings.Of(_world.Broker, "t"));

    [Fact]
    public void A_topics_policy_and_codec_become_settings_of_its_log()
    {
        _world.Set(Topic, "cleanup.policy", "compact, delete");
        _world.Set(Topic, "compression.type", "zstd");
        _world.Set(Topic, "message.timestamp.type", "LogAppendTime");
        var settings = TopicLogSettings.Of(_world.Broker, "t");
        Assert.True(settings is
        {
            IsCompacted: true, IsDeleted: true, CompressionType: CompressionType.Zstd, CompressionLevel: 3,
            MessageTimestampType: TimestampType.LogAppendTime,
        });
    }

    [Fact]
    public void A_broker_is_described_with_all_that_it_has()
    {
        var entries = _world.Describe(ConfigWorld.Broker1).Configs;
        Assert.Equal(BrokerConfigs.All.Count, entries.Count);
        Assert.Equal("1 4 [node.id=1 4, node.id=-1 5]", _world.Entry(ConfigWorld.Broker1, "node.id"));
        Assert.Equal("null 5 []", _world.Entry(ConfigWorld.Broker1, "log.retention.ms"));
        Assert.True(entries.Single(e => e.Name == "num.partitions") is { ReadOnly: true, ConfigType: 3, IsSensitive: false });
        Assert.True(entries.Single(e => e.Name == "log.cleanup.policy") is { ReadOnly: false, ConfigType: 7, Documentation.Length: > 10 });
        Assert.True(entries.Single(e => e.Name == "ssl.key.password") is { IsSensitive: true, Value: null, ConfigType: 9 });
    }

    [Fact]
    public void A_description_can_be_sent_in_every_version_that_is_served()
    {
        var response = new DescribeConfigsResponse { Results = [_world.Describe(Topic), _world.Describe(ConfigWorld.Broker1)] };
        Assert.All(new short[] { 1, 2, 3, 4 }, v => Assert.NotEmpty(MessageCodec.Encode(response, v)));
    }

    [Fact]
    public void What_was_changed_for_all_brokers_is_described_without_a_name()
    {
        Assert.Empty(_world.Describe(ConfigResource.AllBrokers).Configs);
        _world.Set(ConfigResource.AllBrokers, "message.max.bytes", "77");
        Assert.Equal("77 3 [message.max.bytes=77 3]", _world.Entry(ConfigResource.AllBrokers, "message.max.bytes"));
    }

    [Fact]
    public void A_secret_and_what_nobody_knows_are_told_to_nobody()
    {
        _world.Options.Set("ssl.key.password", "hush");
        _world.Set(ConfigWorld.Broker1, "acme.token", "hush");
        Assert.Equal("null 4 [ssl.key.password= 4]", _world.Entry(ConfigWorld.Broker1, "ssl.key.password"));
        Assert.Equal("null 2 [acme.token= 2]", _world.Entry(ConfigWorld.Broker1, "acme.token"));
    }

    [Fact]
    public void A_groups_values_are_its_own_else_the_brokers()
    {
        Assert.Equal("45000 5 [consumer.session.timeout.ms=45000 5]", _world.Entry(ConfigWorld.Group, "consumer.session.timeout.ms"));
        _world.Set(ConfigWorld.Group, "consumer.session.timeout.ms", "50000");
        Assert.Equal("50000 8 [consumer.session.timeout.ms=50000 8]", _world.Entry(ConfigWorld.Group, "consumer.session.timeout.ms"));
        Assert.Equal("InvalidConfig: consumer.session.timeout.ms must be less than or equal to group.consumer.max.session.timeout.ms",
            _world.Refusal(ConfigWorld.Group, new ConfigChange("consumer.session.timeout.ms", ConfigOperation.Set, "60001")));
        Assert.Equal("InvalidConfig: Unknown group config name: pace",
            _world.Refusal(ConfigWorld.Group, new ConfigChange("pace", ConfigOperation.Set, "1")));
    }

    [Theory]
    [InlineData("", "num.partitions", "3", "InvalidRequest: Cannot update these configs dynamically: Set(num.partitions)")]
    [InlineData("1", "log.retention.ms", "soon",
        "InvalidRequest: Invalid value soon for configuration log.retention.ms: Not a number of type LONG")]
    [InlineData("", "sasl.kerberos.min.time.before.relogin", "58000",
        "InvalidRequest: Cannot update these configs at default cluster level, broker id must be specified: "
        + "Set(sasl.kerberos.min.time.before.relogin)")]
    [InlineData("1", "ssl.keystore.location", "x.pem",
        "InvalidRequest: These security configs can be dynamically updated only per-listener using the listener prefix: "
        + "Set(ssl.keystore.location)")]
    [InlineData("2", "log.retention.ms", "1", "InvalidRequest: Unexpected broker id, expected 1, but received 2")]
    [InlineData("one", "log.retention.ms", "1", "InvalidRequest: Node id must be an integer, but it is: one")]
    [InlineData("1", "background.threads", "21",
        "InvalidRequest: Dynamic thread count update validation failed for background.threads=21, "
        + "value should not be greater than double the current value 10")]
    [InlineData("1", "advertised.listeners", "PLAINTEXT://a:1",
        "InvalidRequest: Advertised listeners cannot be altered when using a Raft-based metadata quorum.")]
    public void What_a_broker_cannot_change_is_refused_in_Kafkas_words(string broker, string name, string value, string words)
    {
        var resource = new ConfigResource(ConfigResourceType.Broker, broker);
        Assert.Equal(words, _world.Refusal(resource, new ConfigChange(name, ConfigOperation.Set, value)));
        Assert.Empty(_world.Metadata.State.Configs);
    }

    [Fact]
    public void A_brokers_lists_grow_and_shrink_and_its_values_go_back()
    {
        _world.Alter(ConfigWorld.Broker1, new("background.threads", ConfigOperation.Set, "9"),
            new("log.cleanup.policy", ConfigOperation.Append, "compact"));
        Assert.Equal(("9", "delete,compact"), (_world.Broker.Value("background.threads"), _world.Broker.Value("log.cleanup.policy")));
        _world.Alter(ConfigWorld.Broker1, new("background.threads", ConfigOperation.Delete, null),
            new("log.cleanup.policy", ConfigOperation.Subtract, "compact"));
        Assert.Equal(("10", "delete"), (_world.Broker.Value("background.threads"), _world.Broker.Value("log.cleanup.policy")));
        Assert.Equal("InvalidConfig: Config value append is not allowed for config key: background.threads",
            _world.Refusal(ConfigWorld.Broker1, new ConfigChange("background.threads", ConfigOperation.Append, "9")));
    }

    [Fact]
    public void Altering_the_old_way_deletes_what_is_not_named()
    {
        _world.Set(Topic, "flush.ms", "5");
        _world.Set(Topic, "segment.ms", "6");
        _world.Alter(Topic, [.. ConfigValidation.Replacing(_world.Metadata.State, Topic, [("segment.ms", "7")])]);
        Assert.Equal([("segment.ms", "7")], _world.Metadata.State.Configs[Topic].Select(c => (c.Key, c.Value)));
    }

    [Fact]
    public void What_is_not_there_or_not_spoken_of_is_refused()
    {
        Assert.Equal((short)KafkaError.UnknownTopicOrPartition, _world.Describe(ConfigResource.Topic("u")).ErrorCode);
        Assert.Equal((short)KafkaError.InvalidTopicException, _world.Describe(ConfigResource.Topic("u/v")).ErrorCode);
        Assert.Equal("Unexpected broker id, expected 1 or empty string, but received 2",
            _world.Describe(new(ConfigResourceType.Broker, "2")).ErrorMessage);
        var loggers = _world.Describe(new(ConfigResourceType.BrokerLogger, "1"));
        Assert.Equal((short)KafkaError.InvalidRequest, loggers.ErrorCode);
    }
}
