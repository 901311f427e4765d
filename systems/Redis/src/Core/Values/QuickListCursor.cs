namespace Microcosm.Redis;

/// <summary>A place in a quicklist: an element, or none. Void after a change, but the one the change returns.</summary>
internal readonly struct QuickListCursor(QuickListNode? node, int at)
{
    public QuickListNode? Node { get; } = node;

    /// <summary>Position in the node's listpack.</summary>
    public int At { get; } = at;

    public bool IsNone => Node is null;

    public Element Value => Node!.Packed is { } packed ? packed[At] : new Element(Node.Plain);

    /// <summary>The element is the first of its node.</summary>
    public bool IsHead => Node!.Packed is null || At == Listpack.HeadBytes;

    /// <summary>The element is the last of its node.</summary>
    public bool IsTail => Node!.Packed is not { } packed || packed.Next(At) < 0;

    public QuickListCursor Next()
    {
        var at = Node!.Packed?.Next(At) ?? -1;
        return at >= 0 ? new QuickListCursor(Node, at) : FirstOf(Node.Next);
    }

    public QuickListCursor Previous()
    {
        var at = Node!.Packed?.Previous(At) ?? -1;
        return at >= 0 ? new QuickListCursor(Node, at) : LastOf(Node.Previous);
    }

    public static QuickListCursor FirstOf(QuickListNode? node) => new(node, node?.Packed?.First ?? 0);

    public static QuickListCursor LastOf(QuickListNode? node) => new(node, node?.Packed?.Last ?? 0);
}
