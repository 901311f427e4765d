namespace Microcosm.Kafka;

/// <summary>Requests that are answered with an error and not carried out, as a fault rule wants it: each API says errors in its own
/// place.</summary>
internal static class Refusals
{
    /// <summary>Answers with the error. False where its name is not known, or this API has no place for it here: then the connection is
    /// to be closed, so that the request is not carried out in any case.</summary>
    /// <param name="name">In Kafka's spelling: <c>NOT_LEADER_OR_FOLLOWER</c>.</param>
    public static bool TryReply(IKafkaCall call, string name) => KafkaErrors.TryParse(name, out var error) && TryReply(call, error);

    /// <summary>What the log says where it is closed.</summary>
    public static string WhyClosed(IKafkaCall call) =>
        $"{call.Name} cannot be refused with {call.Fault.Error}: its connection is closed instead";

    private static bool TryReply(IKafkaCall call, KafkaError error) =>
        // A Produce with acks=0 has nobody that waits for an answer; Kafka closes the connection too.
        !(call.Key == Produce.Key && call.Read<ProduceRequest>().Acks == 0)
        && MessageRefusals.TryReply(call, (short)error, KafkaErrors.Message(error));
}
