using System.Text;

namespace Microcosm.Redis;

/// <summary>One connected client.</summary>
/// <param name="Id">As CLIENT ID says.</param>
/// <param name="Name">CLIENT SETNAME, or empty.</param>
/// <param name="Database">Selected database.</param>
/// <param name="LastCommand">Its last command, or empty.</param>
/// <param name="BlockedOn">Keys that it waits for, in order; empty when it does not wait.</param>
/// <param name="Watched">Number of watched keys.</param>
/// <param name="Queued">Commands queued since MULTI, or -1 outside a transaction.</param>
/// <param name="Subscriptions">Channels and patterns.</param>
/// <param name="PendingBytes">Replies that have not left yet.</param>
internal sealed record ClientInside(
    long Id, string Name, int Database, string LastCommand, IReadOnlyList<string> BlockedOn, int Watched, int Queued, int Subscriptions,
    long PendingBytes)
{
    public static ClientInside Read(RedisClient client) => new(
        client.Id,
        client.Name,
        client.Db.Index,
        client.LastOperation?.Declaration.Name.ToLowerInvariant() ?? "",
        [.. client.Blocked?.Keys.Select(Encoding.UTF8.GetString) ?? []],
        client.Watched.Count,
        client.Multi?.Queue.Count ?? -1,
        client.Subscriptions,
        client.Transport?.PendingBytes ?? 0);
}
