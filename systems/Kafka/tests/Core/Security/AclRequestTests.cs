namespace Microcosm.Kafka.Tests.Core;

/// <summary>What ACLs can be made, and which a filter finds.</summary>
public sealed class AclRequestTests
{
    private static readonly AclBinding Good = AuthorizerWorld.Allow("ann", AclOperation.Read, "t");

    [Fact]
    public void Bad_ACLs_are_refused_in_Kafkas_words()
    {
        AclResources.CheckNew(Good);
        AclResources.CheckNew(Good with { ResourceType = 4, ResourceName = "kafka-cluster" });
        Assert.Equal("The only valid name for the CLUSTER resource is kafka-cluster", Refusal(Good with { ResourceType = 4 }));
        Assert.Equal("Invalid empty resource name", Refusal(Good with { ResourceName = "" }));
        Assert.Equal("Invalid resourceType ANY", Refusal(Good with { ResourceType = 1 }));
        Assert.Equal("Invalid resourceType UNKNOWN", Refusal(Good with { ResourceType = 99 }));
        Assert.Equal("Invalid patternType MATCH", Refusal(Good with { PatternType = 2 }));
        Assert.Equal("Invalid patternType ANY", Refusal(Good with { PatternType = 1 }));
        Assert.Equal("Invalid operation ANY", Refusal(Good with { Operation = 1 }));
        Assert.Equal("Invalid operation UNKNOWN", Refusal(Good with { Operation = 15 }));
        Assert.Equal("Invalid permissionType ANY", Refusal(Good with { Permission = 1 }));

        static string? Refusal(AclBinding acl)
        {
            var refusal = Assert.Throws<MetadataRefusal>(() => AclResources.CheckNew(acl));
            Assert.Equal(KafkaError.InvalidRequest, refusal.Error);
            return refusal.Text;
        }
    }

    // 1 any, 2 match, 3 literal, 4 prefixed.
    [Theory]
    [InlineData(1, "logs", "logs literal, logs prefixed")]
    [InlineData(2, "logs", "* literal, lo prefixed, logs literal, logs prefixed")]
    [InlineData(2, "lo", "* literal, lo prefixed")]
    [InlineData(3, "logs", "logs literal")]
    [InlineData(3, "*", "* literal")]
    [InlineData(4, "logs", "logs prefixed")]
    [InlineData(4, null, "lo prefixed, logs prefixed")]
    [InlineData(1, null, "* literal, lo prefixed, logs literal, logs prefixed, other literal")]
    public void A_filter_finds_by_name_and_pattern(byte pattern, string? name, string expected)
    {
        AclBinding[] all =
        [
            Good with { ResourceName = "*" }, Good with { ResourceName = "lo", PatternType = 4 }, Good with { ResourceName = "logs" },
            Good with { ResourceName = "logs", PatternType = 4 }, Good with { ResourceName = "other" },
        ];
        var filter = new AclFilter(AclResourceType.Topic, name, (PatternType)pattern, null, null, AclOperation.Any, AclPermission.Any);
        var found = all.Where(filter.Matches).Select(a => $"{a.ResourceName} {(a.PatternType == 3 ? "literal" : "prefixed")}");
        Assert.Equal(expected, string.Join(", ", found));
    }

    [Fact]
    public void A_filter_finds_by_type_principal_host_operation_and_permission()
    {
        var any = new AclFilter(AclResourceType.Any, null, PatternType.Any, null, null, AclOperation.Any, AclPermission.Any);
        Assert.True(any.Matches(Good));
        Assert.True((any with { Principal = "User:ann", Host = "*", Operation = AclOperation.Read, Permission = AclPermission.Allow })
            .Matches(Good));
        Assert.False((any with { ResourceType = AclResourceType.Group }).Matches(Good));
        Assert.False((any with { Principal = "User:*" }).Matches(Good));
        Assert.False((any with { Host = "h" }).Matches(Good));
        Assert.False((any with { Operation = AclOperation.All }).Matches(Good));
        Assert.False((any with { Permission = AclPermission.Deny }).Matches(Good));
    }

    [Fact]
    public void A_filter_with_unknown_codes_is_refused()
    {
        var any = new AclFilter(AclResourceType.Any, null, PatternType.Any, null, null, AclOperation.Any, AclPermission.Any);
        any.Check();
        any.CheckFormat();
        Assert.Throws<KafkaFormatException>((any with { Operation = 0 }).CheckFormat);
        Assert.Equal("Unknown patternFilter.", Assert.Throws<MetadataRefusal>((any with { PatternType = 0 }).Check).Text);
        Assert.Equal("Unknown patternFilter.", Assert.Throws<MetadataRefusal>((any with { ResourceType = (AclResourceType)9 }).Check).Text);
        Assert.Equal("Unknown entryFilter.", Assert.Throws<MetadataRefusal>((any with { Operation = 0 }).Check).Text);
        Assert.Equal("Unknown entryFilter.", Assert.Throws<MetadataRefusal>((any with { Permission = (AclPermission)4 }).Check).Text);
    }
}
