using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>All calls of Chubby's own protocol; the generator fills it.</summary>
[OperationTable("chubby", typeof(ChubbyOperationAttribute), typeof(ChubbyHandler))]
internal static partial class ChubbyOperations
{
    /// <summary>The operation of a number, or null.</summary>
    public static Operation<ChubbyOperationAttribute, ChubbyHandler>? Find(int number)
    {
        foreach (var operation in All)
        {
            if (operation.Declaration.Number == number)
                return operation;
        }
        return null;
    }
}
