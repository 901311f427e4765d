using System.Text;
using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>The replicated state alone, stepped by changes. Every step also goes through the log's form and the state's.</summary>
internal sealed class CoreCell
{
    public CoreCell()
    {
        Apply(0, new TakeOver(1));
        Session(1);
        Session(2);
    }

    public CellState State { get; private set; } = new(new AccessRules());

    /// <summary>The time that the next change tells.</summary>
    public long NowMs { get; set; } = 1_000;

    public string[] Happened { get; private set; } = [];

    public void Session(long id) => Apply(id, new OpenSession(new byte[16], 12_000));

    public void Lose(long id) => Apply(0, new ExpireSession(id, State.Sessions.Find(id)!.RenewedZxid));

    public void End(long id) => Apply(id, new CloseSession());

    public CellReply Open(long session, long handle, string path, FileModes modes = FileModes.Read | FileModes.Write,
        ChubbyEvents events = ChubbyEvents.None, int lockDelayMs = 0, string contents = "") =>
        Do(new OpenFile(1, session, handle, path, modes, events, lockDelayMs, Encoding.UTF8.GetBytes(contents), []));

    public CellReply Create(long session, long handle, string path, FileModes more = FileModes.None,
        ChubbyEvents events = ChubbyEvents.None, int lockDelayMs = 0, string contents = "") =>
        Open(session, handle, path, FileModes.Read | FileModes.Write | FileModes.Create | more, events, lockDelayMs, contents);

    public CellReply Write(long session, long handle, string contents, long generation = -1) =>
        Do(new SetContents(1, session, handle, Encoding.UTF8.GetBytes(contents), generation));

    public CellReply Acquire(long session, long handle, LockMode mode = LockMode.Exclusive) =>
        Do(new AcquireLock(1, session, handle, mode, false));

    public CellReply Do(CellChange change) => Apply(0, change).Result.Cell!;

    public AppliedChange Apply(long session, Change change)
    {
        var header = new ChangeHeader(NowMs, session, 0, 0, []);
        var (_, read) = ChangeCodec.Decode(ChangeCodec.Encode(header, change));
        var applied = State.Apply(header, read);
        Happened = [.. State.Files.Happened.Select(h =>
            $"{h.Session}.{h.Handle} {h.Kind}" + (h.Child.Length == 0 ? "" : " " + h.Child))];
        var saved = StateCodec.Save(State);
        State = StateCodec.Restore(saved, State.Access);
        Assert.Equal(saved, StateCodec.Save(State));
        return applied;
    }

    public Sequencer SequencerOf(string path)
    {
        var held = State.Files.LockOf(path)!;
        return new Sequencer(path, State.Tree.Find(path)!.Czxid, held.Mode, held.Generation);
    }

    public bool IsValid(Sequencer sequencer) => State.Files.IsValid(sequencer, State.Tree);
}
