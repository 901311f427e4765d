using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A member of a classic group, eager: it lets go of all before it joins again.</summary>
internal sealed class SimulatedClassicMember(
    NodeContext context, SimulatedKafkaClient client, string group, string topic, int partitions, GroupBook book)
    : SimulatedMember(context, client, group, topic, book)
{
    private const string Protocol = "range";

    // A join waits for the others.
    private static readonly TimeSpan JoinPatience = TimeSpan.FromMilliseconds(GroupsWorkload.SessionMs * 2);

    protected override bool IsOver(int generation) => Book.IsOver(generation);

    protected override async Task<bool> StayAsync()
    {
        if (Generation < 0)
            return await JoinAsync();
        var askedAt = Book.Now;
        var request = new HeartbeatRequest { GroupId = Group, GenerationId = Generation, MemberId = MemberId };
        var response = await AskAsync<HeartbeatRequest, HeartbeatResponse>(request, 4, r => (KafkaError)r.ErrorCode);
        var error = (KafkaError?)response?.ErrorCode;
        if (error is KafkaError.None)
            Book.Answered(Life, askedAt, Session);
        else if (error is KafkaError.UnknownMemberId)
            MemberId = "";
        if (error is KafkaError.UnknownMemberId or KafkaError.IllegalGeneration or KafkaError.RebalanceInProgress)
            Lost();
        return error is KafkaError.None;
    }

    protected override async Task LeaveAsync()
    {
        LetGo([.. Held]);
        var request = new LeaveGroupRequest { GroupId = Group, Members = [new() { MemberId = MemberId }] };
        if (MemberId.Length > 0)
            await AskAsync<LeaveGroupRequest, LeaveGroupResponse>(request, 4, r => (KafkaError)r.ErrorCode);
        (Generation, MemberId) = (-1, "");
    }

    private async Task<bool> JoinAsync()
    {
        var subscription = MessageCodec.EncodeRecord(new ConsumerProtocolSubscription { Topics = [Topic] }, 0);
        var request = new JoinGroupRequest
        {
            GroupId = Group, MemberId = MemberId, SessionTimeoutMs = GroupsWorkload.SessionMs,
            RebalanceTimeoutMs = GroupsWorkload.SessionMs,
            ProtocolType = ConsumerSubscription.ProtocolType, Protocols = [new() { Name = Protocol, Metadata = subscription }],
        };
        var response = await AskAsync<JoinGroupRequest, JoinGroupResponse>(request, 6, r => (KafkaError)r.ErrorCode, JoinPatience);
        var error = (KafkaError?)response?.ErrorCode;
        if (error is KafkaError.MemberIdRequired)
            MemberId = response!.MemberId;
        else if (error is KafkaError.UnknownMemberId)
            MemberId = "";
        if (error is not KafkaError.None)
            return false;
        MemberId = response!.MemberId;
        return await SyncAsync(response);
    }

    private async Task<bool> SyncAsync(JoinGroupResponse joined)
    {
        var askedAt = Book.Now;
        var request = new SyncGroupRequest
        {
            GroupId = Group, MemberId = MemberId, GenerationId = joined.GenerationId, ProtocolType = ConsumerSubscription.ProtocolType,
            ProtocolName = Protocol, Assignments = joined.Leader == MemberId ? Assign([.. joined.Members.Select(m => m.MemberId)]) : [],
        };
        var response = await AskAsync<SyncGroupRequest, SyncGroupResponse>(request, 5, r => (KafkaError)r.ErrorCode);
        if (response is not { ErrorCode: 0 })
        {
            if ((KafkaError?)response?.ErrorCode is KafkaError.UnknownMemberId)
                MemberId = "";
            return false;
        }
        Generation = joined.GenerationId;
        Book.Answered(Life, askedAt, Session);
        Take(MessageCodec.DecodeRecord<ConsumerProtocolAssignment>(response.Assignment).AssignedPartitions.SelectMany(t => t.Partitions));
        return true;
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> Assign(string[] members)
    {
        Array.Sort(members, StringComparer.Ordinal);
        // Others first each time, so that partitions wander.
        var first = Random.Next(members.Length);
        return [.. members.Select((m, i) => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = m,
            Assignment = MessageCodec.EncodeRecord(new ConsumerProtocolAssignment
            {
                AssignedPartitions = [new() { Topic = Topic, Partitions =
                    [.. Enumerable.Range(0, partitions).Where(p => (p + first) % members.Length == i)] }],
            }, 0),
        })];
    }
}
