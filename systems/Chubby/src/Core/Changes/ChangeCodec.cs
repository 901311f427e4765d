namespace Microcosm.Chubby;

/// <summary>Changes as the log has them: a version, the header, the kind, the change.</summary>
internal static class ChangeCodec
{
    private const byte Version = 1;

    public static byte[] Encode(ChangeHeader header, Change change)
    {
        var writer = new JuteWriter();
        writer.Byte(Version);
        Write(writer, header);
        Write(writer, change);
        return writer.ToArray();
    }

    public static (ChangeHeader Header, Change Change) Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new JuteReader(bytes);
        var version = reader.Byte();
        if (version != Version)
            throw new JuteException($"a change of version {version}; this member reads version {Version}");
        return (ReadHeader(ref reader), Read(ref reader));
    }

    public static void Write(JuteWriter writer, ChangeHeader header)
    {
        writer.Long(header.TimeMs);
        writer.Long(header.SessionId);
        writer.Long(header.Origin);
        writer.Long(header.Request);
        writer.Int(header.Identities.Length);
        foreach (var (scheme, id) in header.Identities)
        {
            writer.String(scheme);
            writer.String(id);
        }
    }

    public static ChangeHeader ReadHeader(ref JuteReader reader)
    {
        var (time, session, origin, request) = (reader.Long(), reader.Long(), reader.Long(), reader.Long());
        var identities = new Identity[reader.Count(8)];
        for (var i = 0; i < identities.Length; i++)
            identities[i] = new Identity(reader.String(), reader.String());
        return new ChangeHeader(time, session, origin, request, identities);
    }

    public static void Write(JuteWriter writer, Change change)
    {
        writer.Byte((byte)change.Kind);
        change.Write(writer);
    }

    public static Change Read(ref JuteReader reader) => (ChangeKind)reader.Byte() switch
    {
        ChangeKind.CreateNode => CreateNode.Read(ref reader),
        ChangeKind.DeleteNode => new DeleteNode(reader.String(), reader.Int()),
        ChangeKind.SetData => new SetNodeData(reader.String(), reader.Buffer(), reader.Int()),
        ChangeKind.SetAcl => new SetNodeAcl(reader.String(), reader.Acl(), reader.Int()),
        ChangeKind.CheckVersion => new CheckVersion(reader.String(), reader.Int()),
        ChangeKind.Multi => Multi.Read(ref reader),
        ChangeKind.ReapNode => new ReapNode(reader.String(), reader.Long()),
        ChangeKind.OpenSession => new OpenSession(reader.Buffer()!, reader.Int()),
        ChangeKind.MoveSession => new MoveSession(reader.Buffer() ?? []),
        ChangeKind.CloseSession => new CloseSession(),
        ChangeKind.ExpireSession => new ExpireSession(reader.Long(), reader.Long()),
        ChangeKind.RenewSessions => RenewSessions.Read(ref reader),
        ChangeKind.NewEpoch => NewEpoch.Read(ref reader),
        ChangeKind.Reconfigure => Reconfigure.Read(ref reader),
        ChangeKind.EndReconfig => new EndReconfig(reader.Long(), reader.Long(), (ZooError)reader.Int()),
        ChangeKind.AnnounceServer => new AnnounceServer(reader.Long(), reader.String()),
        ChangeKind.Cell => Cell.CellChange.Read(ref reader),
        var kind => throw new JuteException($"a change of the unknown kind {kind}"),
    };
}
