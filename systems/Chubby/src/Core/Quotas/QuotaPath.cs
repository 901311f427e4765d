namespace Microcosm.Chubby;

/// <summary>Where quotas stand in the tree: those of <c>/a</c> below <c>/zookeeper/quota/a</c>, limits and use (ZooKeeper's
/// <c>Quotas</c>).</summary>
internal static class QuotaPath
{
    public const string Root = "/zookeeper/quota";

    private const string LimitsName = "/zookeeper_limits";
    private const string UseName = "/zookeeper_stats";

    public static string Limits(string path) => Root + path + LimitsName;

    public static string Use(string path) => Root + path + UseName;

    /// <summary>The path that these limits are for; null where the node is none.</summary>
    public static string? OfLimits(string node) => Of(node, LimitsName);

    /// <summary>The path whose use this node tells; null where the node is none.</summary>
    public static string? OfUse(string node) => Of(node, UseName);

    private static string? Of(string node, string name) =>
        node.Length > Root.Length + name.Length && node.StartsWith(Root, StringComparison.Ordinal)
        && node.EndsWith(name, StringComparison.Ordinal) ? node[Root.Length..^name.Length] : null;
}
