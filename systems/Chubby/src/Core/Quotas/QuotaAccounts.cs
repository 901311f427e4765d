using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>
/// What quotas ask of a change: their use is kept with every change, on every member; limits are looked at before one, where they are
/// enforced. Use is kept without a version, a zxid or an event, as in ZooKeeper.
/// </summary>
internal sealed class QuotaAccounts(ChangeScope scope)
{
    private NodeTree Tree => scope.Tree;

    /// <summary>QuotaExceeded where a hard limit would be passed; a soft one is warned of.</summary>
    public ZooError Check(string path, long bytes, long count)
    {
        if (!scope.State.Access.EnforcesQuotas || Tree.QuotaOf(path) is not { } of
            || Tree.Find(QuotaPath.Limits(of)) is not { } limitsNode || Tree.Find(QuotaPath.Use(of)) is not { } useNode)
            return ZooError.Ok;
        var (limits, use) = (QuotaTrack.Parse(limitsNode.Data), QuotaTrack.Parse(useNode.Data));
        if (count != 0 && IsOver(of, "count", use.Count + count, limits.CountHardLimit, limits.Count))
            return ZooError.QuotaExceeded;
        return bytes != 0 && IsOver(of, "bytes", use.Bytes + bytes, limits.ByteHardLimit, limits.Bytes)
            ? ZooError.QuotaExceeded : ZooError.Ok;
    }

    /// <summary>A node was created.</summary>
    public void Created(TreeNode node)
    {
        if (QuotaPath.OfUse(node.Path) is { } of)
            Recount(of);
        Add(node.Path, node.Data?.Length ?? 0, 1);
    }

    /// <summary>So much more is stored at, or below, a path.</summary>
    public void Add(string path, long bytes, long count)
    {
        if (Tree.QuotaOf(path) is not { } of || Tree.Find(QuotaPath.Use(of)) is not { } node)
            return;
        var use = QuotaTrack.Parse(node.Data);
        Put(node, use with { Count = use.Count + count, Bytes = use.Bytes + bytes });
    }

    private void Recount(string of)
    {
        var (count, bytes) = Tree.Find(of) is { } top ? Tree.Measure(top) : (0, 0);
        Put(Tree.Find(QuotaPath.Use(of))!, new QuotaTrack(count, bytes));
    }

    private void Put(TreeNode node, QuotaTrack use)
    {
        var before = node.Data;
        Tree.SetData(node, use.ToUse());
        scope.OnUndo(() => Tree.SetData(node, before));
    }

    // A hard limit hides the soft one.
    private bool IsOver(string of, string what, long now, long hard, long soft)
    {
        var limit = hard > -1 ? hard : soft;
        if (limit < 0 || now <= limit)
            return false;
        scope.Warn(string.Create(CultureInfo.InvariantCulture,
            $"Quota exceeded: {of} [current {what}={now}, {(hard > -1 ? "hard" : "soft")} limit={limit}]"));
        return hard > -1;
    }
}
