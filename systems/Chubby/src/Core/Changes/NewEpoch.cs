namespace Microcosm.Chubby;

/// <summary>A new leader's first change: zxids go on in the next epoch, as in Zab.</summary>
internal sealed record NewEpoch : Change
{
    public override ChangeKind Kind => ChangeKind.NewEpoch;

    public override ChangeResult Apply(ChangeScope scope) => default;

    public override void Write(JuteWriter writer)
    {
    }
}
