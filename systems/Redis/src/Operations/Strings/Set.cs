using System.Text;

namespace Microcosm.Redis;

/// <summary>SET with its options. EX, PX and EXAT propagate as PXAT, so that a replay later expires at the same time.</summary>
internal static class Set
{
    [RedisCommand("SET", -3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "string", Summary = "Set the string value of a key", Complexity = "O(1)")]
    public static void Execute(ref RedisCall call)
    {
        var options = new SetOptions { ExpireAtMs = -1 };
        if (call.Count > 3 && !options.TryParse(ref call, 3))
            return;
        var key = call[1];
        var entry = options.NeedsOld ? call.Db.Write(key) : default;
        if (options.Get)
        {
            if (entry.Exists && !entry.IsString)
            {
                call.WrongType();
                return;
            }
            if (entry.IsMissing)
                call.Reply.Null();
            else
                call.Reply.Bulk(entry.StringValue);
        }
        if ((options.IfMissing && entry.Exists) || (options.IfExists && entry.IsMissing))
        {
            if (!options.Get)
                call.Reply.Null();
            return;
        }
        call.Db.SetString(key, call[2], options.KeepTtl);
        call.Modified(key, NotifyClass.String, "set");
        if (options.ExpireAtMs >= 0)
        {
            call.Db.SetExpiry(key, options.ExpireAtMs);
            call.Server.Modified(call.Client, call.Db, key, NotifyClass.Generic, "expire");
            call.PropagateInstead("SET"u8.ToArray(), call.Copy(1), call.Copy(2), "PXAT"u8.ToArray(), Encoding.ASCII.GetBytes(options.ExpireAtMs.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        if (!options.Get)
            call.Reply.Ok();
    }
}
