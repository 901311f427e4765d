using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// A change that Chubby's own API asks for. It was vetted by the master of an epoch, who has emptied the caches that it touches; once
/// another master has taken over it is void, since that one may have let clients cache anew.
/// </summary>
internal abstract record CellChange(long Epoch, long Session) : Change
{
    public sealed override ChangeKind Kind => ChangeKind.Cell;

    public abstract CellChangeKind CellKind { get; }

    public sealed override ChangeResult Apply(ChangeScope scope)
    {
        var files = scope.State.Files;
        var reply = this switch
        {
            not TakeOver when Epoch != files.Epoch => new CellReply(ChubbyError.NotMaster),
            not TakeOver when scope.State.Sessions.Find(Session) is null => new CellReply(ChubbyError.SessionExpired),
            _ => Decide(files, scope),
        };
        return new ChangeResult(ZooError.Ok) { Cell = reply };
    }

    public sealed override void Write(JuteWriter writer)
    {
        writer.Byte((byte)CellKind);
        writer.Long(Epoch);
        writer.Long(Session);
        WriteFields(writer);
    }

    protected abstract CellReply Decide(CellFiles files, ChangeScope scope);

    protected abstract void WriteFields(JuteWriter writer);

    public static CellChange Read(ref JuteReader reader)
    {
        var kind = (CellChangeKind)reader.Byte();
        var (epoch, session) = (reader.Long(), reader.Long());
        return kind switch
        {
            CellChangeKind.TakeOver => new TakeOver(epoch),
            CellChangeKind.Open => OpenFile.Read(epoch, session, ref reader),
            CellChangeKind.Close => new CloseFile(epoch, session, reader.Long()),
            CellChangeKind.Acquire => new AcquireLock(epoch, session, reader.Long(), (LockMode)reader.Int(), reader.Bool()),
            CellChangeKind.Release => new ReleaseLock(epoch, session, reader.Long()),
            CellChangeKind.SetSequencer => new SetSequencer(epoch, session, reader.Long(), CellCodec.ReadSequencer(ref reader)),
            CellChangeKind.SetContents => new SetContents(epoch, session, reader.Long(), reader.Buffer() ?? [], reader.Long()),
            CellChangeKind.SetAcl => new SetFileAcl(epoch, session, reader.Long(), reader.Acl()),
            CellChangeKind.Delete => new DeleteFile(epoch, session, reader.Long()),
            _ => throw new JuteException($"a change of the unknown kind {kind}"),
        };
    }
}
