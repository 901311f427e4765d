using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>Declares a call of Chubby's own protocol at the method that carries it out.</summary>
/// <param name="name">As the paper has it: <c>GetContentsAndStat</c>.</param>
/// <param name="number">Its number in frames.</param>
internal sealed class ChubbyOperationAttribute(string name, int number) : OperationAttribute(name)
{
    public int Number { get; } = number;

    /// <summary>It is answered without a session, or in an epoch that is over.</summary>
    public bool IsOutsideEpoch { get; init; }
}
