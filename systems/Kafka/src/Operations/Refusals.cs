namespace Microcosm.Kafka;

/// <summary>Requests that are answered with an error and not carried out, as a fault rule wants it: each API says errors in its own
/// place.</summary>
internal static class Refusals
{
    /// <summary>Answers with the error. False where its name is not known, or this API has no place for it here: then the connection is
    /// to be closed, so that the request is not carried out in any case.</summary>
    /// <param name="name">In Kafka's spelling: <c>NOT_LEADER_OR_FOLLOWER</c>.</param>
    public static bool TryReply(IKafkaCall call, string name) => KafkaErrors.TryParse(name, out var error) && TryReply(call, (short)error);

    /// <summary>What the log says where it is closed.</summary>
    public static string WhyClosed(IKafkaCall call) =>
        $"{call.Name} cannot be refused with {call.Fault.Error}: its connection is closed instead";

    private static bool TryReply(IKafkaCall call, short error)
    {
        switch (call.Key)
        {
            case Produce.Key:
                var produce = call.Read<ProduceRequest>();
                // Nobody waits for an answer; Kafka closes the connection too.
                if (produce.Acks == 0)
                    return false;
                call.Reply(OfProduce(produce, error));
                return true;
            // A fetch in a session may name no partition, so the error is that of the whole; older versions have no place for that.
            case Fetch.Key when call.Version >= 7:
                call.Reply(new FetchResponse { ErrorCode = error });
                return true;
            case 10:
                call.Reply(OfFindCoordinator(call, call.Read<FindCoordinatorRequest>(), error));
                return true;
            case 11:
                call.Reply(new JoinGroupResponse { ErrorCode = error, ProtocolName = "", MemberId =
                    call.Read<JoinGroupRequest>().MemberId });
                return true;
            case 12:
                call.Reply(new HeartbeatResponse { ErrorCode = error });
                return true;
            case 13:
                call.Reply(new LeaveGroupResponse { ErrorCode = error });
                return true;
            case 14:
                call.Reply(new SyncGroupResponse { ErrorCode = error });
                return true;
            case 22:
                call.Reply(new InitProducerIdResponse { ErrorCode = error, ProducerEpoch = -1 });
                return true;
            case 25:
                call.Reply(new AddOffsetsToTxnResponse { ErrorCode = error });
                return true;
            case 26:
                call.Reply(new EndTxnResponse { ErrorCode = error });
                return true;
            case 68:
                call.Reply(new ConsumerGroupHeartbeatResponse { ErrorCode = error });
                return true;
            default:
                return false;
        }
    }

    private static ProduceResponse OfProduce(ProduceRequest request, short error) => new()
    {
        Responses = [.. request.TopicData.Select(t => new ProduceResponse.TopicProduceResponse
        {
            Name = t.Name,
            PartitionResponses = [.. t.PartitionData.Select(p => new ProduceResponse.PartitionProduceResponse
                { Index = p.Index, ErrorCode = error, BaseOffset = -1 })],
        })],
    };

    private static FindCoordinatorResponse OfFindCoordinator(IKafkaCall call, FindCoordinatorRequest request, short error) =>
        call.Version < 4 ? new() { ErrorCode = error, NodeId = -1, Port = -1 }
        : new()
        {
            Coordinators = [.. request.CoordinatorKeys.Select(k => new FindCoordinatorResponse.Coordinator
                { Key = k, NodeId = -1, Port = -1, ErrorCode = error })],
        };
}
