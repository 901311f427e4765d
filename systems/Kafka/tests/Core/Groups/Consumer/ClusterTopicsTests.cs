using Microcosm.Kafka.Tests.Core;

namespace Microcosm.Kafka.Tests;

/// <summary>The topics of the cluster's metadata, as groups see them.</summary>
public sealed class ClusterTopicsTests
{
    [Fact]
    public void Topics_are_found_by_name_and_id_and_each_change_of_one_gives_a_new_version()
    {
        var cluster = new MetadataWorld();
        var topics = new ClusterTopics(cluster.State);
        cluster.Machine.Changed += topics.Changed;
        cluster.Create("t", partitions: 3);
        Assert.Equal(1, topics.Version);
        var topic = topics.Find("t")!.Value;
        Assert.Equal(("t", 3, topic), (topic.Name, topic.Partitions, topics.Find(topic.Id)!.Value));
        Assert.Equal(["t"], topics.Names);
        Assert.Null(topics.Find("u") ?? topics.Find(Guid.Empty));
        cluster.Start(4);
        Assert.Equal(1, topics.Version);
        cluster.Machine.Restore(cluster.Machine.Save());
        Assert.Equal(2, topics.Version);
    }
}
