using Microcosm.Chubby.Client;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>
/// A member's part in Chubby's own API while it leads: leases, events, caches, waits. Invariants: nothing is changed before every session
/// that may have it cached has forgotten it or is gone; a lease is granted only by who led after the client asked.
/// </summary>
internal sealed class CellMaster
{
    private readonly CellMember _member;
    private readonly RandomStream _ids;
    private readonly SortedDictionary<long, MasterSession> _sessions = [];
    private readonly List<TaskCompletionSource> _recovering = [];
    private long _epoch;
    private long _taking;

    public CellMaster(CellMember member, long start)
    {
        _member = member;
        _ids = member.Context.Seed.Stream($"chubby/sessions/{start}");
        Waits = new LockWaits(this);
    }

    public NodeContext Context => _member.Context;

    public CellFiles Files => _member.State.Files;

    public NodeTree Tree => _member.State.Tree;

    public LockWaits Waits { get; }

    public CacheTable Caches { get; private set; } = new();

    public long NowMs => _member.NowMs;

    /// <summary>The term in which this member is master; 0 while it is none.</summary>
    public long Epoch => IsMaster ? _epoch : 0;

    public bool HasSession(long id) => _sessions.ContainsKey(id);

    private bool IsMaster =>
        _epoch != 0 && _member.Replica is { IsLeader: true } replica && replica.Term == _epoch && Files.Epoch == _epoch;

    public void After(long delayMs, Action action) => _member.After((int)delayMs, action);

    // async void: a cell that does not agree is asked again when it has a leader.
    public async void OnLeadershipChanged()
    {
        var (isLeader, term) = (_member.Replica.IsLeader, _member.Replica.Term);
        if (isLeader && _epoch == term)
            return;
        StepDown();
        if (!isLeader)
            return;
        _taking = term;
        var taken = await ProposeAsync(new TakeOver(term), []);
        _taking = 0;
        if (taken.Error != ChubbyError.Ok)
            return;
        if (!_member.Replica.IsLeader || _member.Replica.Term != term || Files.Epoch != term)
            return;
        _epoch = term;
        // They may have cached what the last master let them (OSDI'06 2.9, step 5).
        foreach (var session in _member.State.Sessions.All.Where(IsOwn))
            _sessions.Add(session.Id, new MasterSession(session.Id, isFlushed: false));
    }

    /// <summary>A change was applied here, by whichever face it was asked for.</summary>
    public void Applied(AppliedChange applied)
    {
        if (_epoch == 0)
            return;
        if (applied.Change is OpenSession && _member.State.Sessions.Find(applied.Header.SessionId) is { } opened && IsOwn(opened))
            _sessions.TryAdd(opened.Id, new MasterSession(opened.Id, isFlushed: true));
        foreach (var id in applied.ClosedSessions)
            Closed(id);
        foreach (var (session, handle, kind, child) in Files.Happened)
            Tell(session, new MasterNotice(0, handle, kind, child));
        // Who changes a file by this API has emptied the caches before; ZooKeeper's face has not.
        foreach (var (kind, path) in applied.Events)
        {
            if (kind is TreeEventKind.NodeDataChanged or TreeEventKind.NodeDeleted)
                Invalidate(path);
        }
        Waits.Look();
    }

    public void Tick()
    {
        if (_epoch == 0 && _taking == 0 && _member.Replica.IsLeader)
            OnLeadershipChanged();
        foreach (var session in _sessions.Values)
            AnswerIfDue(session);
    }

    public void Forget(CellConnection connection) => Waits.End(connection);

    public async ValueTask<ChubbyError> OpenSessionAsync(ChubbyCall call)
    {
        if (!IsMaster)
            return ChubbyError.NotMaster;
        // Not to be guessed, and not like ZooKeeper's, which begin with the member's number.
        var id = ((long)_ids.NextUInt64() & 0x3fff_ffff_ffff_ffff) | 0x2000_0000_0000_0000;
        var lease = _member.Options.LeaseMs;
        var password = new byte[16];
        _ids.NextBytes(password);
        var applied = await _member.TryApplyAsync(new ChangeHeader(NowMs, id, 0, 0, []), new OpenSession(password, lease));
        if (applied is not { Result.Error: ZooError.Ok } || !IsMaster)
            return ChubbyError.NotMaster;
        call.Reply.Long(id);
        call.Reply.Int(lease);
        return ChubbyError.Ok;
    }

    public async ValueTask<ChubbyError> CloseSessionAsync(ChubbyCall call)
    {
        if (!IsMaster)
            return ChubbyError.NotMaster;
        if (_sessions.ContainsKey(call.SessionId))
            await _member.TryApplyAsync(new ChangeHeader(NowMs, call.SessionId, 0, 0, []), new CloseSession());
        return ChubbyError.Ok;
    }

    public async ValueTask<ChubbyError> KeepAliveAsync(ChubbyCall call, long acknowledged)
    {
        if (!IsMaster)
            return ChubbyError.NotMaster;
        if (!_sessions.TryGetValue(call.SessionId, out var session))
            return ChubbyError.SessionExpired;
        if (call.Epoch == _epoch)
        {
            session.Acknowledge(acknowledged);
            session.IsFlushed = true;
            LookWhoIsLeft();
        }
        // A client has one under way; an earlier one came by a connection that it has given up.
        session.Answer?.TrySetResult(false);
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        (session.KeepAlive, session.Answer) = (call, answer);
        AnswerIfDue(session);
        if (!await answer.Task)
            return _sessions.ContainsKey(call.SessionId) || !IsMaster ? ChubbyError.NotMaster : ChubbyError.SessionExpired;
        return await GrantAsync(call, session);
    }

