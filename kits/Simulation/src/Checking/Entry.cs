namespace Microcosm.Simulation;

/// <summary>
/// A call or an answer in the search's list of events, linked both ways so that an operation is taken out and put back in O(1)
/// (Lowe 2017, section 3.2).
/// </summary>
internal sealed class Entry
{
    /// <summary>Index of the operation.</summary>
    public required int Operation { get; init; }

    /// <summary>The answer of a call; null for an answer and for a call of unknown outcome.</summary>
    public Entry? Answer { get; init; }

    public required bool IsCall { get; init; }

    public Entry? Previous { get; set; }

    public Entry? Next { get; set; }

    /// <summary>One operation in the search.</summary>
    /// <param name="Operation">As the client saw it.</param>
    /// <param name="Binds">False if its outcome is not to be relied on: it may take effect at any time after its call, or never.</param>
    public readonly record struct Item<TInput, TOutput>(HistoryOperation<TInput, TOutput> Operation, bool Binds);

    /// <summary>All operations, those with an answer binding.</summary>
    public static Item<TInput, TOutput>[] All<TInput, TOutput>(IReadOnlyList<HistoryOperation<TInput, TOutput>> operations) =>
        [.. operations.Select(o => new Item<TInput, TOutput>(o, o.HasOutput))];

    /// <summary>Builds the list, in order of events, behind a head that is no event.</summary>
    public static Entry List<TInput, TOutput>(ReadOnlySpan<Item<TInput, TOutput>> items)
    {
        var events = new List<(long Order, Entry Entry)>(items.Length * 2);
        for (var i = 0; i < items.Length; i++)
        {
            var answer = items[i].Binds ? new Entry { Operation = i, IsCall = false } : null;
            events.Add((items[i].Operation.CallOrder, new Entry { Operation = i, IsCall = true, Answer = answer }));
            if (answer is not null)
                events.Add((items[i].Operation.AnswerOrder, answer));
        }
        events.Sort((a, b) => a.Order.CompareTo(b.Order));

        var head = new Entry { Operation = -1, IsCall = false };
        var last = head;
        foreach (var (_, entry) in events)
        {
            last.Next = entry;
            entry.Previous = last;
            last = entry;
        }
        return head;
    }

    /// <summary>Takes a call and its answer out of the list.</summary>
    public void Lift()
    {
        Unlink();
        Answer?.Unlink();
    }

    /// <summary>Puts them back. In the reverse order of the lifting only.</summary>
    public void Unlift()
    {
        Answer?.Relink();
        Relink();
    }

    private void Unlink()
    {
        Previous!.Next = Next;
        if (Next is not null)
            Next.Previous = Previous;
    }

    private void Relink()
    {
        Previous!.Next = this;
        if (Next is not null)
            Next.Previous = this;
    }
}
