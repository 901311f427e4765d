namespace Microcosm.Nginx;

/// <summary>A server block while it is read. Its root location holds what stands on the server's own level.</summary>
internal sealed class ServerDraft
{
    public ServerDraft(Level outer, Contexts context, string place)
    {
        Place = place;
        Root = new LocationDraft(null, "", LocationKind.Server, new Level(outer, context) { Server = this });
        Root.Level.Location = Root;
    }

    /// <summary>Where the block begins.</summary>
    public string Place { get; }

    public Level Level => Root.Level;

    public LocationDraft Root { get; }

    public List<ServerName> Names { get; } = [];

    public bool HasListen { get; set; }
}
