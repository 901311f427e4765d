namespace Microcosm.Redis;

/// <summary>RENAME, RENAMENX, COPY, MOVE.</summary>
internal static class Rename
{
    [RedisCommand("RENAME", 3, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 2, KeyStep = 1,
        Summary = "Rename a key", Complexity = "O(1)",
        Syntax = "key newkey:key",
        Keys = "RW access delete @1; OW update @2")]
    public static void Execute(ref RedisCall call)
    {
        if (TryRename(ref call, onlyIfMissing: false))
            call.Reply.Ok();
    }

    [RedisCommand("RENAMENX", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 2, KeyStep = 1,
        Summary = "Rename a key, only if the new key does not exist", Complexity = "O(1)",
        Syntax = "key newkey:key",
        Keys = "RW access delete @1; OW insert @2")]
    public static void RenameNx(ref RedisCall call)
    {
        var errors = call.Reply.Errors;
        var renamed = TryRename(ref call, onlyIfMissing: true);
        if (call.Reply.Errors == errors)
            call.Reply.Integer(renamed ? 1 : 0);
    }

    [RedisCommand("COPY", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 2, KeyStep = 1,
        Since = "6.2.0",
        Summary = "Copy a key", Complexity = "O(N)",
        Syntax = "source:key destination:key [DB destination-db:integer] [REPLACE]",
        Keys = "RO access @1; OW update @2")]
    public static void Copy(ref RedisCall call)
    {
        var target = call.Db;
        var replace = false;
        for (var i = 3; i < call.Count; i++)
        {
            if (call.Is(i, "REPLACE"u8))
            {
                replace = true;
            }
            else if (call.Is(i, "DB"u8) && i + 1 < call.Count)
            {
                if (!TryDatabase(ref call, ++i, "ERR value is not an integer or out of range", out target))
                    return;
            }
            else
            {
                call.SyntaxError();
                return;
            }
        }
        if (target == call.Db && call[1].SequenceEqual(call[2]))
        {
            call.Reply.Error(RedisErrors.SameObject);
            return;
        }
        var source = call.Db.Read(call[1]);
        if (source.IsMissing || (target.Write(call[2]).Exists && !replace))
        {
            call.Reply.Integer(0);
            return;
        }
        Put(source, target, call[2]);
        call.Server.Modified(call.Client, target, call[2], NotifyClass.Generic, "copy_to");
        call.Reply.Integer(1);
    }

    [RedisCommand("MOVE", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Summary = "Move a key to another database", Complexity = "O(1)",
        Syntax = "key db:integer",
        Keys = "RW access update @1")]
    public static void Move(ref RedisCall call)
    {
        if (!TryDatabase(ref call, 2, "ERR value is not an integer or out of range", out var target))
            return;
        if (target == call.Db)
        {
            call.Reply.Error(RedisErrors.SameObject);
            return;
        }
        var source = call.Db.Write(call[1]);
        if (source.IsMissing || target.Write(call[1]).Exists)
        {
            call.Reply.Integer(0);
            return;
        }
        Put(source, target, call[1], move: true);
        call.Db.Remove(call[1]);
        call.Modified(call[1], NotifyClass.Generic, "move_from");
        call.Server.Modified(call.Client, target, call[1], NotifyClass.Generic, "move_to");
        call.Reply.Integer(1);
    }

    private static bool TryRename(ref RedisCall call, bool onlyIfMissing)
    {
        var source = call.Db.Write(call[1]);
        if (source.IsMissing)
        {
            call.Reply.Error(RedisErrors.NoSuchKey);
            return false;
        }
        if (call[1].SequenceEqual(call[2]))
            return !onlyIfMissing;
        var exists = call.Db.Write(call[2]).Exists;
        if (exists && onlyIfMissing)
            return false;
        if (exists)
            call.Db.Remove(call[2]);
        Put(source, call.Db, call[2], move: true);
        call.Db.Remove(call[1]);
        call.Modified(call[1], NotifyClass.Generic, "rename_from");
        call.Modified(call[2], NotifyClass.Generic, "rename_to");
        return true;
    }

    private static bool TryDatabase(ref RedisCall call, int index, string error, out Database database)
    {
        database = call.Db;
        if (!call.TryInteger(index, out var number, error))
            return false;
        if (number < 0 || number >= call.Server.Databases.Length)
        {
            call.Reply.Error(RedisErrors.DbIndexOutOfRange);
            return false;
        }
        database = call.Server.Databases[number];
        return true;
    }

    // Strings are copied, collections handed over when the source goes.
    private static void Put(Entry source, Database target, ReadOnlySpan<byte> key, bool move = false)
    {
        var expireAtMs = source.ExpireAtMs;
        if (source.Object is { } value)
            target.SetObject(key, move ? value : value.Clone());
        else
            target.SetString(key, source.StringValue, raw: source.Encoding == "raw");
        if (expireAtMs >= 0)
            target.SetExpiry(key, expireAtMs);
        var moved = target.Stored(key);
        if (move)
            moved.Lru = source.Lru;
    }
}
