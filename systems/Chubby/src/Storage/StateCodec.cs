namespace Microcosm.Chubby;

/// <summary>The cell's whole state as bytes: a version, the zxid, the sessions, the tree with parents before their children,
/// the files of Chubby's own API, the members and those to come.</summary>
internal static class StateCodec
{
    private const byte Version = 2;

    // It knew of no members.
    private const byte FirstVersion = 1;

    public static byte[] Save(CellState state)
    {
        var writer = new JuteWriter(64 * 1024);
        writer.Byte(Version);
        writer.Long(state.Zxid);
        writer.Int(state.Sessions.Count);
        foreach (var session in state.Sessions.All)
        {
            writer.Long(session.Id);
            writer.Buffer(session.Password);
            writer.Int(session.TimeoutMs);
            writer.Long(session.Owner);
            writer.Long(session.RenewedZxid);
        }
        writer.Int(state.Tree.Count);
        foreach (var node in state.Tree.FromRoot())
            Write(writer, node);
        Cell.CellCodec.Save(state.Files, writer);
        writer.String(state.Config.ToString());
        writer.Bool(state.Reconfig is not null);
        if (state.Reconfig is { } pending)
        {
            ChangeCodec.Write(writer, pending.Asker);
            writer.String(pending.Target.ToString());
        }
        return writer.ToArray();
    }

    /// <summary>Throws <see cref="JuteException"/> for what is no state.</summary>
    public static CellState Restore(ReadOnlySpan<byte> bytes, AccessRules access)
    {
        var reader = new JuteReader(bytes);
        var version = reader.Byte();
        if (version is not (FirstVersion or Version))
            throw new JuteException($"a state of version {version}; this member reads version {Version}");
        var state = new CellState(access, new NodeTree([])) { Zxid = reader.Long() };
        for (var left = reader.Count(32); left > 0; left--)
        {
            state.Sessions.TryAdd(new ClientSession(reader.Long(), reader.Buffer() ?? [], reader.Int())
            {
                Owner = reader.Long(),
                RenewedZxid = reader.Long(),
            });
        }
        for (var left = reader.Count(80); left > 0; left--)
            state.Tree.Attach(Read(ref reader));
        Cell.CellCodec.Restore(state.Files, ref reader);
        if (version == FirstVersion)
            return state;
        state.Config = CellConfig.Parse(reader.String());
        if (reader.Bool())
            state.Reconfig = new(ChangeCodec.ReadHeader(ref reader), CellConfig.Parse(reader.String()));
        return state;
    }

    private static void Write(JuteWriter writer, TreeNode node)
    {
        writer.String(node.Path);
        writer.Buffer(node.Data);
        writer.Acl(node.Acl);
        writer.Long(node.Czxid);
        writer.Long(node.CtimeMs);
        writer.Long(node.EphemeralOwner);
        writer.Long(node.Mzxid);
        writer.Long(node.MtimeMs);
        writer.Long(node.Pzxid);
        writer.Int(node.Version);
        writer.Int(node.Aversion);
        writer.Int(node.ChildrenCreated);
    }

    private static TreeNode Read(ref JuteReader reader) => new(reader.String())
    {
        Data = reader.Buffer(),
        Acl = AclEntry.Shared(reader.Acl()),
        Czxid = reader.Long(),
        CtimeMs = reader.Long(),
        EphemeralOwner = reader.Long(),
        Mzxid = reader.Long(),
        MtimeMs = reader.Long(),
        Pzxid = reader.Long(),
        Version = reader.Int(),
        Aversion = reader.Int(),
        ChildrenCreated = reader.Int(),
    };
}
