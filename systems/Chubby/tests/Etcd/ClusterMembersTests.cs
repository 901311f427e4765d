using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>The rules of who may come and go, and how the store keeps them.</summary>
public sealed class ClusterMembersTests
{
    private readonly ClusterMembers _members = new([Of(1, "a"), Of(2, "b"), Of(3, "c")]);

    [Fact]
    public void A_number_and_a_peer_url_are_given_once()
    {
        Assert.Equal(EtcdErrors.MemberExists, Refusal(() => _members.Add(Of(1, "d"))));
        Assert.Equal(EtcdErrors.PeerUrlExists, Refusal(() => _members.Add(Of(4, "c"))));
        Assert.Equal(EtcdErrors.PeerUrlExists, Refusal(() => _members.Update(1, ["http://b:1"])));
        _members.Update(1, ["http://a:1", "http://d:1"]);
        Assert.Equal(["http://a:1", "http://d:1"], _members.Find(1)!.PeerURLs);
    }

    [Fact]
    public void Who_was_removed_does_not_come_back()
    {
        _members.Remove(2);
        Assert.Equal(EtcdErrors.MemberNotFound, Refusal(() => _members.Add(Of(2, "b"))));
        Assert.Equal(EtcdErrors.MemberNotFound, Refusal(() => _members.Remove(2)));
        Assert.Equal(EtcdErrors.MemberNotFound, Refusal(() => _members.Update(2, ["http://b:1"])));
        _members.Add(Of(4, "b"));
        Assert.Equal("(1 3 4)", $"{_members.InRaft()}");
    }

    [Fact]
    public void There_is_one_learner_and_it_is_promoted_once()
    {
        _members.Add(Of(4, "d", isLearner: true));
        Assert.Equal("(1 2 3) learners (4)", $"{_members.InRaft()}");
        Assert.Equal(EtcdErrors.TooManyLearners, Refusal(() => _members.Add(Of(5, "e", isLearner: true))));
        Assert.Equal(EtcdErrors.MemberNotLearner, Refusal(() => _members.Promote(1)));
        Assert.Equal(EtcdErrors.MemberNotFound, Refusal(() => _members.Promote(5)));
        _members.Promote(4);
        Assert.Equal("(1 2 3 4)", $"{_members.InRaft()}");
        _members.Add(Of(5, "e", isLearner: true));
    }

    [Fact]
    public void What_one_says_that_is_no_member_is_not_kept()
    {
        _members.Publish(new Member { ID = 9, Name = "nine" });
        _members.Publish(new Member { ID = 1, Name = "one", ClientURLs = { "http://a:2" }, PeerURLs = { "http://z:1" } });
        Assert.Equal(["one", "", ""], _members.All.Select(m => m.Name));
        Assert.Equal(["http://a:1"], _members.Find(1)!.PeerURLs);
    }

    [Theory]
    [InlineData("111", true, true, true)]
    [InlineData("110", false, true, true)]
    [InlineData("100", false, false, false)]
    [InlineData("11", true, true, true)]
    [InlineData("10", false, true, true)]
    [InlineData("1", true, false, true)]
    public void Changes_need_as_many_started_as_make_a_majority_after_them(string started, bool add, bool removeLast, bool promote)
    {
        var members = new ClusterMembers(started.Select((s, i) => Of((ulong)i + 1, $"m{i}", name: s == '1' ? "up" : "")));
        var checks = new ReconfigChecks(members, self: 1);
        var expected = EtcdErrors.NotEnoughStarted;
        Assert.Equal(add ? null : expected, RefusalOrNull(checks.CheckStartedToAdd));
        Assert.Equal(promote ? null : expected, RefusalOrNull(checks.CheckStartedToPromote));
        // The one that goes is the last: it need not have started.
        Assert.Equal(removeLast ? null : expected, RefusalOrNull(() => checks.CheckStartedToRemove((ulong)started.Length)));
    }

    [Fact]
    public void Changes_need_the_others_to_be_there()
    {
        var checks = new ReconfigChecks(_members, self: 1);
        checks.CheckConnectedToAdd(new HashSet<ulong> { 2, 3 });
        checks.CheckConnectedToRemove(new HashSet<ulong> { 2, 3 });
        Assert.Equal(EtcdErrors.Unhealthy, Refusal(() => checks.CheckConnectedToAdd(new HashSet<ulong> { 2 })));
        Assert.Equal(EtcdErrors.Unhealthy, Refusal(() => checks.CheckConnectedToRemove(new HashSet<ulong> { 3 })));
    }

    [Fact]
    public void A_learner_is_in_sync_with_nine_tenths_of_the_log()
    {
        ReconfigChecks.CheckSynced(90, 100);
        Assert.Equal(EtcdErrors.LearnerNotReady, Refusal(() => ReconfigChecks.CheckSynced(89, 100)));
    }

    [Fact]
    public void The_store_keeps_members_and_who_was_one()
    {
        var store = new EtcdStore(2, [Of(1, "a"), Of(2, "b")]);
        store.Apply(new EtcdCommand { MemberAdd = Of(3, "c", isLearner: true) });
        store.Apply(new EtcdCommand { MemberRemove = new MemberRemoveRequest { ID = 2 } });
        var other = new EtcdStore(2);
        other.Restore(store.Save());
        Assert.Equal(store.Members.All, other.Members.All);
        Assert.Equal([2UL], other.Members.Removed);
    }

    private static Member Of(ulong id, string node, bool isLearner = false, string name = "") =>
        new() { ID = id, Name = name, PeerURLs = { $"http://{node}:1" }, IsLearner = isLearner };

    private static EtcdError Refusal(Action action) => Assert.Throws<EtcdException>(action).Error;

    private static EtcdError? RefusalOrNull(Action action) => (Record.Exception(action) as EtcdException)?.Error;
}
