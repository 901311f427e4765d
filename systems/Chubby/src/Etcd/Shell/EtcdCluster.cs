using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// This member among the others: where they are, whether they are well, and that raft's membership becomes what the store says. A change is
/// a command first; whoever leads then, now or later, makes raft follow it.
/// </summary>
internal sealed class EtcdCluster(EtcdMember member, RaftHost host, MemberIdentity identity)
{
    // etcd's HealthInterval: who has not been there for so long does not count.
    private const long HealthMs = 5_000;
    private const long AloneMs = 2_000;
    private const long PublishPatienceMs = 2_000;

    // As etcd: those who still talk to it get their answers.
    private static readonly TimeSpan StopDelay = TimeSpan.FromSeconds(1);

    private readonly long _startedAtMs = member.NowMs;
    private long _askAtMs = member.NowMs + AloneMs;
    private long _publishAtMs;
    private bool _isReconfigureDue;
    private string? _clientUrl;
    private bool _isGoing;

    public ulong Id => identity.Id;

    /// <summary>The cluster's number.</summary>
    public ulong Number { get; } = MemberIds.OfCluster(identity.Founders.Select(m => m.ID));

    public bool IsLearner => Members.Find(Id)?.IsLearner == true;

    private ClusterMembers Members => member.Store.Members;

    private RaftMember Replica => member.Replica;

    /// <summary>The membership of the group when it was founded.</summary>
    public static Membership FoundersOf(MemberIdentity identity) => new(identity.Founders.Select(m => MemberIds.InRaft(m.ID)));

    /// <summary>Members came or went. To be called once at the start too.</summary>
    public void Changed()
    {
        foreach (var other in Members.All)
            host.SetPeer(MemberIds.InRaft(other.ID), PeerUrls.AddressOf(other.PeerURLs));
        if (Members.Removed.Contains(Id))
            Leave();
        if (_isReconfigureDue)
            return;
        _isReconfigureDue = true;
        // Not in the middle of what raft does with the entry.
        member.Context.Executor.Post(Reconfigure);
    }

    /// <summary>This member serves clients there: the others are to know, once there is somebody to tell.</summary>
    public void Serves(string clientUrl)
    {
        _clientUrl = clientUrl;
        Replica.LeadershipChanged += Publish;
        Publish();
    }

    /// <summary>What time asks for; to be called twice a second.</summary>
    public void Tick()
    {
        CloseWhereNobodyIs();
        Reconfigure();
        Publish();
        if (Replica.Leader != 0)
            _askAtMs = member.NowMs + AloneMs;
        else if (member.NowMs >= _askAtMs && !_isGoing)
            AskWhetherRemoved();
    }

    /// <summary>What this member tells those who ask.</summary>
    public ClusterView View()
    {
        var view = new ClusterView
        {
            Founders = { identity.Founders },
            Members = { Members.All },
            RemovedMembers = { Members.Removed },
            UpMs = member.NowMs - _startedAtMs,
        };
        if (member.Replica is { IsLeader: true } leader)
        {
            var status = leader.Status();
            (view.IsLeader, view.LastIndex) = (true, status.LastIndex);
            view.LearnerIndex = status.Followers.FirstOrDefault(f => !f.IsVoter)?.Match ?? 0;
        }
        return view;
    }

    /// <summary>Whether a member may be added. Throws <see cref="EtcdException"/>.</summary>
    public async Task CheckAddAsync(bool isLearner)
    {
        if (!member.Options.StrictReconfigCheck)
            return;
        var checks = new ReconfigChecks(Members, Id);
        if (!isLearner)
            checks.CheckStartedToAdd();
        checks.CheckConnectedToAdd(await LongConnectedAsync());
    }

    /// <summary>Whether a member may be removed. Throws <see cref="EtcdException"/>.</summary>
    public async Task CheckRemoveAsync(ulong id)
    {
        var leaving = Members.Find(id);
        if (!member.Options.StrictReconfigCheck || leaving?.IsLearner == true)
            return;
        var checks = new ReconfigChecks(Members, Id);
        checks.CheckStartedToRemove(id);
        // One that is down may go: it is no part of the majority that works.
        if (id == Id || (leaving is not null && await AskAsync(leaving) is not null))
            checks.CheckConnectedToRemove(await LongConnectedAsync());
    }

