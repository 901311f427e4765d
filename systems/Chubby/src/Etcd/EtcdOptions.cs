using System.Globalization;

namespace Microcosm.Chubby.Etcd;

/// <summary>Options of an etcd cluster, named as etcd's flags, with its defaults.</summary>
public sealed class EtcdOptions
{
    /// <summary>The version that members say they are; behaviour is judged against it.</summary>
    public const string Version = "3.4.23";

    private const int RequestBytesMax = 3 * 512 * 1024;

    /// <summary><c>replicas</c>: members of the cluster: 1, 3 or 5. Ours; etcd has <c>initial-cluster</c>.</summary>
    public int Replicas { get; set => field = InRange(value, 1, 5, "replicas"); } = 1;

    /// <summary><c>max-request-bytes</c>; not above etcd's default of 1.5 MiB.</summary>
    public int MaxRequestBytes { get; set => field = InRange(value, 1, RequestBytesMax, "max-request-bytes"); } = RequestBytesMax;

    /// <summary><c>max-txn-ops</c></summary>
    public int MaxTxnOps { get; set => field = InRange(value, 1, int.MaxValue, "max-txn-ops"); } = 128;

    /// <summary><c>quota-backend-bytes</c>: what keys, values and their old versions may take; 0 for etcd's 2 GiB.</summary>
    public long QuotaBackendBytes { get => field == 0 ? 2L << 30 : field; set; }

    /// <summary><c>experimental-watch-progress-notify-interval</c>, seconds.</summary>
    public int WatchProgressNotifySeconds { get; set => field = InRange(value, 1, int.MaxValue, "interval"); } = 600;

    /// <summary><c>auth-token-ttl</c>, seconds: how long a token lives that is not used.</summary>
    public int AuthTokenTtlSeconds { get; set => field = InRange(value, 1, int.MaxValue, "auth-token-ttl"); } = 300;

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
