using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Who is in the cluster, as its commands say; raft's membership follows. Invariants: no two members share a peer URL; a number that was
/// removed never comes back; at most one is a learner.
/// </summary>
internal sealed class ClusterMembers
{
    private const int LearnersMax = 1;

    private readonly SortedDictionary<ulong, Member> _members = [];
    private readonly SortedSet<ulong> _removed = [];

    /// <param name="founders">Who founded the cluster, with their numbers and peer URLs alone.</param>
    /// <param name="removed">Who was a member and is none.</param>
    public ClusterMembers(IEnumerable<Member> founders, IEnumerable<ulong>? removed = null)
    {
        foreach (var member in founders)
            _members.Add(member.ID, member.Clone());
        _removed.UnionWith(removed ?? []);
    }

    /// <summary>By number.</summary>
    public IReadOnlyCollection<Member> All => _members.Values;

    /// <summary>Numbers of those who were removed.</summary>
    public IReadOnlyCollection<ulong> Removed => _removed;

    /// <summary>Those whose vote counts.</summary>
    public IEnumerable<Member> Voters => _members.Values.Where(m => !m.IsLearner);

    /// <summary>One that has come up has said its name.</summary>
    public static bool IsStarted(Member member) => member.Name.Length > 0;

    public Member? Find(ulong id) => _members.GetValueOrDefault(id);

    /// <summary>The number of the member that raft knows by another; 0 where there is none.</summary>
    public ulong OfRaft(long id) => _members.Keys.FirstOrDefault(m => MemberIds.InRaft(m) == id);

    /// <summary>What raft's membership is to be; null where nobody is left who votes.</summary>
    public Membership? InRaft()
    {
        var (voters, learners) = (NumbersInRaft(isLearner: false), NumbersInRaft(isLearner: true));
        return voters.Length == 0 ? null : new Membership(voters, learners: learners);
    }

    public void Add(Member member)
    {
        CheckNotRemoved(member.ID);
        if (_members.ContainsKey(member.ID))
            throw new EtcdException(EtcdErrors.MemberExists);
        CheckFree(member.PeerURLs, besides: 0);
        if (member.IsLearner && _members.Values.Count(m => m.IsLearner) >= LearnersMax)
            throw new EtcdException(EtcdErrors.TooManyLearners);
        _members.Add(member.ID, member.Clone());
    }

    public void Remove(ulong id)
    {
        Get(id);
        _members.Remove(id);
        _removed.Add(id);
    }

    public void Promote(ulong id)
    {
        var member = Get(id);
        if (!member.IsLearner)
            throw new EtcdException(EtcdErrors.MemberNotLearner);
        member.IsLearner = false;
    }

    /// <summary>A member is reached elsewhere from now on.</summary>
    public void Update(ulong id, IEnumerable<string> peerUrls)
    {
        var member = Get(id);
        string[] urls = [.. peerUrls];
        CheckFree(urls, besides: id);
        member.PeerURLs.Clear();
        member.PeerURLs.AddRange(urls);
    }

    /// <summary>A member says its name and where its clients reach it; one that has been removed meanwhile says nothing.</summary>
    public void Publish(Member news)
    {
        if (Find(news.ID) is not { } member)
            return;
        member.Name = news.Name;
        member.ClientURLs.Clear();
        member.ClientURLs.AddRange(news.ClientURLs);
    }

    private long[] NumbersInRaft(bool isLearner) =>
        [.. _members.Values.Where(m => m.IsLearner == isLearner).Select(m => MemberIds.InRaft(m.ID))];

    private Member Get(ulong id)
    {
        CheckNotRemoved(id);
        return Find(id) ?? throw new EtcdException(EtcdErrors.MemberNotFound);
    }

    private void CheckNotRemoved(ulong id)
    {
        if (_removed.Contains(id))
            throw new EtcdException(EtcdErrors.MemberNotFound);
    }

    private void CheckFree(IEnumerable<string> urls, ulong besides)
    {
        var taken = _members.Values.Where(m => m.ID != besides).SelectMany(m => m.PeerURLs);
        if (urls.Intersect(taken).Any())
            throw new EtcdException(EtcdErrors.PeerUrlExists);
    }
}
