namespace Microcosm.Kafka.Tests.Core;

/// <summary>Quotas altered and described (KIP-546), in Kafka's words.</summary>
public sealed class QuotaRequestTests
{
    private readonly QuotaWorld _world = new();

    [Fact]
    public void Quotas_are_set_and_removed()
    {
        Assert.Equal(["None "], Alter(
            Entry([("user", "ann"), ("client-id", null)], ("producer_byte_rate", 10.0), ("request_percentage", 1.5))));
        Assert.Equal(["client-id=- user=ann: producer_byte_rate=10 request_percentage=1.5"], Describe());
        Assert.Equal(["None "], Alter(Entry([("client-id", null), ("user", "ann")], ("producer_byte_rate", null), ("no such", null))));
        Assert.Equal(["client-id=- user=ann: request_percentage=1.5"], Describe());
    }

    [Fact]
    public void What_is_wrong_is_refused_and_the_rest_is_done()
    {
        string[] expected =
        [
            "InvalidRequest Invalid empty client quota entity",
            "InvalidRequest Unhandled client quota entity type: group",
            "InvalidRequest Empty user not supported",
            "InvalidRequest A user with the character U+0001 is not supported",
            "InvalidRequest Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId",
            "InvalidRequest nowhere is not a valid IP or resolvable host.",
            "InvalidRequest Invalid configuration key connection_creation_rate",
            "InvalidRequest Invalid configuration key producer_byte_rate",
            "InvalidRequest Quota producer_byte_rate must be greater than 0",
            "InvalidRequest producer_byte_rate cannot be a fractional value.",
            "InvalidRequest Proposed value for consumer_byte_rate is too large for a LONG.",
            "InvalidRequest Proposed value for connection_creation_rate is too large for an INT.",
            "None ",
        ];
        Assert.Equal(expected, Alter(
            Entry([], ("producer_byte_rate", 1)), Entry([("group", "g")]), Entry([("user", "")]), Entry([("user", "a\u0001")]),
            Entry([("ip", "10.0.0.1"), ("user", "ann")]), Entry([("ip", "nowhere")]),
            Entry([("user", "a")], ("connection_creation_rate", 1)),
            Entry([("ip", "10.0.0.1")], ("producer_byte_rate", 1)), Entry([("user", "b")], ("producer_byte_rate", 0)),
            Entry([("user", "c")], ("producer_byte_rate", 1.5)), Entry([("user", "d")], ("consumer_byte_rate", 1e19)),
            Entry([("ip", "::1")], ("connection_creation_rate", 3e9)), Entry([("ip", null)], ("connection_creation_rate", 3))));
        Assert.Equal(["ip=-: connection_creation_rate=3"], Describe());
    }

    [Fact]
    public void Of_an_entity_that_comes_twice_the_first_is_done_and_the_answer_is_a_refusal()
    {
        Assert.Equal(
            ["InvalidRequest Ignoring duplicate entity ClientQuotaEntity(entries={user=ann})"],
            Alter(Entry([("user", "ann")], ("producer_byte_rate", 1)), Entry([("user", "ann")], ("producer_byte_rate", 2))));
        Assert.Equal(["user=ann: producer_byte_rate=1"], Describe());
        Assert.StartsWith("InvalidRequest Ignoring duplicate entity", Assert.Single(
            Alter(Entry([("user", "bob")], ("producer_byte_rate", 1), ("producer_byte_rate", 2)))));
        Assert.Equal(["user=ann: producer_byte_rate=1"], Describe());
    }

    [Fact]
    public void A_filter_finds_by_name_default_or_presence()
    {
        foreach (var (user, client) in new[] { ("ann", "app"), ("ann", ""), (null, ""), ("bob", null), ("", "app") })
            _world.Set(user, client, "producer_byte_rate", 1);
        Assert.Equal(5, Describe().Length);
        Assert.Equal(["client-id=app user=ann", "user=ann"], Found(false, ("user", 0, "ann")));
        Assert.Equal(["user=ann"], Found(true, ("user", 0, "ann")));
        Assert.Equal(["user=-"], Found(false, ("user", 1, null)));
        Assert.Equal(["client-id=- user=bob", "client-id=app user=ann", "user=-", "user=ann"], Found(false, ("user", 2, null)));
        Assert.Equal(["client-id=- user=bob", "client-id=app user=ann"], Found(true, ("user", 2, null), ("client-id", 2, null)));
        Assert.Equal(["client-id=- user=bob"], Found(true, ("client-id", 1, null), ("user", 2, null)));
        Assert.Empty(Found(true));
    }

