using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Options of an etcd cluster, named as etcd's flags, with its defaults.</summary>
public sealed class EtcdOptions
{
    /// <summary>The version that members say they are; behaviour is judged against it.</summary>
    public const string Version = "3.4.23";

    private const int RequestBytesMax = 3 * 512 * 1024;

    /// <summary><c>replicas</c>: members of the cluster: 1, 3 or 5. Ours; etcd has <c>initial-cluster</c>.</summary>
    public int Replicas { get; set => field = InRange(value, 1, 5, "replicas"); } = 1;

    /// <summary>
    /// <c>spares</c>: nodes besides, which stand by. Ours; elsewhere a machine is set up. One that was added to the cluster
    /// (<c>etcdctl member add</c>) is started and joins in.
    /// </summary>
    public int Spares { get; set => field = InRange(value, 0, 8, "spares"); }

    /// <summary><c>initial-cluster-token</c>; goes into the numbers of founders and cluster.</summary>
    public string InitialClusterToken { get; set; } = "etcd-cluster";

    /// <summary><c>strict-reconfig-check</c>: changes of the members that would cost the majority are refused.</summary>
    public bool StrictReconfigCheck { get; set; } = true;

    /// <summary><c>max-request-bytes</c>; not above etcd's default of 1.5 MiB.</summary>
    [Limit("max-request-bytes")]
    public int MaxRequestBytes { get; set => field = InRange(value, 1, RequestBytesMax, "max-request-bytes"); } = RequestBytesMax;

    /// <summary><c>max-txn-ops</c></summary>
    [Limit("max-txn-ops")]
    public int MaxTxnOps { get; set => field = InRange(value, 1, int.MaxValue, "max-txn-ops"); } = 128;

    /// <summary><c>quota-backend-bytes</c>: what keys, values and their old versions may take; 0 for etcd's 2 GiB.</summary>
    public long QuotaBackendBytes { get => field == 0 ? 2L << 30 : field; set; }

    /// <summary><c>experimental-watch-progress-notify-interval</c>, seconds.</summary>
    public int WatchProgressNotifySeconds { get; set => field = InRange(value, 1, int.MaxValue, "interval"); } = 600;

    /// <summary><c>auth-token-ttl</c>, seconds: how long a token lives that is not used.</summary>
    public int AuthTokenTtlSeconds { get; set => field = InRange(value, 1, int.MaxValue, "auth-token-ttl"); } = 300;

    /// <summary><c>snapshot-count</c>: commands between two snapshots of the log.</summary>
    public int SnapshotCount { get; set => field = InRange(value, 1, int.MaxValue, "snapshot-count"); } = 100_000;

    /// <summary>Commands kept behind a snapshot for members that are late; etcd 3.4 has no flag for its 5,000.</summary>
    internal int SnapshotCatchUpEntries { get; set; } = 5_000;

    /// <summary><c>auth-token</c>: <c>simple</c>, or <c>jwt,sign-method=RS256,pub-key=FILE,priv-key=FILE,ttl=5m</c> with a method of
    /// RS, PS, ES or HS and 256, 384 or 512.</summary>
    public string AuthToken { get; set; } = "simple";

    /// <summary><c>bcrypt-cost</c>: work to hash and to compare a password; each step doubles it. The node waits for it.</summary>
    public int BcryptCost { get; set => field = InRange(value, 4, 31, "bcrypt-cost"); } = 10;

    /// <summary>
    /// <c>snapshot-file</c>: what <c>etcdctl snapshot save</c> wrote, of a real etcd too; new members begin with its state, and all must
    /// find the same one. Ours, in place of <c>etcdctl snapshot restore</c>.
    /// </summary>
    public string SnapshotFile { get; set; } = "";

    /// <summary><c>cert-file</c>: certificate of the members, PEM, those above it behind it; clients then need TLS.</summary>
    public string CertFile { get; set; } = "";

    /// <summary><c>key-file</c>: its private key, PEM.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary><c>trusted-ca-file</c>: who signs clients' certificates, PEM; clients then need one, as in etcd.</summary>
    public string TrustedCaFile { get; set; } = "";

    /// <summary><c>client-cert-auth</c>: clients need a certificate, and its common name is their user where they have no token.</summary>
    public bool ClientCertAuth { get; set; }

    internal string Scheme => CertFile.Length > 0 ? "https" : "http";

    /// <summary><c>heartbeat-interval</c>, ms; read-only: leases are at least fifteen of them, rounded up to seconds.</summary>
    internal const int HeartbeatMs = 100;

    internal static long LeaseTtlMinSeconds => ((15 * HeartbeatMs) + 999) / 1000;

    /// <summary>Sets an option by its flag. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "replicas":
                Replicas = (int)Number(name, value);
                break;
            case "spares":
                Spares = (int)Number(name, value);
                break;
            case "initial-cluster-token":
                InitialClusterToken = value;
                break;
            case "strict-reconfig-check":
                StrictReconfigCheck = bool.TryParse(value, out var isStrict) ? isStrict
                    : throw new ArgumentException($"invalid boolean value \"{value}\" for -{name}: parse error");
                break;
            case "max-request-bytes":
                MaxRequestBytes = (int)Number(name, value);
                break;
            case "max-txn-ops":
                MaxTxnOps = (int)Number(name, value);
                break;
            case "quota-backend-bytes":
                QuotaBackendBytes = Number(name, value);
                break;
            case "experimental-watch-progress-notify-interval":
                WatchProgressNotifySeconds = (int)Number(name, value.TrimEnd('s'));
                break;
            case "auth-token-ttl":
                AuthTokenTtlSeconds = (int)Number(name, value);
                break;
            case "snapshot-count":
                SnapshotCount = (int)Number(name, value);
                break;
            case "auth-token":
                AuthToken = value;
                break;
            case "bcrypt-cost":
                BcryptCost = (int)Number(name, value);
                break;
            case "snapshot-file":
                SnapshotFile = value;
                break;
            case "cert-file":
                CertFile = value;
                break;
            case "key-file":
                KeyFile = value;
                break;
            case "trusted-ca-file":
                TrustedCaFile = value;
                break;
            case "client-cert-auth":
                ClientCertAuth = bool.TryParse(value, out var isOn) ? isOn
                    : throw new ArgumentException($"invalid boolean value \"{value}\" for -{name}: parse error");
                break;
            default:
                throw new ArgumentException($"flag provided but not defined: -{name}");
        }
    }

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue * 64L ? number
            : throw new ArgumentException($"invalid value \"{value}\" for flag -{name}: parse error");

    private static int InRange(int value, int min, int max, string name) =>
        value >= min && value <= max ? value
            : throw new ArgumentException($"invalid value \"{value}\" for flag -{name}: must be between {min} and {max}");
}
