namespace Microcosm.Chubby;

/// <summary>What srvr and mntr tell of a member.</summary>
internal sealed class MemberCounts
{
    public long Received { get; set; }

    public long Sent { get; set; }
}