    /// <summary>Whether a learner may get a vote; the leader knows how far it is. Throws <see cref="EtcdException"/>.</summary>
    public async Task CheckPromoteAsync(ulong id)
    {
        if (Members.Find(id)?.IsLearner == true)
        {
            var view = await LeaderViewAsync() ?? throw new EtcdException(EtcdErrors.TimedOut);
            ReconfigChecks.CheckSynced(view.LearnerIndex, view.LastIndex);
        }
        if (member.Options.StrictReconfigCheck)
            new ReconfigChecks(Members, Id).CheckStartedToPromote();
    }

    private void Publish()
    {
        if (_clientUrl is null || Replica.Leader == 0 || member.NowMs < _publishAtMs || Members.Find(Id) is not { } own
            || (ClusterMembers.IsStarted(own) && own.ClientURLs.Contains(_clientUrl)))
            return;
        _publishAtMs = member.NowMs + PublishPatienceMs;
        member.Publish(_clientUrl);
    }

    private async Task<ClusterView?> LeaderViewAsync()
    {
        if (Replica.IsLeader)
            return View();
        var leader = Members.Find(Members.OfRaft(Replica.Leader)) ?? throw new EtcdException(EtcdErrors.NoLeader);
        return await AskAsync(leader) is { IsLeader: true } view ? view : null;
    }

    // Those who answer, and have done so for as long as counts, by what both know of their starts.
    private async Task<IReadOnlySet<ulong>> LongConnectedAsync()
    {
        Member[] others = [.. Members.Voters.Where(m => m.ID != Id)];
        var views = await Task.WhenAll(others.Select(AskAsync));
        return others.Where((_, i) => views[i] is { } view && Math.Min(view.UpMs, member.NowMs - _startedAtMs) > HealthMs)
            .Select(m => m.ID).ToHashSet();
    }

    private async Task<ClusterView?> AskAsync(Member other) => PeerUrls.AddressOf(other.PeerURLs) is { } address
        ? await ClusterQuestions.AskAsync(member.Context, new NodeEndPoint(address.Node, EtcdNode.QuestionPort)) : null;

    // Not at once: who goes is still told that it does.
    private void CloseWhereNobodyIs()
    {
        foreach (var gone in Members.Removed.Select(MemberIds.InRaft).Except(Replica.Membership.Members))
            host.SetPeer(gone, null);
    }

    // What cannot be done now is tried again with the next tick.
    private void Reconfigure()
    {
        _isReconfigureDue = false;
        if (Replica is not { IsLeader: true } || Members.InRaft() is not { } wanted || wanted.Equals(Replica.Membership))
            return;
        var now = Replica.Membership;
        Replica.ChangeMembership(
        [
            .. now.Members.Except(wanted.Members).Select(id => new MembershipChange(MembershipChangeKind.Remove, id)),
            .. wanted.Learners.Except(now.Learners).Select(id => new MembershipChange(MembershipChangeKind.AddLearner, id)),
            .. wanted.Voters.Except(now.Voters).Select(id => new MembershipChange(MembershipChangeKind.AddVoter, id)),
        ]);
    }

    // async void: an answer that does not come is nothing.
    private async void AskWhetherRemoved()
    {
        _askAtMs = member.NowMs + AloneMs;
        var views = await Task.WhenAll(Members.All.Where(m => m.ID != Id).Select(AskAsync));
        if (views.Any(v => v?.RemovedMembers.Contains(Id) == true))
            Leave();
    }

    // async void: the node ends.
    private async void Leave()
    {
        if (_isGoing)
            return;
        _isGoing = true;
        member.Context.Log.Write(LogSeverity.Error, "server error: the member has been permanently removed from the cluster");
        member.Context.Log.Write(LogSeverity.Error, "data-dir used by this member must be removed");
        await Task.Delay(StopDelay, member.Context.Clock);
        member.Context.Stop();
    }
}
