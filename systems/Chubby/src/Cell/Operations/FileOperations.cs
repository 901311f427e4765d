using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Files and directories (OSDI'06 2.6).</summary>
internal static class FileOperations
{
    [ChubbyOperation("Open", CallNumber.Open)]
    public static ValueTask<ChubbyError> Open(ChubbyCall call) => OpenAsync(call, FileModes.None);

    /// <summary>An Open that may make the file; an operation of its own so that faults and traces can tell them apart.</summary>
    [ChubbyOperation("Create", CallNumber.Create)]
    public static ValueTask<ChubbyError> Create(ChubbyCall call) => OpenAsync(call, FileModes.Create);

    [ChubbyOperation("Close", CallNumber.Close)]
    public static async ValueTask<ChubbyError> Close(ChubbyCall call) =>
        call.Answer(await call.Master.ProposeAsync(call, epoch => new CloseFile(epoch, call.SessionId, call.HandleId)));

    [ChubbyOperation("GetContentsAndStat", CallNumber.GetContentsAndStat)]
    public static ValueTask<ChubbyError> GetContentsAndStat(ChubbyCall call) => ReadAsync(call, FileModes.Read, (node, reply) =>
    {
        reply.Bool(call.Master.TryLetCache(call.SessionId, node.Path));
        CellCodec.Write(reply, call.Master.Files.StatOf(node));
        reply.Buffer(node.Data ?? []);
    });

    [ChubbyOperation("GetStat", CallNumber.GetStat)]
    public static ValueTask<ChubbyError> GetStat(ChubbyCall call) =>
        ReadAsync(call, FileModes.None, (node, reply) => CellCodec.Write(reply, call.Master.Files.StatOf(node)));

    /// <summary>Names and stats of the children, in order.</summary>
    [ChubbyOperation("ReadDir", CallNumber.ReadDir)]
    public static ValueTask<ChubbyError> ReadDir(ChubbyCall call) => ReadAsync(call, FileModes.Read, (node, reply) =>
    {
        reply.Int(node.ChildCount);
        foreach (var name in node.Children ?? [])
        {
            reply.String(name);
            CellCodec.Write(reply, call.Master.Files.StatOf(call.Master.Tree.Find(NodeTree.Join(node.Path, name))!));
        }
    });

    [ChubbyOperation("SetContents", CallNumber.SetContents)]
    public static async ValueTask<ChubbyError> SetContents(ChubbyCall call)
    {
        var (handle, contents, generation) = Fields(call);
        if (contents.Length > CellLimits.FileBytesMax)
            return ChubbyError.LimitExceeded;
        return call.Answer(
            await call.Master.ChangeAsync(call, epoch => new SetContents(epoch, call.SessionId, handle, contents, generation)),
            static (result, reply) => CellCodec.Write(reply, result.Stat));

        static (long, byte[], long) Fields(ChubbyCall call)
        {
            var body = new JuteReader(call.Body);
            return (body.Long(), body.Buffer() ?? [], body.Long());
        }
    }

    [ChubbyOperation("SetACL", CallNumber.SetAcl)]
    public static async ValueTask<ChubbyError> SetAcl(ChubbyCall call)
    {
        var acl = Fields(call);
        return acl.Length > CellLimits.AclEntriesMax ? ChubbyError.LimitExceeded
            : call.Answer(await call.Master.ChangeAsync(call, epoch => new SetFileAcl(epoch, call.SessionId, call.HandleId, acl)));

        static AclEntry[] Fields(ChubbyCall call)
        {
            var body = new JuteReader(call.Body);
            body.Long();
            return body.Acl();
        }
    }

    [ChubbyOperation("Delete", CallNumber.Delete)]
    public static async ValueTask<ChubbyError> Delete(ChubbyCall call) =>
        call.Answer(await call.Master.ChangeAsync(call, epoch => new DeleteFile(epoch, call.SessionId, call.HandleId)));

    private static async ValueTask<ChubbyError> OpenAsync(ChubbyCall call, FileModes mayCreate)
    {
        var wish = Fields(call);
        if ((wish.Modes & FileModes.Create) != mayCreate)
            return ChubbyError.BadRequest;
        if (wish.Acl.Length > CellLimits.AclEntriesMax || wish.Contents is { Length: > CellLimits.FileBytesMax })
            return ChubbyError.LimitExceeded;
        return call.Answer(await call.Master.ProposeAsync(call, epoch => wish with { Epoch = epoch }), static (result, reply) =>
        {
            reply.Bool(result.IsNew);
            CellCodec.Write(reply, result.Stat);
        });

        static OpenFile Fields(ChubbyCall call)
        {
            var body = new JuteReader(call.Body);
            return OpenFile.Read(0, call.SessionId, ref body);
        }
    }

    private static async ValueTask<ChubbyError> ReadAsync(ChubbyCall call, FileModes needs, Action<TreeNode, JuteWriter> write)
    {
        if (!await call.Master.CatchUpAsync())
            return ChubbyError.NotMaster;
        if (call.Handle is not { } handle)
            return ChubbyError.InvalidHandle;
        if ((handle.Modes & needs) != needs)
            return ChubbyError.WrongMode;
        if (handle.Sequencer is { } sequencer && !call.Master.Files.IsValid(sequencer, call.Master.Tree))
            return ChubbyError.InvalidSequencer;
        write(call.Master.Tree.Find(handle.Path)!, call.Reply);
        return ChubbyError.Ok;
    }
}
