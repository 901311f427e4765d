using System.Globalization;

namespace Microcosm.Chubby;

/// <summary>
/// The members of a cell. <c>/zookeeper/config</c> shows them to clients, and is not read: who may write to it changes nothing. None are
/// those of a cell of one, which cannot be reconfigured, as ZooKeeper's standalone mode cannot.
/// </summary>
/// <param name="servers">In any order.</param>
/// <param name="version">The zxid of the change that brought them.</param>
internal sealed class CellConfig(IEnumerable<CellServer> servers, long version = 0)
{
    public const string Path = "/zookeeper/config";

    // Of a raft group.
    private const int ServersMax = 1_000;

    /// <summary>By their numbers.</summary>
    public IReadOnlyList<CellServer> Servers { get; } = [.. servers.OrderBy(s => s.Id)];

    public long Version { get; } = version;

    public bool IsStandalone => Servers.Count == 0;

    public IEnumerable<long> Voters => Servers.Where(s => !s.IsObserver).Select(s => s.Id);

    public IEnumerable<long> Observers => Servers.Where(s => s.IsObserver).Select(s => s.Id);

    public CellServer? Find(long id) => Servers.FirstOrDefault(s => s.Id == id);

    /// <summary>Reads lines, or what stands between commas. Throws <see cref="ConfigRefusedException"/>.</summary>
    public static CellConfig Parse(string text)
    {
        var servers = new SortedDictionary<long, CellServer>();
        var version = 0L;
        foreach (var line in text.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Pair(line);
            if (key == "version")
            {
                version = long.TryParse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number
                    : throw new ConfigRefusedException(ZooError.MarshallingError, $"For input string: \"{value}\"");
                continue;
            }
            if (key.StartsWith("group.", StringComparison.Ordinal) || key.StartsWith("weight.", StringComparison.Ordinal))
                throw new ConfigRefusedException(ZooError.MarshallingError, "groups and weights are not known");
            if (!key.StartsWith("server.", StringComparison.Ordinal))
                throw new ConfigRefusedException(ZooError.BadArguments, $"Unrecognised parameter: {key}");
            var id = CellServer.IdOf(key["server.".Length..]);
            servers[id] = CellServer.Parse(id, value);
        }
        return new CellConfig(servers.Values, version);
    }

    /// <summary>What leaving and joining make of this; either list may be null. Throws
    /// <see cref="ConfigRefusedException"/>.</summary>
    public CellConfig With(string? joining, string? leaving)
    {
        var next = Servers.ToDictionary(s => s.Id);
        foreach (var id in Words(leaving))
            next.Remove(CellServer.IdOf(id));
        foreach (var word in Words(joining))
        {
            var parts = word.Split('=', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2)
                throw new ConfigRefusedException(ZooError.BadArguments, "Wrong format of server string");
            var id = CellServer.IdOf(parts[0][(parts[0].LastIndexOf('.') + 1)..]);
            var server = CellServer.Parse(id, parts[1]);
            if (server.Client is null)
            {
                throw new ConfigRefusedException(
                    ZooError.BadArguments, "Wrong format of server string - each server should have 3 ports specified");
            }
            if (next.Values.FirstOrDefault(s => s.Id != id && s.ConflictsWith(server)) is { } other)
                throw new ConfigRefusedException(ZooError.BadArguments, $"server.{id} conflicts server.{other.Id}");
            next[id] = server;
        }
        return new CellConfig(next.Values);
    }

    /// <summary>Throws <see cref="ConfigRefusedException"/> for fewer voters, or for more members than a cell can have.</summary>
    public CellConfig Checked(int votersMin)
    {
        if (Voters.Count() < votersMin)
        {
            throw new ConfigRefusedException(
                ZooError.BadArguments, $"Reconfig failed - new configuration must include at least {votersMin} followers");
        }
        return Servers.Count <= ServersMax ? this : throw new ConfigRefusedException(ZooError.BadArguments, "too many members");
    }

    /// <summary>As the node has it, with the version as the last line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Concat(Servers.Select(s => s + "\n"))}version={Version:x}");

    private static string[] Words(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // As Java's properties: "=" or ":" ends the key; a word alone is a key without a value.
    private static (string Key, string Value) Pair(string line)
    {
        var at = line.AsSpan().IndexOfAny('=', ':');
        return at < 0 ? (line, "") : (line[..at].TrimEnd(), line[(at + 1)..].TrimStart());
    }
}
