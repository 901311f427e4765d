using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>What holds of any log of commands.</summary>
public sealed class MetadataProperties
{
    private const int Seeds = 30;
    private const int Steps = 250;

    [Fact]
    public void No_sequence_of_commands_breaks_an_invariant_and_no_stale_ISR_is_accepted_and_no_election_is_unclean()
    {
        var leaders = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var walk = Walked(seed);
            Assert.Equal((0, 0), (walk.StaleAccepted, walk.UncleanLeaders));
            leaders += walk.World.State.Topics.Values.SelectMany(t => t.Partitions).Sum(p => p.LeaderEpoch);
        }
        // The walks do elect: without elections the test would say nothing.
        Assert.True(leaders > Seeds, $"{leaders} elections");
    }

    [Fact]
    public void Two_machines_with_the_same_log_have_the_same_bytes()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var world = Walked(seed).World;
            var other = new MetadataMachine();
            foreach (var (index, command) in world.Log)
                other.Apply(index, command);
            Assert.Equal(world.Machine.Save().ToArray(), other.Save().ToArray());
        }
    }

    [Fact]
    public void A_saved_state_is_restored_and_goes_on_alike()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var walk = Walked(seed);
            var secrets = new ScramCredential("ann", 2, [1], [2], [3], 5000);
            walk.World.Apply(new AlterAcls([new AclBinding(2, "t", 3, "User:ann", "*", 3, 3)], []));
            walk.World.Apply(new AlterScramCredentials([], [secrets]));
            walk.World.Apply(new AlterClientQuotas("user!", [("request_percentage", 12.5)]));
            var other = new MetadataMachine();
            var told = new List<MetadataChange>();
            other.Changed += told.Add;
            other.Restore(walk.World.Machine.Save());
            Assert.True(Assert.Single(told).IsEverything);
            Assert.Equal(walk.World.Machine.Save().ToArray(), other.Save().ToArray());
            var from = walk.World.Log.Count;
            for (var step = 0; step < 50; step++)
                walk.Step();
            foreach (var (index, command) in walk.World.Log.Skip(from))
                other.Apply(index, command);
            Assert.Equal(walk.World.Machine.Save().ToArray(), other.Save().ToArray());
        }
    }

    [Fact]
    public void Broken_commands_are_refused_alike_or_are_other_commands_but_nothing_else_happens()
    {
        var random = new Seed(7).Stream("broken");
        var walk = Walked(1);
        var (one, other) = (new MetadataMachine(), new MetadataMachine());
        var refused = 0;
        foreach (var (index, command) in walk.World.Log)
        {
            var broken = command.ToArray();
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Next(3) == 0)
                broken = broken[..random.Next(broken.Length)];
            var result = Assert.IsAssignableFrom<MetadataResult>(one.Apply(index, broken));
            other.Apply(index, broken);
            refused += result.Error == KafkaError.InvalidRequest ? 1 : 0;
        }
        Assert.Equal(one.Save().ToArray(), other.Save().ToArray());
        Assert.True(refused > 20, $"{refused} were refused");
    }

    [Fact]
    public void A_cut_snapshot_and_one_of_another_format_are_refused()
    {
        var random = new Seed(8).Stream("cut");
        var saved = Walked(2).World.Machine.Save().ToArray();
        for (var end = 0; end < saved.Length; end += 1 + random.Next(20))
            Assert.Throws<KafkaFormatException>(() => new MetadataMachine().Restore(saved.AsMemory(0, end)));
        var another = saved.ToArray();
        another[8] = 9;
        Assert.Throws<KafkaFormatException>(() => new MetadataMachine().Restore(another));
    }

    private static MetadataWalk Walked(int seed)
    {
        var walk = new MetadataWalk(seed);
        for (var step = 0; step < Steps; step++)
        {
            walk.Step();
            walk.World.State.CheckInvariants();
        }
        return walk;
    }
}
