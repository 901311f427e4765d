namespace Microcosm.Chubby;

/// <summary>
/// Other members: some that join or leave, or all of them by name. Carried out by <see cref="EndReconfig"/>, once the leader knows of a
/// majority of the new ones; until then further ones are refused. ZooKeeper asks for the right to do it last.
/// </summary>
/// <param name="FromConfig">The version that it is meant for; -1 for any.</param>
/// <param name="VotersMin">How many voters must be left.</param>
internal sealed record Reconfigure(string? Joining, string? Leaving, string? NewMembers, long FromConfig, int VotersMin) : Change
{
    public override ChangeKind Kind => ChangeKind.Reconfigure;

    public override ChangeResult Apply(ChangeScope scope)
    {
        var state = scope.State;
        if (state.Reconfig is not null)
            return new(ZooError.ReconfigInProgress);
        if (FromConfig != -1 && FromConfig != state.Config.Version)
            return new(ZooError.BadVersion);
        CellConfig target;
        try
        {
            target = (NewMembers is null ? state.Config.With(Joining, Leaving) : CellConfig.Parse(NewMembers))
                .Checked(VotersMin);
        }
        catch (ConfigRefusedException e)
        {
            return new(e.Error);
        }
        if (!scope.MayDo(Permissions.Write, scope.Tree.Find(CellConfig.Path)!))
            return new(ZooError.NoAuth);
        state.Reconfig = new PendingReconfig(scope.Header, target);
        return default;
    }

    public static Reconfigure Read(ref JuteReader reader) =>
        new(reader.StringOrNull(), reader.StringOrNull(), reader.StringOrNull(), reader.Long(), reader.Int());

    public override void Write(JuteWriter writer)
    {
        writer.StringOrNull(Joining);
        writer.StringOrNull(Leaving);
        writer.StringOrNull(NewMembers);
        writer.Long(FromConfig);
        writer.Int(VotersMin);
    }
}
