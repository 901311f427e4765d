using System.Text;

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
    private readonly List<string> _warnings = [];

    public CellState State { get; } = state;

    public ChangeHeader Header { get; } = header;

    public NodeTree Tree => State.Tree;

    public long Zxid { get; } = zxid;

    public long TimeMs => Header.TimeMs;

    public long SessionId => Header.SessionId;

    /// <summary>The connection that asks, by the token of its member.</summary>
    public long Origin => Header.Origin;

    public Identity[] Identities => Header.Identities;

    /// <summary>For those who watch, in order.</summary>
    public IReadOnlyList<TreeEvent> Events => _events;

    /// <summary>Sessions that ended.</summary>
    public IReadOnlyList<long> ClosedSessions => _closed;

    /// <summary>What the members' logs are to say of it.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Quotas.</summary>
    public QuotaAccounts Quotas => field ??= new QuotaAccounts(this);

    /// <summary>A place to come back to by <see cref="Rollback"/>.</summary>
    public (int Undo, int Events) Mark => (_undo.Count, _events.Count);

    public void Rollback((int Undo, int Events) mark)
    {
        for (var i = _undo.Count - 1; i >= mark.Undo; i--)
            _undo[i]();
        _undo.RemoveRange(mark.Undo, _undo.Count - mark.Undo);
        _events.RemoveRange(mark.Events, _events.Count - mark.Events);
    }

    public void OnUndo(Action undo) => _undo.Add(undo);

    public void Warn(string warning) => _warnings.Add(warning);

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
        Quotas.Created(node);
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
        Quotas.Add(node.Path, -(node.Data?.Length ?? 0), -1);
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
        Quotas.Add(node.Path, (data?.Length ?? 0) - (before?.Length ?? 0), 0);
        _events.Add(new(TreeEventKind.NodeDataChanged, node.Path));
    }

    public void SetAcl(TreeNode node, AclEntry[] acl)
    {
        var (before, version) = (node.Acl, node.Aversion);
        (node.Acl, node.Aversion) = (acl, version + 1);
        _undo.Add(() => (node.Acl, node.Aversion) = (before, version));
    }

    /// <summary>Other members are in <c>/zookeeper/config</c>, whose own version is -1 for ever, as ZooKeeper has it.</summary>
    public TreeNode SetConfig(IEnumerable<CellServer> servers)
    {
        var node = Show(new CellConfig(servers, Zxid));
        (node.Version, node.Mzxid, node.MtimeMs) = (-1, Zxid, TimeMs);
        _events.Add(new(TreeEventKind.NodeDataChanged, node.Path));
        return node;
    }

    /// <summary>The members are these; nobody is told.</summary>
    public TreeNode Show(CellConfig config)
    {
        State.Config = config;
        var node = Tree.Find(CellConfig.Path)!;
        Tree.SetData(node, Encoding.UTF8.GetBytes(config.ToString()));
        return node;
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
