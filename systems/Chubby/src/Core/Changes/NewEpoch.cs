namespace Microcosm.Chubby;

/// <summary>A new leader's first change: zxids go on in the next epoch, as in Zab.</summary>
/// <param name="Founders">The members as the cell begins with them, for <c>/zookeeper/config</c>; empty for a cell of one.</param>
internal sealed record NewEpoch(string Founders = "") : Change
{
    public override ChangeKind Kind => ChangeKind.NewEpoch;

    public override ChangeResult Apply(ChangeScope scope)
    {
        if (Founders.Length > 0 && scope.State.Config.IsStandalone)
            scope.SetConfig(CellConfig.Parse(Founders).Servers);
        return default;
    }

    // Logs of before have nothing here.
    public static NewEpoch Read(ref JuteReader reader) => new(reader.Remaining == 0 ? "" : reader.String());

    public override void Write(JuteWriter writer) => writer.String(Founders);
}
