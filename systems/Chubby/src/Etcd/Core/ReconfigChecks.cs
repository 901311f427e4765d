using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// <c>strict-reconfig-check</c>: changes of the members that would cost the cluster its majority are refused, in etcd's own order and by
/// its own counting.
/// </summary>
/// <param name="members">The members as of now.</param>
/// <param name="self">Who is asked.</param>
internal sealed class ReconfigChecks(ClusterMembers members, ulong self)
{
    // etcd's readyPercent.
    private const double SyncedShare = 0.9;

    /// <summary>Whether as many have started as will be needed.</summary>
    public void CheckStartedToAdd()
    {
        var (voters, started) = Count(members.Voters);
        // One that is alone may always get a second, as after a restore.
        if ((voters, started) != (1, 1))
            CheckMajority(voters + 1, started);
    }

    /// <summary>The same where one goes.</summary>
    public void CheckStartedToRemove(ulong id)
    {
        var (voters, started) = Count(members.Voters.Where(m => m.ID != id));
        CheckMajority(voters, started);
    }

    /// <summary>The same where a learner gets a vote; it counts as started.</summary>
    public void CheckStartedToPromote()
    {
        var (voters, started) = Count(members.Voters);
        CheckMajority(voters + 1, started + 1);
    }

    /// <summary>Whether every voter has been connected for long; only then is one added.</summary>
    public void CheckConnectedToAdd(IReadOnlySet<ulong> connected)
    {
        if (CountConnected(connected) < members.Voters.Count())
            throw new EtcdException(EtcdErrors.Unhealthy);
    }

    /// <summary>Whether enough of the voters have been connected for long that one of them may go.</summary>
    public void CheckConnectedToRemove(IReadOnlySet<ulong> connected)
    {
        if (CountConnected(connected) - 1 < 1 + ((members.Voters.Count() - 1) / 2))
            throw new EtcdException(EtcdErrors.Unhealthy);
    }

    /// <summary>Whether a learner has nine tenths of what its leader has.</summary>
    public static void CheckSynced(long learnerIndex, long leaderIndex)
    {
        if (learnerIndex < leaderIndex * SyncedShare)
            throw new EtcdException(EtcdErrors.LearnerNotReady);
    }

    private int CountConnected(IReadOnlySet<ulong> connected) => members.Voters.Count(m => m.ID == self || connected.Contains(m.ID));

    private static (int Voters, int Started) Count(IEnumerable<Member> voters) =>
        (voters.Count(), voters.Count(ClusterMembers.IsStarted));

    private static void CheckMajority(int voters, int started)
    {
        if (started < (voters / 2) + 1)
            throw new EtcdException(EtcdErrors.NotEnoughStarted);
    }
}
