namespace Microcosm.Redis;

/// <summary>What the Inside page shows of one server: a copy, taken on the node's executor in one turn.</summary>
/// <param name="NowMs">The node's clock, Unix milliseconds.</param>
/// <param name="UsedMemory">Bytes that keys hold.</param>
/// <param name="CommandsProcessed">Since the start.</param>
/// <param name="Databases">Those that have keys.</param>
/// <param name="Clients">Connected clients, by id.</param>
/// <param name="Log">The append-only file, or null without one.</param>
internal sealed record RedisInside(
    long NowMs, long UsedMemory, long CommandsProcessed, IReadOnlyList<DatabaseInside> Databases, IReadOnlyList<ClientInside> Clients,
    AppendOnlyFileInside? Log)
{
    /// <summary>Reads a server. Cost is linear in the number of keys: for a page that a person looks at.</summary>
    public static RedisInside Read(RedisServer server, AppendOnlyFile? log = null) => new(
        server.NowMs,
        server.UsedMemory(),
        server.Stats.CommandsProcessed,
        [.. server.Databases.Where(d => d.Count > 0).Select(DatabaseInside.Read)],
        [.. server.Clients.Values.Select(ClientInside.Read)],
        log?.Inside());
}
