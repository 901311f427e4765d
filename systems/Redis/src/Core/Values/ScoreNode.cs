namespace Microcosm.Redis;

/// <summary>A node of a <see cref="ScoreTree"/>.</summary>
internal abstract class ScoreNode
{
    /// <summary>Number of items below.</summary>
    public abstract int Total { get; }

    /// <summary>A lower bound of all items below that is above all items to the left.</summary>
    public abstract (double Score, byte[] Item) First { get; }

    /// <summary>Adds an item that is not there; returns the new right half if this node had to split.</summary>
    public abstract ScoreNode? Insert(double score, byte[] item);

    /// <summary>Removes an item; false if it is not there.</summary>
    public abstract bool Remove(double score, ReadOnlySpan<byte> member);

    /// <summary>Number of items before a bound.</summary>
    public abstract int LowerBound<TBound>(TBound bound)
        where TBound : struct, IScoreBound, allows ref struct;

    /// <summary>Takes over a right neighbour's content, if both together are small.</summary>
    /// <param name="right">The neighbour.</param>
    /// <param name="first">The bound by which the parent knows it.</param>
    public abstract bool TryMerge(ScoreNode right, (double Score, byte[] Item) first);

    /// <summary>Takes an empty node's leaves out of the chain.</summary>
    public abstract void Unlink();
}
