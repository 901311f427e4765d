using static Microcosm.Kafka.Tests.Core.AuthorizerWorld;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>The rules of StandardAuthorizer.</summary>
public sealed class AuthorizerTests
{
    [Fact]
    public void Nothing_is_allowed_that_no_ACL_allows()
    {
        var world = new AuthorizerWorld().Add(Allow("ann", AclOperation.Read, "t"));
        Assert.True(world.Allows("ann", AclOperation.Read, "t"));
        Assert.False(world.Allows("ann", AclOperation.Write, "t"));
        Assert.False(world.Allows("ann", AclOperation.Read, "t2"));
        Assert.False(world.Allows("bob", AclOperation.Read, "t"));
        Assert.False(world.Allows("ann", AclOperation.Read, "t", AclResourceType.Group));
    }

    [Fact]
    public void A_super_user_may_do_what_is_denied()
    {
        var world = new AuthorizerWorld().Add(Deny("*", AclOperation.All, "*"));
        Assert.True(world.Allows("root", AclOperation.Delete, "t"));
        Assert.False(world.Allows("ann", AclOperation.Describe, "t"));
        Assert.True(world.AllowsSome("root", AclOperation.Write));
    }

    [Fact]
    public void Denial_wins_wherever_it_comes_from()
    {
        var allowed = new AuthorizerWorld().Add(
            Allow("ann", AclOperation.All, "logs-a"), Allow("ann", AclOperation.All, "*"),
            Allow("*", AclOperation.All, "logs-", PatternType.Prefixed));
        Assert.True(allowed.Allows("ann", AclOperation.Read, "logs-a"));
        foreach (var denial in new[]
        {
            Deny("ann", AclOperation.Read, "logs-a"), Deny("*", AclOperation.All, "*"),
            Deny("ann", AclOperation.Read, "lo", PatternType.Prefixed), Deny("*", AclOperation.Read, "logs-a", host: "10.0.0.1"),
        })
        {
            allowed.Add(denial);
            Assert.False(allowed.Allows("ann", AclOperation.Read, "logs-a"));
            allowed.Remove(denial);
            Assert.True(allowed.Allows("ann", AclOperation.Read, "logs-a"));
        }
    }

    [Fact]
    public void A_prefix_covers_what_begins_with_it_and_a_star_is_a_wildcard_only_if_literal()
    {
        var world = new AuthorizerWorld().Add(
            Allow("ann", AclOperation.Read, "logs", PatternType.Prefixed), Allow("bob", AclOperation.Read, "*", PatternType.Prefixed));
        Assert.True(world.Allows("ann", AclOperation.Read, "logs"));
        Assert.True(world.Allows("ann", AclOperation.Read, "logs.today"));
        Assert.False(world.Allows("ann", AclOperation.Read, "log"));
        Assert.False(world.Allows("bob", AclOperation.Read, "logs"));
    }

    [Fact]
    public void Only_what_allows_implies_that_one_may_describe()
    {
        foreach (var operation in new[] { AclOperation.Read, AclOperation.Write, AclOperation.Delete, AclOperation.Alter })
        {
            Assert.True(new AuthorizerWorld().Add(Allow("ann", operation, "t")).Allows("ann", AclOperation.Describe, "t"));
            var denied = new AuthorizerWorld().Add(Allow("ann", AclOperation.All, "t"), Deny("ann", operation, "t"));
            Assert.True(denied.Allows("ann", AclOperation.Describe, "t"));
            Assert.False(denied.Allows("ann", operation, "t"));
        }
        var altering = new AuthorizerWorld().Add(Allow("ann", AclOperation.AlterConfigs, "t"));
        Assert.True(altering.Allows("ann", AclOperation.DescribeConfigs, "t"));
        Assert.False(altering.Allows("ann", AclOperation.Describe, "t"));
        Assert.False(new AuthorizerWorld().Add(Allow("ann", AclOperation.Create, "t")).Allows("ann", AclOperation.Describe, "t"));
    }

