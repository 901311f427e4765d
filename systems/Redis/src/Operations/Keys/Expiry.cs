namespace Microcosm.Redis;

/// <summary>
/// EXPIRE and its relatives. Everything propagates as PEXPIREAT, so that a replay expires at the same instant; a time already past
/// deletes the key and propagates as DEL.
/// </summary>
internal static class Expiry
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast;

    [RedisCommand("EXPIRE", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Summary = "Set a key's time to live in seconds", Complexity = "O(1)",
        Syntax = "key seconds:integer [condition(NX|XX|GT|LT)]",
        Keys = "RW update @1")]
    public static void Expire(ref RedisCall call) => Set(ref call, call.NowMs, 1000);

    [RedisCommand("PEXPIRE", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0",
        Summary = "Set a key's time to live in milliseconds", Complexity = "O(1)",
        Syntax = "key milliseconds:integer [condition(NX|XX|GT|LT)]",
        Keys = "RW update @1")]
    public static void PExpire(ref RedisCall call) => Set(ref call, call.NowMs, 1);

    [RedisCommand("EXPIREAT", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "1.2.0",
        Summary = "Set the expiration for a key as a UNIX timestamp", Complexity = "O(1)",
        Syntax = "key unix-time-seconds:unix-time [condition(NX|XX|GT|LT)]",
        Keys = "RW update @1")]
    public static void ExpireAt(ref RedisCall call) => Set(ref call, 0, 1000);

    [RedisCommand("PEXPIREAT", -3, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.6.0",
        Summary = "Set the expiration for a key as a UNIX timestamp specified in milliseconds", Complexity = "O(1)",
        Syntax = "key unix-time-milliseconds:unix-time [condition(NX|XX|GT|LT)]",
        Keys = "RW update @1")]
    public static void PExpireAt(ref RedisCall call) => Set(ref call, 0, 1);

    [RedisCommand("PERSIST", 2, Flags = Flags, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.2.0",
        Summary = "Remove the expiration from a key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RW update @1")]
    public static void Persist(ref RedisCall call)
    {
        var entry = call.Db.Write(call[1]);
        var removed = entry.Exists && entry.ExpireAtMs >= 0;
        if (removed)
            RemoveExpiry(ref call, call[1]);
        call.Reply.Integer(removed ? 1 : 0);
    }

    /// <summary>Sets an expiry that has been checked, or deletes the key when the time is past.</summary>
    public static void Apply(ref RedisCall call, ReadOnlySpan<byte> key, long atMs)
    {
        if (atMs <= call.NowMs && !call.Server.IsLoading)
        {
            call.Db.Remove(key);
            call.Modified(key, NotifyClass.Generic, "del");
            call.PropagateInstead("DEL"u8.ToArray(), key.ToArray());
            return;
        }
        call.Db.SetExpiry(key, atMs);
        call.Modified(key, NotifyClass.Generic, "expire");
        call.PropagateInstead("PEXPIREAT"u8.ToArray(), key.ToArray(), RedisNumber.ToBytes(atMs));
    }

    /// <summary>Makes a key stay.</summary>
    public static void RemoveExpiry(ref RedisCall call, ReadOnlySpan<byte> key)
    {
        call.Db.SetExpiry(key, -1);
        call.Modified(key, NotifyClass.Generic, "persist");
        call.PropagateInstead("PERSIST"u8.ToArray(), key.ToArray());
    }

    private static void Set(ref RedisCall call, long baseMs, long scale)
    {
        if (!TryConditions(ref call, out var when) || !call.TryInteger(2, out var amount))
            return;
        var command = call.Operation.Declaration.Name.ToLowerInvariant();
        // Overflow in either direction is refused; a time in the past is not.
        if (amount > long.MaxValue / scale || amount < long.MinValue / scale || (amount * scale > 0
            && amount * scale > long.MaxValue - baseMs))
        {
            call.Reply.Error($"ERR invalid expire time in '{command}' command");
            return;
        }
        var atMs = amount * scale + baseMs;
        var entry = call.Db.Write(call[1]);
        if (entry.IsMissing || !Allows(when, entry.ExpireAtMs, atMs))
        {
            call.Reply.Integer(0);
            return;
        }
        Apply(ref call, call[1], Math.Max(atMs, 0));
        call.Reply.Integer(1);
    }

    private static bool Allows(Conditions when, long current, long wanted) =>
        !((when.HasFlag(Conditions.IfNone) && current >= 0)
            || (when.HasFlag(Conditions.IfAny) && current < 0)
            // No expiry counts as an infinite one.
            || (when.HasFlag(Conditions.IfGreater) && (current < 0 || wanted <= current))
            || (when.HasFlag(Conditions.IfLess) && current >= 0 && wanted >= current));

    private static bool TryConditions(ref RedisCall call, out Conditions when)
    {
        when = Conditions.None;
        for (var i = 3; i < call.Count; i++)
        {
            var one = call.Is(i, "NX"u8) ? Conditions.IfNone
                : call.Is(i, "XX"u8) ? Conditions.IfAny
                : call.Is(i, "GT"u8) ? Conditions.IfGreater
                : call.Is(i, "LT"u8) ? Conditions.IfLess
                : Conditions.None;
            if (one == Conditions.None)
            {
                call.Reply.Error($"ERR Unsupported option {call.Quote(i)}");
                return false;
            }
            when |= one;
        }
        if (when.HasFlag(Conditions.IfNone) && when != Conditions.IfNone)
            call.Reply.Error("ERR NX and XX, GT or LT options at the same time are not compatible");
        else if (when.HasFlag(Conditions.IfGreater | Conditions.IfLess))
            call.Reply.Error("ERR GT and LT options at the same time are not compatible");
        else
            return true;
        return false;
    }

    [Flags]
    private enum Conditions
    {
        None = 0,
        IfNone = 1,
        IfAny = 2,
        IfGreater = 4,
        IfLess = 8,
    }
}
