using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// The tree itself, without rules: what may be done to it is decided by <see cref="Change"/>s.
/// Invariants: the root is always there; a node's parent is there and has its name among its children; ephemerals are listed under their
/// session, containers and nodes with a TTL under <see cref="Mortal"/>.
/// </summary>
internal sealed class NodeTree
{
    private readonly Dictionary<string, TreeNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, SortedSet<string>> _ephemerals = [];
    private readonly SortedSet<string> _mortal = new(StringComparer.Ordinal);
    private readonly HashSet<string> _quotas = new(StringComparer.Ordinal);

    /// <summary>A tree of these nodes, parents first.</summary>
    public NodeTree(IEnumerable<TreeNode> nodes)
    {
        foreach (var node in nodes)
            Attach(node);
    }

    public int Count => _nodes.Count;

    /// <summary>Bytes of paths and data, as mntr tells them.</summary>
    public long DataBytes { get; private set; }

    public int EphemeralCount { get; private set; }

    /// <summary>Containers and nodes with a TTL, in order.</summary>
    public IReadOnlyCollection<string> Mortal => _mortal;

    public IEnumerable<KeyValuePair<long, SortedSet<string>>> Ephemerals => _ephemerals.OrderBy(e => e.Key);

    public TreeNode? Find(string path) => _nodes.GetValueOrDefault(path);

    /// <summary>Paths of a session's ephemerals, in order.</summary>
    public IReadOnlyCollection<string> EphemeralsOf(long session) =>
        _ephemerals.TryGetValue(session, out var paths) ? paths : [];

    /// <summary>ZooKeeper's own nodes, which nobody deletes.</summary>
    public static bool IsSpecial(string path) => path is "/" or "/zookeeper" or QuotaPath.Root or CellConfig.Path;

    /// <summary>What a new cell has. Its configuration is there to be read.</summary>
    public static NodeTree New() => new(((string[])["/", "/zookeeper", CellConfig.Path, QuotaPath.Root]).Select(p =>
        p == CellConfig.Path ? new TreeNode(p) { Data = [], Acl = AclEntry.ReadOnly, Aversion = -1 } : new TreeNode(p) { Data = [] }));

    /// <summary>All nodes, parents before their children.</summary>
    public IEnumerable<TreeNode> FromRoot()
    {
        var open = new Stack<TreeNode>([_nodes["/"]]);
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var name in next.Children ?? [])
                open.Push(_nodes[Join(next.Path, name)]);
        }
    }

    /// <summary>How many nodes a node and all below it are, and the bytes of their data.</summary>
    public (int Count, long Bytes) Measure(TreeNode node)
    {
        var (count, bytes) = (0, 0L);
        var open = new Stack<TreeNode>([node]);
        while (open.TryPop(out var next))
        {
            (count, bytes) = (count + 1, bytes + (next.Data?.Length ?? 0));
            foreach (var name in next.Children ?? [])
                open.Push(_nodes[Join(next.Path, name)]);
        }
        return (count, bytes);
    }

    /// <summary>The deepest path with a quota that a path is at or below; null if there is none. The root has none.</summary>
    public string? QuotaOf(string path)
    {
        if (_quotas.Count == 0)
            return null;
        for (var above = path; above.Length > 1; above = ZooPath.Parent(above))
        {
            if (_quotas.Contains(above))
                return above;
        }
        return null;
    }

    public static string Join(string parent, string name) => parent.Length == 1 ? "/" + name : parent + "/" + name;

    /// <summary>Hangs a node into the tree; the parent's own numbers are the caller's business.</summary>
    public void Attach(TreeNode node)
    {
        Invariant.Check(_nodes.TryAdd(node.Path, node));
        DataBytes += Size(node.Path, node.Data);
        if (node.Path.Length > 1)
        {
            var parent = _nodes[ZooPath.Parent(node.Path)];
            Invariant.Check((parent.Children ??= new(StringComparer.Ordinal)).Add(ZooPath.Name(node.Path)));
        }
        if (QuotaPath.OfLimits(node.Path) is { } limited)
            _quotas.Add(limited);
        var lifetime = node.Lifetime;
        if (lifetime.Kind == LifetimeKind.Ephemeral)
        {
            if (!_ephemerals.TryGetValue(lifetime.Value, out var paths))
                _ephemerals.Add(lifetime.Value, paths = new(StringComparer.Ordinal));
            paths.Add(node.Path);
            EphemeralCount++;
        }
        else if (lifetime.Kind != LifetimeKind.Persistent)
        {
            _mortal.Add(node.Path);
        }
    }

    /// <summary>Takes a node without children out.</summary>
    public void Detach(TreeNode node)
    {
        Invariant.Check(node.ChildCount == 0 && node.Path.Length > 1 && _nodes.Remove(node.Path));
        DataBytes -= Size(node.Path, node.Data);
        Invariant.Check(_nodes[ZooPath.Parent(node.Path)].Children!.Remove(ZooPath.Name(node.Path)));
        if (QuotaPath.OfLimits(node.Path) is { } limited)
            _quotas.Remove(limited);
        var lifetime = node.Lifetime;
        if (lifetime.Kind == LifetimeKind.Ephemeral)
        {
            var paths = _ephemerals[lifetime.Value];
            paths.Remove(node.Path);
            EphemeralCount--;
            if (paths.Count == 0)
                _ephemerals.Remove(lifetime.Value);
        }
        else if (lifetime.Kind != LifetimeKind.Persistent)
        {
            _mortal.Remove(node.Path);
        }
    }

    public void SetData(TreeNode node, byte[]? data)
    {
        DataBytes += (data?.Length ?? 0) - (node.Data?.Length ?? 0);
        node.Data = data;
    }

    private static long Size(string path, byte[]? data) => path.Length + (data?.Length ?? 0);
}
