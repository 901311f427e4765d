namespace Microcosm.Kafka.Tests.Wire;

/// <summary>Encodings worked out by hand from Kafka's protocol guide.</summary>
public sealed class GoldenBytesTests
{
    [Fact]
    public void ApiVersions_0_is_empty_and_3_has_compact_strings()
    {
        Assert.Equal("", Hex(new ApiVersionsRequest(), 0));
        Assert.Equal("0461 6263 0231 00", Hex(new ApiVersionsRequest { ClientSoftwareName = "abc", ClientSoftwareVersion = "1" }, 3));
    }

    [Fact]
    public void Metadata_0_asks_for_all_with_an_empty_array_and_1_with_null()
    {
        Assert.Equal("0000 0000", Hex(new MetadataRequest { Topics = [] }, 0));
        Assert.Equal("ffff ffff", Hex(new MetadataRequest { Topics = null }, 1));
        Assert.Equal("0001 7401", Hex(new MetadataRequest { Topics = [new() { Name = "t" }] }, 4)[10..]);
    }

    [Fact]
    public void Metadata_9_is_flexible_and_12_names_topics_by_id()
    {
        Assert.Equal("0202 7400 0100 0000", Hex(new MetadataRequest { Topics = [new() { Name = "t" }] }, 9));
        var id = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        Assert.Equal(
            "0200 1122 3344 5566 7788 99aa bbcc ddee ff00 0001 0000",
            Hex(new MetadataRequest { Topics = [new() { TopicId = id, Name = null }] }, 12));
    }

    [Fact]
    public void Produce_9_has_compact_records()
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 1000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = 3, Records = new byte[] { 7, 8 } }] }],
        };
        // Transactional id null, acks, timeout, topics 1, name, partitions 1, index, records of 2 bytes, tags of three structs.
        Assert.Equal("00 ffff 000003e8 02 0274 02 00000003 03 0708 00 00 00".Replace(" ", ""), Plain(request, 9));
    }

    [Fact]
    public void Fetch_4_12_and_13_differ_in_epochs_tags_and_topic_ids()
    {
        var request = new FetchRequest
        {
            MaxWaitMs = 500,
            MinBytes = 1,
            MaxBytes = 1024,
            Topics = [new() { Topic = "t", Partitions = [new() { Partition = 2, FetchOffset = 5, PartitionMaxBytes = 16 }] }],
        };
        const string Limits = "ffffffff 000001f4 00000001 00000400 00";
        Assert.Equal(
            (Limits + "00000001 0001 74 00000001 00000002 0000000000000005 00000010").Replace(" ", ""), Plain(request, 4));
        // Session 0, epoch -1; the partition has its current epoch, last fetched epoch and log start, all -1.
        const string Partition = "02 00000002 ffffffff 0000000000000005 ffffffff ffffffffffffffff 00000010 00";
        Assert.Equal((Limits + "00000000 ffffffff 02 0274" + Partition + "00 01 01 00").Replace(" ", ""), Plain(request, 12));
        request.Topics[0].TopicId = new Guid("00112233-4455-6677-8899-aabbccddeeff");
        Assert.Equal(
            (Limits + "00000000 ffffffff 02 00112233445566778899aabbccddeeff" + Partition + "00 01 01 00").Replace(" ", ""),
            Plain(request, 13));
        // From 15 on the replica stands in tag 1: its size, id, epoch, no tags.
        request.ReplicaState = new() { ReplicaId = 1, ReplicaEpoch = 2 };
        Assert.EndsWith("01010d00000001000000000000000200", Plain(request, 15));
        Assert.Throws<InvalidOperationException>(() => MessageCodec.Encode(request, 14));
    }

    [Fact]
    public void Headers_keep_the_client_id_uncompact()
    {
        var writer = new MessageWriter(isFlexible: false);
        new RequestHeader(18, 3, 7, "me").Write(writer, 2);
        Assert.Equal("0012000300000007" + "00026d65" + "00", Convert.ToHexStringLower(writer.ToArray()));
        Assert.Equal(new RequestHeader(18, 3, 7, "me"), RequestHeader.Read(writer.ToArray(), 2, out var end));
        Assert.Equal(writer.Length, end);
        Assert.Equal(0, ResponseHeader.Version(18, isFlexible: true));
        Assert.Equal(1, ResponseHeader.Version(3, isFlexible: true));
        Assert.Equal(0, RequestHeader.Version(7, 0, isFlexible: false));
    }

    [Fact]
    public void Unknown_tagged_fields_are_skipped_and_their_order_is_checked()
    {
        Assert.Equal("1", Decode("0105020808").ClientSoftwareVersion);
        Assert.Throws<KafkaFormatException>(() => Decode("02050108050108"));

        static ApiVersionsRequest Decode(string tags) =>
            MessageCodec.Decode<ApiVersionsRequest>(Convert.FromHexString("046162630231" + tags), 3);
    }

    [Fact]
    public void What_follows_a_request_is_ignored()
    {
        // As librdkafka asks for all topics in version 12: three bytes too many.
        var bytes = Convert.FromHexString("00000000" + "000100");
        Assert.Null(MessageCodec.DecodeRequest<MetadataRequest>(bytes, 12).Topics);
        Assert.Throws<KafkaFormatException>(() => MessageCodec.Decode<MetadataRequest>(bytes, 12));
    }

    [Fact]
    public void An_array_that_promises_more_than_the_frame_holds_is_refused() =>
        Assert.Throws<KafkaFormatException>(() => MessageCodec.Decode<MetadataRequest>(Convert.FromHexString("7fffffff0000"), 0));

    [Fact]
    public void Every_error_but_none_has_a_message() =>
        Assert.All(Enum.GetValues<KafkaError>(), e => Assert.Equal(e == KafkaError.None, string.IsNullOrEmpty(KafkaErrors.Message(e))));

    private static string Plain<T>(T message, short version)
        where T : class, IMessage<T> => Convert.ToHexStringLower(MessageCodec.Encode(message, version));

    // Groups of two bytes.
    private static string Hex<T>(T message, short version)
        where T : class, IMessage<T> => string.Join(' ', Plain(message, version).Chunk(4).Select(c => new string(c)));
}
