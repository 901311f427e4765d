namespace Microcosm.Kafka.Tests.Core;

/// <summary>Which quota applies to whom.</summary>
public sealed class QuotaTableTests
{
    // From the one that counts most to the one that counts least (KIP-55).
    private static readonly (string? User, string? Client)[] Order =
    [
        ("ann", "app"), ("ann", null), ("ann", ""), (null, "app"), (null, null), (null, ""), ("", "app"), ("", null),
    ];

    [Fact]
    public void The_first_that_is_set_counts()
    {
        for (var first = 0; first < Order.Length; first++)
        {
            var world = new QuotaWorld();
            for (var i = first; i < Order.Length; i++)
                world.Set(Order[i].User, Order[i].Client, "producer_byte_rate", i + 1);
            var found = world.Table.Find(ClientQuotaType.Produce, "ann", "app");
            // A quota of users is shared by a user's clients, one of client ids by all users.
            var (user, client) = Order[first];
            Assert.Equal((user == "" ? "" : "ann", client == "" ? "" : "app", first + 1.0), found);
        }
    }

    [Fact]
    public void A_quota_counts_for_what_it_is_of_and_for_nobody_else()
    {
        var world = new QuotaWorld();
        Assert.Null(world.Table.Find(ClientQuotaType.Produce, "ann", "app"));
        world.Set("ann", "app", "producer_byte_rate", 1);
        Assert.Null(world.Table.Find(ClientQuotaType.Fetch, "ann", "app"));
        Assert.Null(world.Table.Find(ClientQuotaType.Produce, "bob", "app"));
        Assert.Null(world.Table.Find(ClientQuotaType.Produce, "ann", "other"));
        world.Set("ann", "app", "producer_byte_rate", null);
        Assert.Null(world.Table.Find(ClientQuotaType.Produce, "ann", "app"));
    }

    [Fact]
    public void Without_a_client_id_the_users_quota_counts()
    {
        var world = new QuotaWorld();
        world.Set("ann", null, "producer_byte_rate", 1);
        Assert.Null(world.Table.Find(ClientQuotaType.Produce, "ann", ""));
        world.Set("ann", "", "producer_byte_rate", 2);
        Assert.Equal(("ann", "", 2.0), world.Table.Find(ClientQuotaType.Produce, "ann", ""));
        Assert.Equal(("ann", "app", 1.0), world.Table.Find(ClientQuotaType.Produce, "ann", "app"));
    }

    [Fact]
    public void An_addresss_own_limit_comes_before_the_default()
    {
        var world = new QuotaWorld();
        Assert.Null(world.Table.FindIp("10.0.0.1"));
        world.SetIp(null, 5);
        world.SetIp("10.0.0.1", 7);
        Assert.Equal(7, world.Table.FindIp("10.0.0.1"));
        Assert.Equal(5, world.Table.FindIp("10.0.0.2"));
    }
}