    /// <summary>What is read now is what the cell has agreed on; false if this member does not lead any more.</summary>
    public async ValueTask<bool> CatchUpAsync()
    {
        if (!IsMaster)
            return false;
        try
        {
            await _member.Replica.ReadAsync(CancellationToken.None);
        }
        catch (ConsensusException)
        {
            return false;
        }
        return IsMaster;
    }

    /// <summary>True if a session may cache a file that it reads in this turn: it will be told before it changes.</summary>
    public bool TryLetCache(long session, string path) =>
        _sessions.TryGetValue(session, out var own) && own.IsFlushed && Caches.TryAdd(path, session);

    /// <summary>Puts a change before the cell that touches no cached file.</summary>
    public async ValueTask<CellReply> ProposeAsync(ChubbyCall call, Func<long, CellChange> change) =>
        IsMaster ? await ProposeAsync(change(_epoch), call.Connection.Identities) : new CellReply(ChubbyError.NotMaster);

    /// <summary>The same for a change of the handle's file: first every cache forgets it.</summary>
    public async ValueTask<CellReply> ChangeAsync(ChubbyCall call, Func<long, CellChange> change)
    {
        if (call.Handle is not { Path: var path })
            return new CellReply(ChubbyError.InvalidHandle);
        var (epoch, caches) = (_epoch, Caches);
        if (!Bug.IsPlanted("chubby/cached-while-changed"))
            caches.BeginChange(path);
        try
        {
            while (IsMaster && !Bug.IsPlanted("chubby/new-master-does-not-wait") && _sessions.Values.Any(s => !s.IsFlushed))
                await RecoveredAsync();
            Invalidate(path);
            if (!Bug.IsPlanted("chubby/write-before-caches-forget"))
            {
                foreach (var taken in caches.Unforgotten(path))
                    await taken;
            }
            return IsMaster && epoch == _epoch ? await ProposeAsync(change(epoch), call.Connection.Identities)
                : new CellReply(ChubbyError.NotMaster);
        }
        finally
        {
            caches.EndChange(path);
        }
    }

    private static bool IsOwn(ClientSession session) => session.Owner == 0;

    private async ValueTask<ChubbyError> GrantAsync(ChubbyCall call, MasterSession session)
    {
        // The lease counts from before the question whether this member still leads: whoever leads next does so later (2.9).
        var (from, heldUs) = (_member.LeaseClockMs, (long)Context.Clock.GetElapsedTime(call.ReceivedAt).TotalMicroseconds);
        if (!await CatchUpAsync())
            return ChubbyError.NotMaster;
        if (!_sessions.ContainsKey(session.Id) || !_member.Leases.Has(session.Id))
            return ChubbyError.SessionExpired;
        var lease = _member.State.Sessions.Find(session.Id)!.TimeoutMs;
        _member.Leases.Grant(session.Id, Bug.IsPlanted("chubby/lease-told-and-half-kept") ? lease / 2 : lease, from + 1);
        var reply = call.Reply;
        reply.Int(lease);
        reply.Long(heldUs);
        reply.Int(session.Notices.Count);
        foreach (var (number, handle, kind, text) in session.Notices)
        {
            reply.Long(number);
            reply.Long(handle);
            reply.Int((int)kind);
            reply.String(text);
        }
        session.Told();
        return ChubbyError.Ok;
    }

    private void AnswerIfDue(MasterSession session)
    {
        if (session.KeepAlive is not { } call)
            return;
        var lease = _member.State.Sessions.Find(session.Id)?.TimeoutMs ?? 0;
        var isNearlyOver = _member.Leases.LeftMs(session.Id, _member.LeaseClockMs) <= lease / 4;
        if (!isNearlyOver && !session.HasNews && call.Epoch == _epoch)
            return;
        session.Answer!.TrySetResult(true);
        (session.KeepAlive, session.Answer) = (null, null);
    }

    private void Invalidate(string path)
    {
        foreach (var id in Caches.Take(path))
        {
            if (!_sessions.TryGetValue(id, out var session))
                continue;
            Tell(id, CacheTable.Invalidation(path));
            Caches.CalledBack(path, session.TakenAsync());
        }
    }

    private void Tell(long id, MasterNotice notice)
    {
        if (!_sessions.TryGetValue(id, out var session))
            return;
        session.Tell(notice);
        AnswerIfDue(session);
    }

    private Task RecoveredAsync()
    {
        var recovered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _recovering.Add(recovered);
        return recovered.Task;
    }

    private void LookWhoIsLeft()
    {
        if (_recovering.Count == 0 || _sessions.Values.Any(s => !s.IsFlushed))
            return;
        foreach (var recovered in _recovering)
            recovered.SetResult();
        _recovering.Clear();
    }

    private void Closed(long id)
    {
        if (!_sessions.Remove(id, out var session))
            return;
        Caches.Forget(id);
        session.Acknowledge(long.MaxValue);
        session.Answer?.TrySetResult(false);
        LookWhoIsLeft();
    }

    private void StepDown()
    {
        _epoch = 0;
        var sessions = _sessions.Values.ToArray();
        _sessions.Clear();
        foreach (var session in sessions)
        {
            session.Acknowledge(long.MaxValue);
            session.Answer?.TrySetResult(false);
        }
        Caches = new CacheTable();
        LookWhoIsLeft();
        Waits.End();
    }

    private async ValueTask<CellReply> ProposeAsync(CellChange change, Identity[] identities) =>
        // Proposed by a leader only: what is sent on to another one would come after that one's promises.
        !_member.Replica.IsLeader ? new CellReply(ChubbyError.NotMaster)
        : (await _member.TryApplyAsync(new ChangeHeader(NowMs, 0, 0, 0, identities), change))?.Result.Cell
            ?? new CellReply(ChubbyError.OutcomeUnknown);
}
