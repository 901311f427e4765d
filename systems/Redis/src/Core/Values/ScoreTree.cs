namespace Microcosm.Redis;

/// <summary>
/// Items of a sorted set in order of score, then of member: a B+ tree that knows how many items lie below each node, so that ranks are
/// found and counted in O(log n). It does in Redis' skip list's place what that does, with less memory and fewer cache misses.
/// </summary>
internal sealed class ScoreTree
{
    private ScoreNode _root = new ScoreLeaf();

    public int Count => _root.Total;

    /// <summary>Adds an item whose member is not there.</summary>
    public void Insert(byte[] item)
    {
        if (_root.Insert(SortedSetItem.ScoreOf(item), item) is { } right)
            _root = new ScoreBranch(_root, right);
    }

    public bool Remove(double score, ReadOnlySpan<byte> member)
    {
        if (!_root.Remove(score, member))
            return false;
        while (_root is ScoreBranch { OnlyChild: { } child })
            _root = child;
        return true;
    }

    /// <summary>Number of items before a bound, which is the rank of the first item that is not.</summary>
    public int LowerBound<TBound>(TBound bound)
        where TBound : struct, IScoreBound, allows ref struct => _root.LowerBound(bound);

    /// <summary>The leaf that holds the item of a rank in [0, Count), and its index there.</summary>
    public ScoreLeaf Seek(int rank, out int index)
    {
        index = rank;
        return _root is ScoreBranch branch ? branch.LeafAt(ref index) : (ScoreLeaf)_root;
    }
}
