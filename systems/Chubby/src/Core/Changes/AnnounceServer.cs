namespace Microcosm.Chubby;

/// <summary>A member tells where its clients come. The configuration is the same one: its version stays, and nobody is told.</summary>
internal sealed record AnnounceServer(long Id, string Client) : Change
{
    public override ChangeKind Kind => ChangeKind.AnnounceServer;

    public override ChangeResult Apply(ChangeScope scope)
    {
        var config = scope.State.Config;
        if (config.Find(Id) is not { } server)
            return new(ZooError.NoNode);
        scope.Show(new CellConfig(config.Servers.Where(s => s.Id != Id).Append(server with { Client = Client }), config.Version));
        return default;
    }

    public override void Write(JuteWriter writer)
    {
        writer.Long(Id);
        writer.String(Client);
    }
}
