namespace Microcosm.Kafka.Tests;

public sealed class CoordinatorPartitionTests
{
    // What Java's String.hashCode gives: of "polygenelubricants" it is the smallest int, whose absolute value Kafka takes for 0.
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97 % 50)]
    [InlineData("Aa", 2112 % 50)]
    [InlineData("BB", 2112 % 50)]
    [InlineData("hello world", 1794106052 % 50)]
    [InlineData("my-transactional-id", 959806496 % 50)]
    [InlineData("polygenelubricants", 0)]
    public void An_id_belongs_to_the_partition_that_Javas_hash_tells(string id, int partition) =>
        Assert.Equal(partition, CoordinatorPartition.Of(id, 50));
}