    [Fact]
    public void A_bad_filter_is_refused()
    {
        Assert.Equal("Invalid empty entity type.", Refused(KafkaError.InvalidRequest, ("", 0, "x")));
        Assert.Equal("Unsupported entity type group", Refused(KafkaError.UnsupportedVersion, ("group", 0, "x")));
        Assert.Equal(
            "Entity type user cannot appear more than once in the filter.",
            Refused(KafkaError.InvalidRequest, ("user", 0, "x"), ("user", 1, null)));
        Assert.Equal(
            "Request specified MATCH_TYPE_EXACT, but set match string to null.", Refused(KafkaError.InvalidRequest, ("user", 0, null)));
        Assert.Equal(
            "Request specified MATCH_TYPE_DEFAULT, but also specified a match string.",
            Refused(KafkaError.InvalidRequest, ("user", 1, "x")));
        Assert.Equal(
            "Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.",
            Refused(KafkaError.InvalidRequest, ("user", 2, "x")));
        Assert.Equal("Unknown match type 3", Refused(KafkaError.InvalidRequest, ("user", 3, "x")));
        Assert.StartsWith(
            "Invalid entity filter component combination.", Refused(KafkaError.InvalidRequest, ("ip", 1, null), ("user", 2, null)));
    }

    private string[] Alter(params AlterClientQuotasRequest.EntryData[] entries) =>
    [
        .. QuotaAlterations.Of(new() { Entries = [.. entries] })
            .Select(a => a.Answer(a.Command is { } command ? _world.Apply(command) : a.Result))
            .Select(e => $"{(KafkaError)e.ErrorCode} {e.ErrorMessage}"),
    ];

    private static AlterClientQuotasRequest.EntryData Entry(
        (string, string?)[] entity, params (string Key, double? Value)[] quotas) => new()
    {
        Entity = [.. entity.Select(e => new AlterClientQuotasRequest.EntityData { EntityType = e.Item1, EntityName = e.Item2 })],
        Ops = [.. quotas.Select(q => new AlterClientQuotasRequest.OpData { Key = q.Key, Value = q.Value ?? 0, Remove = q.Value is null })],
    };

    private string[] Describe(bool isStrict = false, params (string Type, sbyte Kind, string? Name)[] parts) =>
    [
        .. Ask(isStrict, parts).Entries!.Select(e =>
            $"{string.Join(' ', e.Entity.Select(p => $"{p.EntityType}={p.EntityName ?? "-"}"))}: "
            + string.Join(' ', e.Values.Select(v => $"{v.Key}={v.Value}"))),
    ];

    private string[] Found(bool isStrict, params (string Type, sbyte Kind, string? Name)[] parts) =>
        [.. Describe(isStrict, parts).Select(e => e[..e.IndexOf(':')]).Order(StringComparer.Ordinal)];

    private string? Refused(KafkaError error, params (string Type, sbyte Kind, string? Name)[] parts)
    {
        var answer = Ask(false, parts);
        Assert.Equal((short)error, answer.ErrorCode);
        Assert.Null(answer.Entries);
        return answer.ErrorMessage;
    }

    private DescribeClientQuotasResponse Ask(bool isStrict, params (string Type, sbyte Kind, string? Name)[] parts) =>
        QuotaFilter.Describe(_world.State, new()
        {
            Strict = isStrict,
            Components = [.. parts.Select(p =>
                new DescribeClientQuotasRequest.ComponentData { EntityType = p.Type, MatchType = p.Kind, Match = p.Name })],
        });
}
