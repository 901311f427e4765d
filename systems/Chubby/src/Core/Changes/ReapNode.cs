namespace Microcosm.Chubby;

/// <summary>The leader has seen that a container is empty or a TTL is over. Decided again here: much may have happened since.</summary>
/// <param name="NowMs">The leader's time.</param>
internal sealed record ReapNode(string Path, long NowMs) : Change
{
    public override ChangeKind Kind => ChangeKind.ReapNode;

    public static bool IsDue(TreeNode node, long nowMs) => node.ChildCount == 0 && node.Lifetime switch
    {
        // One that never had a child waits for its first.
        { Kind: LifetimeKind.Container } => node.ChildrenCreated > 0,
        { Kind: LifetimeKind.Ttl } ttl => node.MtimeMs + ttl.Value <= nowMs && node.MtimeMs != 0,
        _ => false,
    };

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (scope.Tree.Find(Path) is not { } node || !IsDue(node, NowMs))
            return new(ZooError.NoNode);
        scope.Delete(node, scope.Tree.Find(ZooPath.Parent(Path))!);
        return default;
    }

    public override void Write(JuteWriter writer)
    {
        writer.String(Path);
        writer.Long(NowMs);
    }
}
