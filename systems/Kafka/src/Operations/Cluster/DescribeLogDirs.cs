namespace Microcosm.Kafka;

/// <summary>DescribeLogDirs: sizes of this broker's logs, all in one directory.</summary>
internal static class DescribeLogDirs
{
    [KafkaOperation("DescribeLogDirs", 35, 1, 4, FlexibleFrom = 2)]
    public static ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeLogDirsRequest>();
        if (call.CheckCluster(AclOperation.Describe) is var refused && refused != KafkaError.None)
        {
            call.Reply(new DescribeLogDirsResponse { ErrorCode = call.Version >= 3 ? (short)refused : (short)0 });
            return ValueTask.CompletedTask;
        }
        var wanted = request.Topics?.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToHashSet();
        var topics = call.Broker.Replicas.All.Where(p => p.Log is not null && wanted?.Contains(p.Name) != false)
            .GroupBy(p => p.Name.Topic).Select(t => new DescribeLogDirsResponse.DescribeLogDirsTopic
            {
                Name = t.Key,
                Partitions = [.. t.Select(p => new DescribeLogDirsResponse.DescribeLogDirsPartition
                {
                    PartitionIndex = p.Name.Partition, PartitionSize = p.Log!.SizeBytes,
                    OffsetLag = Math.Max(0, p.Log.HighWatermark - p.Log.LogEndOffset),
                })],
            });
        call.Reply(new DescribeLogDirsResponse { Results =
            [new() { LogDir = call.Broker.Options.Text("log.dirs"), Topics = [.. topics] }] });
        return ValueTask.CompletedTask;
    }
}
