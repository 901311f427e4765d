using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// Options of a cell, named and spelled as in zoo.cfg. Defaults are those of ZooKeeper 3.8, but that more is allowed, since a world is for
/// tests: all four-letter words, nodes with a TTL, read-only members, reconfig, any number of connections from one
/// address.
/// </summary>
public sealed class ChubbyOptions
{
    /// <summary>The version that members say they are; behaviour is judged against it.</summary>
    public const string Version = "3.8.0";

    private readonly Dictionary<string, string> _saslUsers = new(StringComparer.Ordinal);

    /// <summary><c>replicas</c>: members of the cell: 1, 3 or 5. Chubby's own; zoo.cfg lists servers instead.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary><c>observers</c>: members beside the replicas that follow without a vote, 0 to 9. Chubby's own; zoo.cfg says
    /// <c>server.N=…:observer</c>.</summary>
    public int Observers { get; set; }

    /// <summary><c>standaloneEnabled</c>: a cell of one is no ensemble: it cannot be reconfigured, and no cell is made one of
    /// one.</summary>
    public bool StandaloneEnabled { get; set; } = true;

    /// <summary><c>reconfigEnabled</c></summary>
    public bool ReconfigEnabled { get; set; } = true;

    /// <summary><c>enforceQuota</c>: hard limits of quotas are kept, soft ones are warned of; otherwise quotas only count.</summary>
    public bool EnforceQuota { get; set; }

    /// <summary><c>tickTime</c>, milliseconds.</summary>
    public int TickTime { get; set; } = 3000;

    /// <summary><c>minSessionTimeout</c>, milliseconds; two ticks where not set.</summary>
    public int MinSessionTimeout { get => field < 0 ? TickTime * 2 : field; set; } = -1;

    /// <summary><c>maxSessionTimeout</c>, milliseconds; twenty ticks where not set.</summary>
    [Limit("maxSessionTimeout")]
    public int MaxSessionTimeout { get => field < 0 ? TickTime * 20 : field; set; } = -1;

    /// <summary><c>maxClientCnxns</c>: connections from one address; 0 for any number.</summary>
    [Limit("maxClientCnxns")]
    public int MaxClientCnxns { get; set; }

    /// <summary><c>maxCnxns</c>: connections of a member; 0 for any number.</summary>
    [Limit("maxCnxns")]
    public int MaxCnxns { get; set; } = 20_000;

    /// <summary><c>snapCount</c>: changes from one snapshot of a member to the next.</summary>
    public int SnapCount { get; set; } = 100_000;

    /// <summary><c>jute.maxbuffer</c>: the largest packet, bytes.</summary>
    [Limit("jute.maxbuffer")]
    public int JuteMaxBuffer { get; set; } = 0xfffff;

    /// <summary><c>4lw.commands.whitelist</c>: words, or <c>*</c>.</summary>
    public string FourLetterWordsWhitelist { get; set; } = "*";

    /// <summary><c>zookeeper.extendedTypesEnabled</c>: nodes with a TTL.</summary>
    public bool ExtendedTypesEnabled { get; set; } = true;

    /// <summary><c>readonlymode.enabled</c>: a member without a majority serves clients that will do with it.</summary>
    public bool ReadOnlyModeEnabled { get; set; } = true;

    /// <summary><c>zookeeper.skipACL</c></summary>
    public bool SkipAcl { get; set; }

    /// <summary><c>zookeeper.DigestAuthenticationProvider.superDigest</c>: <c>user:digest</c> of who may do everything; empty for
    /// nobody.</summary>
    public string SuperDigest { get; set; } = "";

    /// <summary><c>user_NAME</c>, as in the section Server of a JAAS file: the password of a user of SASL. Without any,
    /// SASL is refused.</summary>
    public IReadOnlyDictionary<string, string> SaslUsers => _saslUsers;

    /// <summary><c>zookeeper.superUser</c>: the user of SASL who may do everything; empty for nobody.</summary>
    public string SuperUser { get; set; } = "";

    /// <summary><c>leaseMs</c>: how long a session of Chubby's own API lives without a KeepAlive; the paper's 12 s.</summary>
    public int LeaseMs { get; set; } = 12_000;

    /// <summary><c>znode.container.checkIntervalMs</c></summary>
    public int ContainerCheckIntervalMs { get; set; } = 60_000;

    internal int Nodes => Replicas + Observers;

    internal bool IsStandalone => StandaloneEnabled && Nodes == 1;

    /// <summary>Gives a user of SASL a password.</summary>
    public void AddSaslUser(string name, string password) => _saslUsers[name] = password;

    /// <summary>Sets an option by its name. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value) => OptionTable.Set(this, name, value);
}
