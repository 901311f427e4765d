using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>OPERAND, which is refused until it is written.</summary>
internal static class Operand
{
    [RedisCommand("OPERAND", 1, Group = "GROUP", Since = "7.0.0", Summary = "", Complexity = "O(1)", Status = OperationStatus.Refused,
        Deviation = "not written yet")]
    public static void Execute(ref RedisCall call) => call.Reply.Error("ERR OPERAND is not written yet");
}