    [Fact]
    public void An_ACL_counts_only_from_its_host()
    {
        var world = new AuthorizerWorld().Add(Allow("ann", AclOperation.Read, "t", host: "10.0.0.2"));
        Assert.False(world.Allows("ann", AclOperation.Read, "t"));
        Assert.True(world.Allows("ann", AclOperation.Read, "t", host: "10.0.0.2"));
    }

    [Fact]
    public void What_no_ACL_covers_is_everybodys_if_the_broker_is_told_so()
    {
        var world = new AuthorizerWorld(allowsUncovered: true);
        Assert.True(world.Allows("ann", AclOperation.Read, "t"));
        Assert.True(world.AllowsSome("ann", AclOperation.Write));
        // An ACL for somebody else covers the topic too.
        world.Add(Allow("bob", AclOperation.Write, "t"));
        Assert.False(world.Allows("ann", AclOperation.Read, "t"));
        Assert.True(world.Allows("ann", AclOperation.Read, "t2"));
    }

    [Fact]
    public void Who_may_write_somewhere_is_known_by_type()
    {
        Assert.False(new AuthorizerWorld().AllowsSome("ann", AclOperation.Write));
        Assert.True(new AuthorizerWorld().Add(Allow("ann", AclOperation.Write, "t")).AllowsSome("ann", AclOperation.Write));
        Assert.True(new AuthorizerWorld().Add(Allow("*", AclOperation.All, "t")).AllowsSome("ann", AclOperation.Write));
        // A read ACL implies describing a topic, but not here.
        Assert.False(new AuthorizerWorld().Add(Allow("ann", AclOperation.Read, "t")).AllowsSome("ann", AclOperation.Describe));
        Assert.False(new AuthorizerWorld().Add(Allow("ann", AclOperation.Write, "t"), Deny("ann", AclOperation.Write, "t"))
            .AllowsSome("ann", AclOperation.Write));
        Assert.False(new AuthorizerWorld().Add(
            Allow("ann", AclOperation.Write, "table", PatternType.Prefixed), Deny("*", AclOperation.All, "tab", PatternType.Prefixed))
            .AllowsSome("ann", AclOperation.Write));
        Assert.True(new AuthorizerWorld().Add(
            Allow("ann", AclOperation.Write, "table", PatternType.Prefixed), Deny("ann", AclOperation.Write, "table"))
            .AllowsSome("ann", AclOperation.Write));
        Assert.False(new AuthorizerWorld().Add(Allow("ann", AclOperation.Write, "*"), Deny("ann", AclOperation.Write, "*"))
            .AllowsSome("ann", AclOperation.Write));
    }

    [Fact]
    public void Allowed_operations_are_a_bit_field()
    {
        var world = new AuthorizerWorld().Add(Allow("ann", AclOperation.Read, "t"), Allow("ann", AclOperation.AlterConfigs, "t"));
        Assert.Equal(
            1 << 3 | 1 << 8 | 1 << 10 | 1 << 11, world.Authorizer.AllowedOperations("User:ann", "h", AclResourceType.Topic, "t"));
        Assert.Equal(0, world.Authorizer.AllowedOperations("User:bob", "h", AclResourceType.Topic, "t"));
        // What Kafka answers for a topic where there is no authorizer.
        Assert.Equal(3576, AclResources.AllOperations(AclResourceType.Topic));
        Assert.Equal(3576, world.Authorizer.AllowedOperations("User:root", "h", AclResourceType.Topic, "t"));
    }

    [Fact]
    public void A_check_is_as_quick_with_many_ACLs_of_others()
    {
        var world = new AuthorizerWorld().Add([.. Enumerable.Range(0, 50_000).Select(i => Allow($"u{i}", AclOperation.Read, "*"))]);
        Assert.True(world.Allows("u7", AclOperation.Read, "t"));
        // 50,000 checks that each walked all would look at 2.5 billion ACLs and not end while a test runs.
        Assert.All(Enumerable.Range(0, 50_000), i => Assert.False(world.Allows($"u{i}", AclOperation.Write, "t")));
    }
}
