namespace Microcosm.Kafka.Tests.Core;

/// <summary>ACLs, SCRAM credentials and quotas as commands.</summary>
public sealed class MetadataSecurity
{
    private static readonly AclBinding Rule = new(2, "t", 3, "User:ann", "*", 3, 3);

    [Fact]
    public void An_ACL_is_there_once_and_goes()
    {
        var world = new MetadataWorld();
        world.Apply(new AlterAcls([Rule, Rule], []));
        world.Apply(new AlterAcls([Rule], []));
        Assert.Equal(Rule, Assert.Single(world.State.Acls));
        world.Apply(new AlterAcls([], [Rule]));
        Assert.Empty(world.State.Acls);
    }

    [Fact]
    public void A_credential_is_set_and_deleted_and_weak_ones_are_refused()
    {
        var world = new MetadataWorld();
        var good = new ScramCredential("ann", 1, [1], [2], [3], 4096);
        Assert.Equal(MetadataResult.Done, Set(good));
        Assert.Equal(new MetadataResult(KafkaError.UnacceptableCredential, "Too few iterations"), Set(good with { Iterations = 4095 }));
        Assert.Equal(KafkaError.UnsupportedSaslMechanism, Set(good with { Mechanism = 3 }).Error);
        Assert.Equal(KafkaError.UnacceptableCredential, Set(good with { User = "" }).Error);
        Assert.Equal([2], Assert.Single(world.State.ScramCredentials.Values).StoredKey);
        Assert.Equal(MetadataResult.Done, Delete());
        Assert.Equal(KafkaError.ResourceNotFound, Delete().Error);

        MetadataResult Set(ScramCredential credential) => MetadataWorld.Only(world.Apply(new AlterScramCredentials([], [credential])));
        MetadataResult Delete() => MetadataWorld.Only(world.Apply(new AlterScramCredentials([("ann", 1)], [])));
    }

    [Fact]
    public void A_quota_is_set_and_removed_and_an_unknown_one_is_refused()
    {
        var world = new MetadataWorld();
        var entity = QuotaEntity.Key([("user", "ann"), ("client-id", null)]);
        Assert.Equal([("client-id", null), ("user", "ann")], QuotaEntity.Parts(entity));
        Assert.Equal(KafkaError.None, world.Apply(new AlterClientQuotas(entity, [("producer_byte_rate", 10)])).Error);
        Assert.Equal(10, world.State.ClientQuotas[entity]["producer_byte_rate"]);
        Assert.Equal(KafkaError.InvalidRequest, world.Apply(new AlterClientQuotas(entity, [("speed", 10)])).Error);
        Assert.Equal(KafkaError.InvalidRequest, world.Apply(new AlterClientQuotas(entity, [("producer_byte_rate", double.NaN)])).Error);
        world.Apply(new AlterClientQuotas(entity, [("producer_byte_rate", null)]));
        Assert.Empty(world.State.ClientQuotas);
    }
}
