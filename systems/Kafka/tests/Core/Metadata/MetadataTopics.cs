namespace Microcosm.Kafka.Tests.Core;

/// <summary>Creating and deleting topics and partitions, and configurations.</summary>
public sealed class MetadataTopics
{
    [Theory]
    [InlineData("", KafkaError.InvalidTopicException, "Topic name is invalid: the empty string is not allowed")]
    [InlineData("..", KafkaError.InvalidTopicException, "Topic name is invalid: '..' is not allowed")]
    [InlineData("a b", KafkaError.InvalidTopicException,
        "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    [InlineData("a_b", KafkaError.InvalidTopicException, "Topic 'a_b' collides with existing topic: a.b")]
    [InlineData("a.b", KafkaError.TopicAlreadyExists, "Topic 'a.b' already exists.")]
    internal void A_bad_name_is_refused(string name, KafkaError error, string message)
    {
        var world = new MetadataWorld();
        world.Create("a.b");
        Assert.Equal(new MetadataResult(error, message), world.Create(name));
        Assert.Single(world.State.Topics);
    }

    [Theory]
    [InlineData(0, 3, KafkaError.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.")]
    [InlineData(1, 0, KafkaError.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.")]
    [InlineData(1, 4, KafkaError.InvalidReplicationFactor, "Unable to replicate the partition 4 time(s): "
        + "The target replication factor of 4 cannot be reached because only 3 broker(s) are registered.")]
    internal void Bad_counts_are_refused(int partitions, int factor, KafkaError error, string message) =>
        Assert.Equal(new MetadataResult(error, message), new MetadataWorld().Create("t", partitions, factor));

    [Theory]
    [InlineData(new int[0], "includes an empty replica list.")]
    [InlineData(new[] { 1, 9 }, "includes broker 9, but no such broker is registered.")]
    [InlineData(new[] { 1, 1 }, "includes the broker 1 more than once.")]
    public void A_bad_assignment_by_hand_is_refused(int[] replicas, string message) => Assert.Equal(
        new MetadataResult(KafkaError.InvalidReplicaAssignment, "The manual partition assignment " + message),
        new MetadataWorld().Create("t", byHand: [(0, replicas)]));

    [Fact]
    public void Partitions_by_hand_have_numbers_without_gaps_and_replicas_alike()
    {
        var world = new MetadataWorld();
        Assert.Equal("partitions should be a consecutive 0-based integer sequence", world.Create("t", byHand: [(1, [1])]).Message);
        Assert.Equal("Found multiple manual partition assignments for partition 0",
            world.Create("t", byHand: [(0, [1]), (0, [2])]).Message);
        Assert.Contains("not consistent with previous", world.Create("t", byHand: [(0, [1]), (1, [2, 3])]).Message);
        world.Fence(3);
        Assert.Contains("are fenced", world.Create("t", byHand: [(0, [3])]).Message);
        Assert.Empty(world.State.Topics);
    }

    [Theory]
    [InlineData("no.such", "1", "Unknown topic config name: no.such")]
    [InlineData("retention.ms", "x", "Invalid value x for configuration retention.ms: Not a number of type LONG")]
    [InlineData("segment.bytes", "13", "Invalid value 13 for configuration segment.bytes: Value must be at least 14")]
    [InlineData("preallocate", "1", "Invalid value 1 for configuration preallocate: Expected value to be either true or false")]
    [InlineData("cleanup.policy", "compact,burn",
        "Invalid value compact,burn for configuration cleanup.policy: String must be one of: compact, delete")]
    public void A_bad_configuration_is_refused(string name, string value, string message)
    {
        var world = new MetadataWorld();
        Assert.Equal(new MetadataResult(KafkaError.InvalidConfig, message), world.Create("t", configs: [(name, value)]));
        Assert.Empty(world.State.Topics);
    }

    [Fact]
    public void Every_default_is_a_value_that_may_be_set() =>
        Assert.All(TopicConfigs.All.Values, c => Assert.Null(TopicConfigs.WhyInvalid(c.Name, c.Default!)));

    [Fact]
    public void Leaders_are_spread_over_active_brokers_and_fenced_ones_are_not_in_the_ISR()
    {
        var world = new MetadataWorld();
        world.Fence(3);
        world.Create("t", partitions: 4);
        Assert.Equal([1, 2, 1, 2], world.State.Topics["t"].Partitions.Select(p => p.Leader));
        Assert.All(world.State.Topics["t"].Partitions, p => Assert.Equal([1, 2], p.Isr.Order()));
    }

    [Fact]
    public void Replicas_are_spread_over_racks()
    {
        var world = new MetadataWorld(brokers: 0);
        foreach (var (id, rack) in new[] { (1, "a"), (2, "a"), (3, "b"), (4, "b") })
        {
            world.Register(id, rack);
            world.Change(id, BrokerTransition.Unfence);
        }
        world.Create("t", partitions: 4, factor: 2);
        var racks = world.State.Topics["t"].Partitions.Select(p => p.Replicas.Select(r => world.State.Brokers[r].Rack).Distinct());
        Assert.All(racks, r => Assert.Equal(2, r.Count()));
    }

    [Fact]
    public void Only_validating_creates_nothing_and_defaults_fill_in()
    {
        var world = new MetadataWorld();
        var topic = new NewTopic("t", Guid.AllBitsSet, -1, -1, [], []);
        Assert.Equal(MetadataResult.Done, MetadataWorld.Only(world.Apply(new CreateTopics([topic], 5, 2, 0, IsValidateOnly: true))));
        Assert.Empty(world.State.Topics);
        world.Apply(new CreateTopics([topic], 5, 2, 0, IsValidateOnly: false));
        Assert.Equal(5, world.State.Topics["t"].Partitions.Count);
        Assert.Equal(2, world.Partition("t").Replicas.Count);
    }

    [Fact]
    public void A_deleted_topic_is_gone_with_its_configuration()
    {
        var world = new MetadataWorld();
        world.Create("t", configs: [("retention.ms", "5")]);
        var delete = new DeleteTopics([world.State.Topics["t"].Id]);
        MetadataChange? told = null;
        world.Machine.Changed += c => told = c;
        Assert.Equal(MetadataResult.Done, MetadataWorld.Only(world.Apply(delete)));
        Assert.Equal(Assert.Single(delete.Ids), Assert.Single(told!.DeletedTopics));
        Assert.Empty(world.State.Topics);
        Assert.Empty(world.State.Configs);
        Assert.Equal(KafkaError.UnknownTopicId, MetadataWorld.Only(world.Apply(delete)).Error);
    }

    [Fact]
    public void Partitions_can_only_become_more()
    {
        var world = new MetadataWorld();
        world.Create("t", partitions: 2);
        MetadataResult Grow(int count, int[][]? byHand = null) => world.Apply(new CreatePartitions("t", count, byHand, 0, false));
        Assert.Equal(new MetadataResult(KafkaError.InvalidPartitions, "Topic already has 2 partition(s)."), Grow(2));
        Assert.Equal("The topic t currently has 2 partition(s); 1 would not be an increase.", Grow(1).Message);
        Assert.Equal("Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.", Grow(4, [[1, 2, 3]]).Message);
        Assert.Equal(MetadataResult.Done, Grow(3, [[3, 1, 2]]));
        Assert.Equal(MetadataResult.Done, Grow(5));
        Assert.Equal((5, 3), (world.State.Topics["t"].Partitions.Count, world.Partition("t", 2).Leader));
    }

    [Fact]
    public void Configurations_are_set_appended_subtracted_and_deleted()
    {
        var world = new MetadataWorld();
        world.Create("t");
        var t = ConfigResource.Topic("t");
        MetadataResult Alter(ConfigOperation operation, string name, string? value) =>
            MetadataWorld.Only(world.Apply(new AlterConfigs([(t, [new ConfigChange(name, operation, value)])], false)));
        Assert.Equal(MetadataResult.Done, Alter(ConfigOperation.Append, "cleanup.policy", "compact"));
        Assert.Equal("delete,compact", world.State.Config(t, "cleanup.policy"));
        Assert.Equal(MetadataResult.Done, Alter(ConfigOperation.Subtract, "cleanup.policy", "delete"));
        Assert.Equal("compact", world.State.Config(t, "cleanup.policy"));
        Assert.Equal(MetadataResult.Done, Alter(ConfigOperation.Delete, "cleanup.policy", null));
        Assert.Empty(world.State.Configs);
        Assert.Equal("Can't APPEND to key retention.ms because its type is not LIST.",
            Alter(ConfigOperation.Append, "retention.ms", "1").Message);
        Assert.Equal(KafkaError.InvalidConfig, Alter(ConfigOperation.Set, "retention.ms", "-2").Error);
        Assert.Empty(world.State.Configs);
    }

    [Fact]
    public void A_list_that_is_appended_to_ends_where_the_protocols_strings_do()
    {
        var world = new MetadataWorld();
        world.Create("t");
        const string Name = "leader.replication.throttled.replicas";
        MetadataResult Append(char item) => MetadataWorld.Only(world.Apply(new AlterConfigs(
            [(ConfigResource.Topic("t"), [new ConfigChange(Name, ConfigOperation.Append, new string(item, 20_000))])], false)));
        Assert.Equal(MetadataResult.Done, Append('a'));
        Assert.Equal(KafkaError.InvalidConfig, Append('b').Error);
        Assert.Equal(20_000, world.State.Config(ConfigResource.Topic("t"), Name)!.Length);
        new MetadataMachine().Restore(world.Machine.Save());
    }
}
