namespace Microcosm.Redis;

/// <summary>What SINTERSTORE, ZUNIONSTORE, GEOSEARCHSTORE and their kin do with what they computed.</summary>
internal static class StoredResult
{
    /// <summary>
    /// Sets the key to the collection and answers its length; an empty one removes the key and answers 0.
    /// </summary>
    public static void Put(ref RedisCall call, ReadOnlySpan<byte> key, RedisObject value, NotifyClass kind, string name)
    {
        if (value.Count > 0)
        {
            call.Db.SetObject(key, value);
            call.Modified(key, kind, name);
        }
        else if (call.Db.Write(key).Exists)
        {
            call.Db.Remove(key);
            call.Modified(key, NotifyClass.Generic, "del");
        }
        call.Reply.Integer(value.Count);
    }
}
