using System.Text;

namespace Microcosm.Chubby.Tests;

/// <summary>Who the members are, in the state machine alone.</summary>
public sealed class CellConfigTests
{
    private const string Founders = "server.1=a:1:2:participant;a:3\nserver.2=b:1:2:participant;b:3\nserver.3=c:1:2:participant;c:3";

    private static readonly ChangeHeader Super = new(5, 0, 11, 12, [new("super", "")]);

    private CellState _state = new(new AccessRules());

    public CellConfigTests() => ApplyOwn(new NewEpoch(Founders));

    private string Text => Encoding.UTF8.GetString(_state.Tree.Find(CellConfig.Path)!.Data!);

    [Fact]
    public void The_first_epoch_names_the_founders_and_later_ones_change_nothing()
    {
        Assert.Equal(Founders + "\nversion=100000000", Text);
        ApplyOwn(new NewEpoch("server.9=z:1:2;3"));
        Assert.Equal(Founders + "\nversion=100000000", Text);
    }

    [Fact]
    public void Members_are_others_once_the_change_has_ended_and_no_sooner()
    {
        Assert.Equal(ZooError.Ok, Ask(null, "2"));
        Assert.Equal(ZooError.ReconfigInProgress, Ask(null, "3"));
        Assert.Equal(Founders + "\nversion=100000000", Text);
        // Also where a member was restored in between.
        _state = StateCodec.Restore(StateCodec.Save(_state), _state.Access);
        var zxid = _state.Zxid;
        var ended = ApplyOwn(new EndReconfig(Super.Origin, Super.Request, ZooError.Ok));
        Assert.Equal("server.1=a:1:2:participant;a:3\nserver.3=c:1:2:participant;c:3\nversion=100000001", Text);
        Assert.Equal(zxid + 1, ended.Result.Stat.Mzxid);
        Assert.Equal((-1, -1), (ended.Result.Stat.Version, ended.Result.Stat.Aversion));
        Assert.Equal([new TreeEvent(TreeEventKind.NodeDataChanged, CellConfig.Path)], ended.Events);
        Assert.Equal([1L, 3L], _state.Config.Voters);
    }

    [Fact]
    public void The_end_of_another_change_ends_none()
    {
        Ask(null, "2");
        Assert.NotEqual(ZooError.Ok, ApplyOwn(new EndReconfig(Super.Origin, Super.Request + 1, ZooError.Ok)).Result.Error);
        Assert.NotNull(_state.Reconfig);
        ApplyOwn(new EndReconfig(Super.Origin, Super.Request, ZooError.NewConfigNoQuorum));
        Assert.Null(_state.Reconfig);
        Assert.Equal(Founders + "\nversion=100000000", Text);
    }

    [Fact]
    public void Whoever_writes_to_the_node_changes_no_member()
    {
        _state.Apply(Super, new SetNodeData(CellConfig.Path, "garbage"u8.ToArray(), -1));
        Assert.Equal("garbage", Text);
        Assert.Equal([1L, 2L, 3L], _state.Config.Voters);
        Ask("server.2=b:1:2:observer;b:3", null);
        ApplyOwn(new EndReconfig(Super.Origin, Super.Request, ZooError.Ok));
        Assert.Contains("server.2=b:1:2:observer;b:3", Text, StringComparison.Ordinal);
        Assert.Equal([1L, 3L], _state.Config.Voters);
        Assert.Equal([2L], _state.Config.Observers);
    }

    [Fact]
    public void A_member_tells_its_address_without_a_version_or_an_event()
    {
        var told = ApplyOwn(new AnnounceServer(2, "127.0.0.1:9999"));
        Assert.Empty(told.Events);
        Assert.Equal(Founders.Replace("b:3", "127.0.0.1:9999", StringComparison.Ordinal) + "\nversion=100000000", Text);
        Assert.Equal(ZooError.NoNode, ApplyOwn(new AnnounceServer(7, "127.0.0.1:9999")).Result.Error);
    }

    [Fact]
    public void Without_the_right_to_it_nothing_is_asked_for()
    {
        var refused = _state.Apply(Super with { Identities = [] }, new Reconfigure(null, "2", null, -1, 2));
        Assert.Equal((ZooError.NoAuth, null), (refused.Result.Error, _state.Reconfig));
    }

    private ZooError Ask(string? joining, string? leaving) =>
        _state.Apply(Super, new Reconfigure(joining, leaving, null, -1, 2)).Result.Error;

    private AppliedChange ApplyOwn(Change change) => _state.Apply(new ChangeHeader(1, 0, 0, 0, []), change);
}
