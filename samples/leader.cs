#!/usr/bin/env dotnet
// A partition's leader dies while an application writes: what is lost, what is there twice? dotnet run -c Release samples/leader.cs
#:project ../products/World/src/Microcosm.World.csproj
#:project ../systems/Kafka/src/Microcosm.Kafka.csproj
#:package Confluent.Kafka
#:property PublishAot=false

using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microcosm;
using Microcosm.Kafka;

await using var world = await World.StartAsync(w => w.AddKafka(o => o.Nodes = 3));
var brokers = world.System("kafka").ConnectionString;
using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers }).SetLogHandler((_, _) => { }).Build();
await admin.CreateTopicsAsync([new TopicSpecification { Name = "orders", NumPartitions = 1, ReplicationFactor = 3 }]);

// The third batch is appended, and its answer is lost; the producer cannot know that, and sends it again.
world.Faults.Add("kafka.Produce target=orders-* nth=3 drop-reply");
var settings = new ProducerConfig { BootstrapServers = brokers, Acks = Acks.All, EnableIdempotence = true };
using var producer = new ProducerBuilder<Null, string>(settings).SetLogHandler((_, _) => { }).Build();
var leader = Leader();
for (var i = 1; i <= 10; i++)
{
    if (i == 6)
        await world.Node($"kafka-{leader}").KillAsync();
    await producer.ProduceAsync("orders", new Message<Null, string> { Value = $"{i}" });
}
Console.WriteLine($"answers lost: {world.Faults.Fired.Count}, and the leader with what it had not synced");
Console.WriteLine($"led by {(Leader() == leader ? "the same" : "another")} broker");

// A group's consumer joins, is given the partition, and reads to its end.
var group = new ConsumerConfig
{
    BootstrapServers = brokers,
    GroupId = "billing",
    AutoOffsetReset = AutoOffsetReset.Earliest,
    EnablePartitionEof = true,
};
using var consumer = new ConsumerBuilder<Null, string>(group).SetLogHandler((_, _) => { })
    .SetPartitionsAssignedHandler((_, partitions) => Console.WriteLine($"assigned: {string.Join(' ', partitions)}")).Build();
consumer.Subscribe("orders");
List<string> read = [];
while (consumer.Consume() is { IsPartitionEOF: false } result)
    read.Add(result.Message.Value);
consumer.Close();
Console.WriteLine($"read: {string.Join(' ', read)}");

int Leader() => admin.GetMetadata("orders", TimeSpan.FromSeconds(30)).Topics[0].Partitions[0].Leader;
