namespace Microcosm.Simulation;

/// <summary>
/// Locks by key whose acquisitions answer fencing tokens that ascend (Chubby's sequencers, OSDI 2006, section 2.4). With
/// <paramref name="leases"/> a lock may leave its holder at any time, since its lease ran out: then only tokens and releases are
/// judged here, and mutual exclusion by <see cref="LeaseChecker"/>.
/// </summary>
public sealed class LockModel(bool leases = false) : IModel<LockState, LockInput, long?>
{
    private const int Free = -1;

    /// <inheritdoc/>
    public LockState Initial => new(Free, 0, true);

    /// <inheritdoc/>
    public bool Step(LockState state, HistoryOperation<LockInput, long?> operation, out LockState next) =>
        operation.Input.Call == LockCall.Acquire ? Acquire(state, operation, out next) : Release(state, operation, out next);

    private bool Acquire(LockState state, HistoryOperation<LockInput, long?> operation, out LockState next)
    {
        next = state;
        var mayGrant = state.Holder == Free || leases;
        if (!operation.HasOutput)
        {
            if (mayGrant)
                next = new LockState(operation.Client, state.Token + 1, false);
            return true;
        }
        if (operation.Output is not { } token)
            return state.Holder != Free;
        next = new LockState(operation.Client, token, true);
        return mayGrant && token > state.Token;
    }

    private bool Release(LockState state, HistoryOperation<LockInput, long?> operation, out LockState next)
    {
        next = state;
        var token = operation.Input.Token;
        var isHolder = state.Holder == operation.Client && (state.TokenIsKnown ? token == state.Token : token >= state.Token);
        if (isHolder)
            next = new LockState(Free, token, true);
        // Under leases the holder's release may come too late.
        return !operation.HasOutput || (operation.Output is not null ? isHolder : !isHolder || leases);
    }

    /// <inheritdoc/>
    public bool Equals(LockState left, LockState right) => left == right;

    /// <inheritdoc/>
    public int Hash(LockState state) => state.GetHashCode();

    /// <inheritdoc/>
    public string KeyOf(LockInput input) => input.Key;

    /// <inheritdoc/>
    public string Describe(HistoryOperation<LockInput, long?> operation)
    {
        var call = operation.Input.Call == LockCall.Acquire ? "acquire()" : $"release({operation.Input.Token})";
        return $"{call} → " + (operation.HasOutput ? operation.Output is { } token ? $"token {token}" : "refused" : "?");
    }

    /// <inheritdoc/>
    public string DescribeState(LockState state) =>
        (state.Holder == Free ? "free" : $"held by {state.Holder}")
            + (state.TokenIsKnown ? $", token {state.Token}" : $", token ≥ {state.Token}");
}
