using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Locks and sequencers (OSDI'06 2.4).</summary>
internal static class LockOperations
{
    /// <summary>Waits until the lock is this handle's.</summary>
    [ChubbyOperation("Acquire", CallNumber.Acquire)]
    public static async ValueTask<ChubbyError> Acquire(ChubbyCall call)
    {
        for (var isRepeat = false; ; isRepeat = true)
        {
            var reply = await TryAsync(call, isRepeat);
            if (reply.Error is not (ChubbyError.LockHeld or ChubbyError.LockDelayed) || call.Connection.IsClosed)
                return call.Answer(reply, Write);
            await call.Master.Waits.WaitAsync(call, Mode(call), reply.WaitMs);
        }
    }

    [ChubbyOperation("TryAcquire", CallNumber.TryAcquire)]
    public static async ValueTask<ChubbyError> TryAcquire(ChubbyCall call) => call.Answer(await TryAsync(call, false), Write);

    [ChubbyOperation("Release", CallNumber.Release)]
    public static async ValueTask<ChubbyError> Release(ChubbyCall call) =>
        call.Answer(await call.Master.ProposeAsync(call, epoch => new ReleaseLock(epoch, call.SessionId, call.HandleId)));

    [ChubbyOperation("GetSequencer", CallNumber.GetSequencer)]
    public static async ValueTask<ChubbyError> GetSequencer(ChubbyCall call)
    {
        if (!await call.Master.CatchUpAsync())
            return ChubbyError.NotMaster;
        if (call.Handle is not { } handle)
            return ChubbyError.InvalidHandle;
        if (call.Master.Files.LockOf(handle.Path) is not { } held || !held.Holders.Contains(handle.Key))
            return ChubbyError.NotHeld;
        CellCodec.Write(call.Reply, new Sequencer(handle.Path, handle.Instance, held.Mode, held.Generation));
        return ChubbyError.Ok;
    }

    [ChubbyOperation("SetSequencer", CallNumber.SetSequencer)]
    public static async ValueTask<ChubbyError> SetSequencer(ChubbyCall call)
    {
        var sequencer = Fields(call);
        return call.Answer(await call.Master.ProposeAsync(call,
            epoch => new SetSequencer(epoch, call.SessionId, call.HandleId, sequencer)));

        static Sequencer Fields(ChubbyCall call)
        {
            var body = new JuteReader(call.Body);
            body.Long();
            return CellCodec.ReadSequencer(ref body);
        }
    }

    [ChubbyOperation("CheckSequencer", CallNumber.CheckSequencer)]
    public static async ValueTask<ChubbyError> CheckSequencer(ChubbyCall call)
    {
        var sequencer = Fields(call);
        if (!await call.Master.CatchUpAsync())
            return ChubbyError.NotMaster;
        return call.Master.Files.IsValid(sequencer, call.Master.Tree) ? ChubbyError.Ok : ChubbyError.InvalidSequencer;

        static Sequencer Fields(ChubbyCall call)
        {
            var body = new JuteReader(call.Body);
            return CellCodec.ReadSequencer(ref body);
        }
    }

    // The lock generation stands in the stat that clients cache: they forget it first.
    private static ValueTask<CellReply> TryAsync(ChubbyCall call, bool isRepeat)
    {
        var mode = Mode(call);
        return call.Master.ChangeAsync(call, epoch => new AcquireLock(epoch, call.SessionId, call.HandleId, mode, isRepeat));
    }

    private static LockMode Mode(ChubbyCall call)
    {
        var body = new JuteReader(call.Body);
        body.Long();
        return (LockMode)body.Int();
    }

    private static void Write(CellReply result, JuteWriter reply) => reply.Long(result.Generation);
}
