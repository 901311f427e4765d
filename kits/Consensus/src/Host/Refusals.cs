namespace Microcosm.Consensus;

/// <summary>A core's refusals as exceptions. None of them has any effect.</summary>
internal static class Refusals
{
    public static ConsensusException Of(long group, RaftRefusal refusal) => refusal switch
    {
        RaftRefusal.NotLeader => new(ConsensusFailure.NoLeader, $"group {group} has no leader that is known here"),
        RaftRefusal.TransferInProgress => new(ConsensusFailure.NoLeader, $"group {group} is about to get another leader"),
        _ => Of(group, refusal.ToString()),
    };

    public static ConsensusException Of(long group, string why) => new(ConsensusFailure.Refused, $"group {group}: {why}");
}
