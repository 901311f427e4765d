namespace Microcosm.Http;

/// <summary>
/// Which streams depend on which, and by which weight (RFC 7540 section 5.3; later versions gave it up, clients have not all). Invariants:
/// a node's rank is one more than its parent's; its share is its parent's, by its weight out of 256. Streams that are closed stay for a
/// while, since others may come to depend on them; there are no more than <see cref="ClosedMax"/> of these.
/// </summary>
internal sealed class Http2Priorities
{
    private const int ClosedMax = 32;
    private const int WeightMax = 256;
    private const int WeightDefault = 16;

    private readonly Dictionary<int, Node> _nodes = [];
    private readonly LinkedList<Node> _closed = new();
    private readonly Node _root = new(0);

    /// <summary>A stream opens. Gives what its place is told by, as long as it is open.</summary>
    public Node Open(int stream, Http2Dependency? told)
    {
        var node = Find(stream);
        node.IsOpen = true;
        if (node.Closed is { } place)
        {
            _closed.Remove(place);
            node.Closed = null;
        }
        if (told is { } dependency)
            Depend(node, dependency);
        else if (node.Parent is null)
            Depend(node, new Http2Dependency(0, WeightDefault, false));
        return node;
    }

    /// <summary>A PRIORITY frame.</summary>
    public void Set(int stream, Http2Dependency dependency)
    {
        var node = Find(stream);
        if (!node.IsOpen)
            Touch(node);
        Depend(node, dependency);
        Trim();
    }

    /// <summary>A stream is closed.</summary>
    public void Close(int stream)
    {
        if (!_nodes.TryGetValue(stream, out var node))
            return;
        node.IsOpen = false;
        Touch(node);
        Trim();
    }

    private Node Find(int stream)
    {
        if (!_nodes.TryGetValue(stream, out var node))
            _nodes.Add(stream, node = new Node(stream));
        return node;
    }

    private void Touch(Node node)
    {
        if (node.Closed is { } place)
            _closed.Remove(place);
        node.Closed = _closed.AddLast(node);
    }

    private void Depend(Node node, Http2Dependency dependency)
    {
        node.Weight = dependency.Weight;
        var isExclusive = dependency.IsExclusive;
        // Of whom nobody knows anything any more, nobody can depend.
        if (dependency.Stream == 0 || !_nodes.TryGetValue(dependency.Stream, out var parent))
            (parent, isExclusive) = (_root, isExclusive && dependency.Stream == 0);
        else if (!parent.IsOpen && parent.Closed is not null)
            Touch(parent);
        // One that depends on the stream itself takes its place first (section 5.3.3).
        if (parent.IsBelow(node))
            parent.MoveTo(node.Parent!);
        node.MoveTo(parent);
        if (isExclusive)
        {
            foreach (var other in parent.Children.Where(c => c != node).ToArray())
                other.MoveTo(node);
        }
        node.Update();
        parent.Update();
    }

    private void Trim()
    {
        while (_closed.Count > ClosedMax)
        {
            var node = _closed.First!.Value;
            _closed.RemoveFirst();
            _nodes.Remove(node.Stream);
            var sum = node.Children.Sum(c => c.Weight);
            foreach (var child in node.Children.ToArray())
            {
                child.Weight = Math.Max(1, node.Weight * child.Weight / sum);
                child.MoveTo(node.Parent!);
            }
            var parent = node.Parent!;
            node.MoveTo(null);
            parent.Update();
        }
    }

    /// <summary>A stream's place.</summary>
    internal sealed class Node(int stream)
    {
        private readonly List<Node> _children = [];

        public int Stream { get; } = stream;

        public Node? Parent { get; private set; }

        public IReadOnlyList<Node> Children => _children;

        public int Weight { get; set; } = WeightMax;

        /// <summary>How far from the root.</summary>
        public int Rank { get; private set; }

        /// <summary>The part of the connection that is its own.</summary>
        public double Share { get; private set; } = 1;

        public bool IsOpen { get; set; }

        public LinkedListNode<Node>? Closed { get; set; }

        public bool IsBefore(Node other) => Rank != other.Rank ? Rank < other.Rank : Share > other.Share;

        public bool IsBelow(Node node)
        {
            for (var at = Parent; at is not null; at = at.Parent)
            {
                if (at == node)
                    return true;
            }
            return false;
        }

        public void MoveTo(Node? parent)
        {
            Parent?._children.Remove(this);
            Parent = parent;
            parent?._children.Add(this);
        }

        /// <summary>Ranks and shares, its own and below it.</summary>
        public void Update()
        {
            if (Parent is not null)
                (Rank, Share) = (Parent.Rank + 1, Parent.Share * Weight / WeightMax);
            foreach (var child in _children)
                child.Update();
        }
    }
}
