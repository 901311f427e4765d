namespace Microcosm.Chubby;

/// <summary>One request, as its operation sees it.</summary>
internal ref struct ZooKeeperCall(CellMember member, ClientConnection client, PendingRequest request, ReadOnlySpan<byte> body)
{
    /// <summary>The request's fields, to be read once.</summary>
    public JuteReader Body = new(body);

    public CellMember Member { get; } = member;

    public ClientConnection Client { get; } = client;

    /// <summary>For the reply's fields, of operations that answer at once.</summary>
    public readonly JuteWriter Reply => Member.Writer;

    /// <summary>What is answered instead of the reply's fields.</summary>
    public ZooError Error { get; private set; }

    public readonly NodeTree Tree => Member.State.Tree;

    public void Fail(ZooError error) => Error = error;

    /// <summary>The node at a path that may be read by this client; else fails the call.</summary>
    public TreeNode? Readable(string path, Permissions permission = Permissions.Read)
    {
        if (Tree.Find(path) is not { } node)
            Fail(ZooError.NoNode);
        else if (!Member.State.Access.MayDo(permission, node.Acl, Client.Identities))
            Fail(ZooError.NoAuth);
        else
            return node;
        return null;
    }

    /// <summary>Puts a change before the cell. The reply comes when it is applied here: an error, or what <paramref name="reply"/>
    /// writes.</summary>
    public readonly void Propose(Change change, Action<ChangeResult, JuteWriter>? reply = null)
    {
        request.Change = change;
        request.WriteResult = reply;
    }

    /// <summary>What an operation that is carried out at once answers at its turn.</summary>
    public readonly void Answer(Action<JuteWriter> reply) => request.WriteLater = reply;

    /// <summary>The reply comes when this member has everything that the cell had agreed on by now.</summary>
    public readonly void CatchUp(Action<JuteWriter> reply)
    {
        request.WriteLater = reply;
        Member.CatchUp(Client, request);
    }

    /// <summary>The client's first packet.</summary>
    public readonly void Connect(ConnectRequest wish) => Member.Connecting.Begin(Client, request, wish);
}
