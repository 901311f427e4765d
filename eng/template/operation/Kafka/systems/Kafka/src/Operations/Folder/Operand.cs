using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Operand, which is refused until it is written.</summary>
[MessageSchema("""
    api 47474 Operand

    request 0 flexible 0+

    response 0 flexible 0+
      ThrottleTimeMs int32
      ErrorCode int16
    """)]
internal static class Operand
{
    [KafkaOperation("Operand", 47474, 0, 0, FlexibleFrom = 0, Status = OperationStatus.Refused,
        Deviation = "not written yet")]
    public static ValueTask Execute(KafkaCall call)
    {
        call.Read<OperandRequest>();
        call.Reply(new OperandResponse { ErrorCode = (short)KafkaError.UnsupportedVersion });
        return ValueTask.CompletedTask;
    }
}
