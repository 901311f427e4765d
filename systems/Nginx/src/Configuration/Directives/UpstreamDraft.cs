namespace Microcosm.Nginx;

/// <summary>An upstream while the configuration is read: declared by a block, or made by a proxy_pass to an address.</summary>
internal sealed class UpstreamDraft(string host, int port, string place)
{
    public string Host { get; } = host;

    /// <summary>0 for a declared one, or where the URL has none.</summary>
    public int Port { get; set; } = port;

    /// <summary>Where it is declared, or first used.</summary>
    public string Place { get; set; } = place;

    public bool IsDeclared { get; set; }

    public bool HasNoPort { get; init; }

    public List<UpstreamServer> Servers { get; } = [];

    public BalancingPolicy? Policy { get; set; }

    public SharedZone? Zone { get; set; }

    public Level? Level { get; set; }

    /// <summary>What the policy takes from a server's parameters.</summary>
    public bool AllowsBackup { get; set; } = true;

    public bool AllowsWeight { get; set; } = true;

    /// <summary>The level it is first used from, whose resolver counts.</summary>
    public Level? UsedFrom { get; init; }

    /// <summary>The finished upstream, once it is made.</summary>
    public Upstream? Made { get; set; }
}
