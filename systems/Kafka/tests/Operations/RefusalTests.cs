using System.Collections;
using System.Reflection;
using Microcosm.Kafka.Tests.Wire;
using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>Every request can be refused with any error, in its own place, in every version that has one.</summary>
public sealed class RefusalTests
{
    private const short Error = (short)KafkaError.CoordinatorLoadInProgress;

    public static TheoryData<string> Served() => [.. KafkaOperations.All.ToArray().Select(o => o.Declaration.Name)];

    [Theory]
    [MemberData(nameof(Served))]
    public void Each_version_says_the_error_wherever_it_says_errors(string name)
    {
        var declared = KafkaOperations.All.ToArray().First(o => o.Declaration.Name == name).Declaration;
        var (request, response) = (MessageCase.Named(name + "Request"), MessageCase.Named(name + "Response"));
        var random = new Seed(1).Stream(name);
        for (var version = declared.Lowest; version <= declared.Highest; version++)
        {
            // Of what names nothing there is nothing to say an error of.
            var answers = Enumerable.Range(0, 40).Select(_ => Refuse(declared.Key, request.Fill(random, version), version))
                .OfType<object>().Select(a => response.Decode(response.Encode(a, version), version)).ToArray();
            // Before version 3 it says errors of folders only, which the request does not name.
            Assert.Equal((name, version) is not ("DescribeLogDirs", < 3), answers.Length > 0);
            Assert.All(answers, a => Assert.Contains(Error, ErrorsOf(a)));
            Assert.All(answers, a => Assert.DoesNotContain((short)0, ErrorsOf(a).Skip(1)));
        }
    }

    [Fact]
    public void Elements_are_called_as_the_request_calls_them()
    {
        var listed = (ListOffsetsResponse)Refuse(2, new ListOffsetsRequest
            { Topics = [new() { Name = "a", Partitions = [new() { PartitionIndex = 3 }, new() { PartitionIndex = 5 }] }] }, 7)!;
        Assert.Equal([("a", 3, Error, -1L), ("a", 5, Error, -1L)], listed.Topics.SelectMany(t => t.Partitions.Select(p =>
            (t.Name, p.PartitionIndex, p.ErrorCode, p.Offset))));
        var deleted = (DeleteTopicsResponse)Refuse(20, new DeleteTopicsRequest { TopicNames = ["a", "b"] }, 5)!;
        Assert.Equal([("a", Error), ("b", Error)], deleted.Responses.Select(r => (r.Name!, r.ErrorCode)));
        Assert.Equal(KafkaErrors.Message(KafkaError.CoordinatorLoadInProgress), deleted.Responses[0].ErrorMessage);
        var id = Guid.NewGuid();
        var byId = (DeleteTopicsResponse)Refuse(20, new DeleteTopicsRequest { Topics = [new() { TopicId = id }] }, 6)!;
        Assert.Equal((null, id), (byId.Responses[0].Name, byId.Responses[0].TopicId));
        var altered = (AlterUserScramCredentialsResponse)Refuse(
            51, new AlterUserScramCredentialsRequest { Deletions = [new() { Name = "x" }], Upsertions = [new() { Name = "y" }] }, 0)!;
        Assert.Equal(["x", "y"], altered.Results.Select(r => r.User));
        var quotas = (AlterClientQuotasResponse)Refuse(49, new AlterClientQuotasRequest
            { Entries = [new() { Entity = [new() { EntityType = "user", EntityName = "u" }] }] }, 0)!;
        Assert.Equal(("user", "u"), (quotas.Entries[0].Entity[0].EntityType, quotas.Entries[0].Entity[0].EntityName));
        var fetched = (OffsetFetchResponse)Refuse(9, new OffsetFetchRequest
            { GroupId = "g", Topics = [new() { Name = "a", PartitionIndexes = [1, 2] }] }, 1)!;
        Assert.Equal([(1, -1L, Error), (2, -1L, Error)],
            fetched.Topics[0].Partitions.Select(p => (p.PartitionIndex, p.CommittedOffset, p.ErrorCode)));
        var old = (FetchResponse)Refuse(
            1, new FetchRequest { Topics = [new() { Topic = "a", Partitions = [new() { Partition = 4 }] }] }, 6)!;
        Assert.Equal((4, Error, -1L), (old.Responses[0].Partitions[0].PartitionIndex, old.Responses[0].Partitions[0].ErrorCode,
            old.Responses[0].Partitions[0].HighWatermark));
    }

    private static object? Refuse(short key, object request, short version)
    {
        var call = new Call(key, version, request);
        return MessageRefusals.TryReply(call, Error, KafkaErrors.Message((KafkaError)Error)) ? call.Response : null;
    }

    /// <summary>The message's own first, or the error where it has none; then those of what is in it.</summary>
    private static IEnumerable<short> ErrorsOf(object message)
    {
        var own = message.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(p => p.PropertyType == typeof(short) && p.Name.EndsWith("ErrorCode", StringComparison.Ordinal));
        yield return own is null ? (short)-1 : (short)own.GetValue(message)!;
        foreach (var error in message.GetType().GetProperties().Select(p => p.GetValue(message)).OfType<IList>()
            .SelectMany(l => l.Cast<object>()).Where(e => e.GetType().IsNested).SelectMany(ErrorsOf))
            yield return error;
    }

    private sealed class Call(short key, short version, object request) : IMessageCall
    {
        public short Key => key;

        public short Version => version;

        public object? Response { get; private set; }

        public T Read<T>()
            where T : class, IMessage<T> => (T)request;

        public void Reply<T>(T response)
            where T : class, IMessage<T> => Response = response;
    }
}
