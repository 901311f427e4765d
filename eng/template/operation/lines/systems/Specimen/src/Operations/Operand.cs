using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary><c>OPERAND</c>, which is refused until it is written.</summary>
internal static class Operand
{
    [SpecimenOperation("OPERAND", 1, Status = OperationStatus.Refused, Deviation = "not written yet")]
    public static void Execute(SpecimenCall call) => call.Refuse("OPERAND is not written yet");
}
