namespace Microcosm.Chubby;

/// <summary>
/// One change while it is applied: the state it works on, who asks, what it has done so far and how to take that back, since a multi is
/// applied whole or not at all.
/// </summary>
internal sealed class ChangeScope(CellState state, ChangeHeader header, long zxid)
{
    private readonly List<Action> _undo = [];
    private readonly List<TreeEvent> _events = [];
    private readonly List<long> _closed = [];

    public CellState State { get; } = state;

    public NodeTree Tree => State.Tree;

    public long Zxid { get; } = zxid;

    public long TimeMs => header.TimeMs;

    public long SessionId => header.SessionId;

    /// <summary>The connection that asks, by the token of its member.</summary>
    public long Origin => header.Origin;

    public Identity[] Identities => header.Identities;

    /// <summary>For those who watch, in order.</summary>
    public IReadOnlyList<TreeEvent> Events => _events;

    /// <summary>Sessions that ended.</summary>
    public IReadOnlyList<long> ClosedSessions => _closed;

    /// <summary>A place to come back to by <see cref="Rollback"/>.</summary>
    public (int Undo, int Events) Mark => (_undo.Count, _events.Count);

    public void Rollback((int Undo, int Events) mark)
    {
        for (var i = _undo.Count - 1; i >= mark.Undo; i--)
            _undo[i]();
        _undo.RemoveRange(mark.Undo, _undo.Count - mark.Undo);
        _events.RemoveRange(mark.Events, _events.Count - mark.Events);
    }

    public bool MayDo(Permissions permission, TreeNode node) => State.Access.MayDo(permission, node.Acl, Identities);

    public void Create(TreeNode node, TreeNode parent)
    {
        var pzxid = parent.Pzxid;
        Tree.Attach(node);
        parent.ChildrenCreated++;
        parent.Pzxid = Zxid;
        _undo.Add(() =>
        {
            Tree.Detach(node);
            parent.ChildrenCreated--;
            parent.Pzxid = pzxid;
        });
        _events.Add(new(TreeEventKind.NodeCreated, node.Path));
        _events.Add(new(TreeEventKind.NodeChildrenChanged, parent.Path));
    }

    public void Delete(TreeNode node, TreeNode parent)
    {
        var pzxid = parent.Pzxid;
        Tree.Detach(node);
        parent.Pzxid = Zxid;
        _undo.Add(() =>
        {
            Tree.Attach(node);
            parent.Pzxid = pzxid;
        });
        _events.Add(new(TreeEventKind.NodeDeleted, node.Path));
        _events.Add(new(TreeEventKind.NodeChildrenChanged, parent.Path));
    }

    public void SetData(TreeNode node, byte[]? data)
    {
        var (before, version, mzxid, mtime) = (node.Data, node.Version, node.Mzxid, node.MtimeMs);
        Tree.SetData(node, data);
        (node.Version, node.Mzxid, node.MtimeMs) = (version + 1, Zxid, TimeMs);
        _undo.Add(() =>
        {
            Tree.SetData(node, before);
            (node.Version, node.Mzxid, node.MtimeMs) = (version, mzxid, mtime);
        });
        _events.Add(new(TreeEventKind.NodeDataChanged, node.Path));
    }

    public void SetAcl(TreeNode node, AclEntry[] acl)
    {
        var (before, version) = (node.Acl, node.Aversion);
        (node.Acl, node.Aversion) = (acl, version + 1);
        _undo.Add(() => (node.Acl, node.Aversion) = (before, version));
    }

    /// <summary>Ends a session and deletes its ephemerals.</summary>
    public void EndSession(long session)
    {
        State.Sessions.Remove(session);
        foreach (var path in Tree.EphemeralsOf(session).ToArray())
            Delete(Tree.Find(path)!, Tree.Find(ZooPath.Parent(path))!);
        _closed.Add(session);
    }
}
