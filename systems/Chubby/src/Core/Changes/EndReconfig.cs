namespace Microcosm.Chubby;

/// <summary>
/// The leader has brought raft to the members that were asked for, and <c>/zookeeper/config</c> says so from here on; or, with an error,
/// it gave up.
/// </summary>
/// <param name="Origin">Of who asked for it, as <paramref name="Request"/>: another one may be under way by now.</param>
internal sealed record EndReconfig(long Origin, long Request, ZooError Error) : Change
{
    public override ChangeKind Kind => ChangeKind.EndReconfig;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (scope.State.Reconfig is not { } pending || (pending.Asker.Origin, pending.Asker.Request) != (Origin, Request))
            return new(ZooError.NoNode);
        scope.State.Reconfig = null;
        if (Error != ZooError.Ok)
            return new(Error);
        var node = scope.SetConfig(pending.Target.Servers);
        return new(ZooError.Ok) { Stat = node.Stat, Data = node.Data };
    }

    public override void Write(JuteWriter writer)
    {
        writer.Long(Origin);
        writer.Long(Request);
        writer.Int((int)Error);
    }
}
