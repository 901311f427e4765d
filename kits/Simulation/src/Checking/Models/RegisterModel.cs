namespace Microcosm.Simulation;

/// <summary>Registers by key, with read, write and compare-and-set: key-value stores, a Redis string, a ZooKeeper node.</summary>
public sealed class RegisterModel : IModel<string?, RegisterInput, RegisterOutput>
{
    /// <inheritdoc/>
    public string? Initial => null;

    /// <inheritdoc/>
    public bool Step(string? state, HistoryOperation<RegisterInput, RegisterOutput> operation, out string? next)
    {
        var input = operation.Input;
        next = state;
        switch (input.Call)
        {
            case RegisterCall.Read:
                return !operation.HasOutput || operation.Output.Value == state;
            case RegisterCall.Write:
                next = input.Value;
                return true;
            default:
                var swaps = state == input.Expected;
                if (swaps)
                    next = input.Value;
                return !operation.HasOutput || operation.Output.Swapped == swaps;
        }
    }

    /// <inheritdoc/>
    public bool OnlyObserves(HistoryOperation<RegisterInput, RegisterOutput> operation) => operation.Input.Call switch
    {
        RegisterCall.Read => true,
        RegisterCall.Write => false,
        _ => operation.HasOutput && !operation.Output.Swapped,
    };

    /// <inheritdoc/>
    public bool Equals(string? left, string? right) => left == right;

    /// <inheritdoc/>
    public int Hash(string? state) => state?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public string KeyOf(RegisterInput input) => input.Key;

    /// <inheritdoc/>
    public string Describe(HistoryOperation<RegisterInput, RegisterOutput> operation)
    {
        var input = operation.Input;
        return input.Call switch
        {
            RegisterCall.Read => "read() → " + (operation.HasOutput ? DescribeState(operation.Output.Value) : "?"),
            RegisterCall.Write => $"write({DescribeState(input.Value)}) → " + (operation.HasOutput ? "ok" : "?"),
            _ => $"cas({DescribeState(input.Expected)}, {DescribeState(input.Value)}) → "
                + (operation.HasOutput ? operation.Output.Swapped ? "swapped" : "kept" : "?"),
        };
    }

    /// <inheritdoc/>
    public string DescribeState(string? state) => state ?? "none";
}
