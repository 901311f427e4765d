namespace Microcosm.Simulation;

/// <summary>
/// One search for an order of operations that a model accepts. Depth first: take a call that stands before the first answer left,
/// step the model, take the operation out of the list, go on from the front; go back when an answer is reached whose operation has
/// not been taken. A configuration (set of operations taken, state) that was seen is not entered again: what can follow is the same.
/// Lost replies are what makes this slow, so operations that need not take effect are tried after all others.
/// </summary>
internal sealed class LinearizabilitySearch<TState, TInput, TOutput>(
    IModel<TState, TInput, TOutput> model, Entry.Item<TInput, TOutput>[] items, long stepsMax)
{
    private readonly HashSet<Configuration> _seen = new(new ConfigurationComparer(model));
    private readonly Stack<(Entry Call, TState Before)> _taken = new();
    private readonly ulong[] _bits = new ulong[(items.Length + 63) / 64];

    /// <summary>Model steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>After a good verdict: the operations in an order that the model accepts, and the state after each.</summary>
    public List<(HistoryOperation<TInput, TOutput> Operation, TState After)> Order { get; } = [];

    /// <summary>Searches until an order is found, none is left, or the steps are used up.</summary>
    public Verdict Run()
    {
        var head = Entry.List<TInput, TOutput>(items);
        var state = model.Initial;
        var binding = items.Count(i => i.Binds);
        var entry = head.Next;
        var binds = true;
        while (binding > 0)
        {
            // While a binding operation is left its answer is in the list, so the walk ends there at the latest.
            if (entry!.IsCall)
            {
                if (items[entry.Operation].Binds != binds)
                {
                    entry = entry.Next;
                    continue;
                }
                if (++Steps > stepsMax)
                    return Verdict.Undecided;
                if (!TryTake(entry, ref state))
                {
                    entry = entry.Next;
                    continue;
                }
                binding -= binds ? 1 : 0;
                (entry, binds) = (head.Next, true);
            }
            else if (binds)
            {
                (entry, binds) = (head.Next, false);
            }
            else if (!TryGoBack(ref state, ref binding, out entry, out binds))
            {
                return Verdict.NotLinearizable;
            }
        }
        RecordOrder(state);
        return Verdict.Linearizable;
    }

    private bool TryTake(Entry call, ref TState state)
    {
        var item = items[call.Operation];
        if (!model.Step(state, item.Operation, out var next))
            return false;
        // An operation that need not take effect is worth taking only for its effect.
        if ((!item.Binds && model.Equals(state, next)) || IsLastInVain(item.Operation, next))
            return false;
        Flip(call.Operation);
        if (!_seen.Add(new Configuration((ulong[])_bits.Clone(), next)))
        {
            Flip(call.Operation);
            return false;
        }
        _taken.Push((call, state));
        call.Lift();
        state = next;
        return true;
    }

    // The last operation need not have taken effect, and without it this one would lead to the same state: an order that the search
    // meets elsewhere, and that leaves the last one for later.
    private bool IsLastInVain(HistoryOperation<TInput, TOutput> operation, TState next) =>
        _taken.TryPeek(out var last) && !items[last.Call.Operation].Binds
        && model.Step(last.Before, operation, out var without) && model.Equals(without, next);

    private bool TryGoBack(ref TState state, ref int binding, out Entry? entry, out bool binds)
    {
        while (_taken.TryPop(out var last))
        {
            last.Call.Unlift();
            Flip(last.Call.Operation);
            binds = items[last.Call.Operation].Binds;
            binding += binds ? 1 : 0;
            state = last.Before;
            entry = last.Call.Next;
            // What only observes could as well come first in every order from here: nothing else is worth a try in its place.
            if (!binds || !model.OnlyObserves(items[last.Call.Operation].Operation))
                return true;
        }
        (entry, binds) = (null, true);
        return false;
    }

    private void Flip(int operation) => _bits[operation >> 6] ^= 1UL << operation;

    private void RecordOrder(TState final)
    {
        var after = final;
        foreach (var (call, before) in _taken)
        {
            Order.Add((items[call.Operation].Operation, after));
            after = before;
        }
        Order.Reverse();
    }

    private readonly record struct Configuration(ulong[] Bits, TState State);

    private sealed class ConfigurationComparer(IModel<TState, TInput, TOutput> model) : IEqualityComparer<Configuration>
    {
        public bool Equals(Configuration x, Configuration y) => x.Bits.AsSpan().SequenceEqual(y.Bits) && model.Equals(x.State, y.State);

        public int GetHashCode(Configuration c)
        {
            var hash = (ulong)(uint)model.Hash(c.State);
            foreach (var word in c.Bits)
                hash = (hash ^ word) * 0x9e3779b97f4a7c15UL ^ (hash >> 29);
            return (int)(hash ^ (hash >> 32));
        }
    }
}
