namespace Microcosm.Redis;

/// <summary>One option: how it is read and set as text. <see cref="Set"/> returns null, or the problem in Redis' words.</summary>
internal sealed record RedisOption(string Name, Func<RedisOptions, string> Get, Func<RedisOptions, string, string?> Set)
{
    /// <summary>Older name, still accepted.</summary>
    public string? Alias { get; init; }

    /// <summary>Only at the start, not by CONFIG SET.</summary>
    public bool IsImmutable { get; init; }
}
