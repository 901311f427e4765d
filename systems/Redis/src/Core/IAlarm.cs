namespace Microcosm.Redis;

/// <summary>One alarm for all that is due at a time: expiry, blocked clients, periodic work.</summary>
internal interface IAlarm
{
    /// <summary>Asks to be woken (<see cref="RedisServer.Wake"/>) at <paramref name="atMs"/> (Unix milliseconds) or sooner.</summary>
    void Arm(long atMs);
}
