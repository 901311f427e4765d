using Microcosm.Runtime;

namespace Microcosm.Chubby.Tests;

/// <summary>The state machine alone, stepped by changes.</summary>
public sealed class CellStateTests
{
    private const long Session = 7;

    private readonly CellState _state = new(new AccessRules());

    public CellStateTests() => Apply(new OpenSession(new byte[16], 10_000));

    [Fact]
    public void A_refused_change_takes_a_zxid_and_changes_nothing_else()
    {
        var before = StateCodec.Save(_state);
        var zxid = _state.Zxid;
        Assert.Equal(ZooError.NoNode, Apply(new DeleteNode("/nothing", -1)).Error);
        Assert.Equal(zxid + 1, _state.Zxid);
        _state.Zxid = zxid;
        Assert.Equal(before, StateCodec.Save(_state));
    }

    [Fact]
    public void A_new_epoch_counts_from_zero()
    {
        Apply(new NewEpoch());
        Assert.Equal(1L << 32, _state.Zxid);
        Apply(Node("/a"));
        Assert.Equal((1L << 32) + 1, _state.Zxid);
        Apply(new NewEpoch());
        Assert.Equal(2L << 32, _state.Zxid);
    }

    [Fact]
    public void A_multi_that_fails_leaves_every_number_as_it_was()
    {
        Apply(Node("/a"));
        Apply(Node("/a/b"));
        var zxid = _state.Zxid;
        var before = StateCodec.Save(_state);
        var result = Apply(new Multi([
            Node("/a/c"), new SetNodeData("/a", [1, 2], -1), new DeleteNode("/a/b", -1), new CreateNode("/e", [], AclEntry.Open,
                CreateMode.Ephemeral, 0), new CreateNode("/a/s", [], AclEntry.Open, CreateMode.PersistentSequential, 0),
            new SetNodeAcl("/a", [new(Permissions.Read, "world", "anyone")], -1), new CheckVersion("/a", 99)]));
        Assert.Equal(ZooError.BadVersion, result.Error);
        Assert.All(result.Parts!.SkipLast(1), p => Assert.Equal(ZooError.Ok, p.Error));
        _state.Zxid = zxid;
        Assert.Equal(before, StateCodec.Save(_state));
    }

    [Fact]
    public void What_comes_over_a_connection_that_lost_its_session_is_refused()
    {
        var moved = _state.Apply(new ChangeHeader(1, Session, 2, 1, []), new MoveSession(new byte[16]));
        Assert.Equal(ZooError.Ok, moved.Result.Error);
        Assert.Equal(ZooError.SessionMoved, Apply(Node("/a")).Error);
        Assert.Equal(ZooError.Ok, _state.Apply(new ChangeHeader(1, Session, 2, 1, []), Node("/a")).Result.Error);
    }

    [Fact]
    public void A_renewal_that_the_leader_had_not_seen_saves_the_session()
    {
        var seen = _state.Sessions.Find(Session)!.RenewedZxid;
        Apply(new RenewSessions([Session, 99]));
        Assert.Equal(ZooError.SessionExpired, ApplyOwn(new ExpireSession(Session, seen)).Error);
        Assert.NotNull(_state.Sessions.Find(Session));
        Assert.Equal(ZooError.Ok, ApplyOwn(new ExpireSession(Session, _state.Sessions.Find(Session)!.RenewedZxid)).Error);
        Assert.Null(_state.Sessions.Find(Session));
    }

    /// <summary>Two members that apply the same changes are the same, also where one was restored in between.</summary>
    [Fact]
    public void A_restored_member_goes_on_as_one_that_was_there_all_the_time()
    {
        var random = new Seed(3).Stream("changes");
        var other = new CellState(new AccessRules());
        other.Apply(new ChangeHeader(1, Session, 1, 1, []), new OpenSession(new byte[16], 10_000));
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var change = Any(random);
            var header = new ChangeHeader(i, Session, 1, i, []);
            var (one, two) = (_state.Apply(header, change).Result, other.Apply(header, change).Result);
            Assert.Equal((one.Error, one.Path, one.Stat), (two.Error, two.Path, two.Stat));
            refused += one.Error == ZooError.Ok ? 0 : 1;
            if (i % 1000 == 0)
                other = StateCodec.Restore(StateCodec.Save(other), new AccessRules());
        }
        Assert.Equal(StateCodec.Save(_state), StateCodec.Save(other));
        Assert.InRange(refused, 1_000, 19_000);
    }

    [Fact]
    public void Leases_are_over_in_the_order_of_their_deadlines()
    {
        var leases = new SessionLeases();
        leases.Grant(1, 100, 0);
        leases.Grant(2, 50, 0);
        leases.Grant(3, 100, 10);
        Assert.Empty(leases.Over(49));
        Assert.Equal([2], leases.Over(50));
        leases.Renew(2, 60);
        Assert.Equal([1, 2, 3], leases.Over(110));
        leases.Remove(1);
        leases.Renew(1, 0);
        Assert.Equal([2, 3], leases.Over(1000));
    }

    private static Change Any(RandomStream random)
    {
        var path = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "/" + (char)('a' + random.Next(3))));
        Change one = random.Next(8) switch
        {
            0 or 1 or 2 => Node(path),
            3 => new CreateNode(path, [1], AclEntry.Open, CreateMode.EphemeralSequential, 0),
            4 => new DeleteNode(path, random.Next(-1, 2)),
            5 => new SetNodeData(path, new byte[random.Next(5)], random.Next(-1, 3)),
            6 => new CreateNode(path, null, AclEntry.Open, CreateMode.PersistentWithTtl, 1 + random.Next(100)),
            _ => new ReapNode(path, random.Next(100_000)),
        };
        return random.Chance(0.2) && one is not ReapNode ? new Multi([Node("/z"), one, new DeleteNode("/z", -1)]) : one;
    }

    private static CreateNode Node(string path) => new(path, [1, 2, 3], AclEntry.Open, CreateMode.Persistent, 0);

    private ChangeResult Apply(Change change) => _state.Apply(new ChangeHeader(1, Session, 1, 1, []), change).Result;

    private ChangeResult ApplyOwn(Change change) => _state.Apply(new ChangeHeader(1, 0, 0, 0, []), change).Result;
}
