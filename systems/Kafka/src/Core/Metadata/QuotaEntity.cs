namespace Microcosm.Kafka;

/// <summary>
/// Whose quota it is (KIP-546): parts of type <c>user</c>, <c>client-id</c> or <c>ip</c>; a null name is the type's default.
/// </summary>
internal static class QuotaEntity
{
    private const char Between = '\u0001';

    /// <summary>One text for one entity, whatever the parts' order.</summary>
    public static string Key(IEnumerable<(string Type, string? Name)> parts) => string.Join(
        Between, parts.OrderBy(p => p.Type, StringComparer.Ordinal).Select(p => p.Name is null ? $"{p.Type}!" : $"{p.Type}={p.Name}"));

    public static IEnumerable<(string Type, string? Name)> Parts(string key) => key.Split(Between)
        .Select(p => p.IndexOf('=') is var at && at < 0 ? (p[..^1], null) : (p[..at], (string?)p[(at + 1)..]));
}
