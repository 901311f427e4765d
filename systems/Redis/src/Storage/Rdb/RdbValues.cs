namespace Microcosm.Redis;

/// <summary>Reads values of every type that RDB files of Redis 2.x to 7.0 hold, but streams and modules.</summary>
internal static class RdbValues
{
    /// <summary>Reads the value behind a type byte. Collections are never empty. Throws <see cref="InvalidDataException"/>.</summary>
    public static RedisObject Read(ref RdbReader reader, byte type, EncodingLimits limits)
    {
        RedisObject value = type switch
        {
            RdbFormat.String => new StringObject(reader.String()),
            RdbFormat.List => List(ref reader, limits),
            RdbFormat.Set => Set(ref reader, limits),
            RdbFormat.SortedSet or RdbFormat.SortedSetText => SortedSet(ref reader, type, limits),
            RdbFormat.Hash => Hash(ref reader, limits),
            RdbFormat.HashZipmap => HashOf(OldFormats.FromZipmap(reader.String()), limits),
            RdbFormat.HashZiplist => HashOf(OldFormats.FromZiplist(reader.String()), limits),
            RdbFormat.HashListpack => HashOf(Packed(reader.String()), limits),
            RdbFormat.SortedSetZiplist => SortedSetOf(OldFormats.FromZiplist(reader.String()), limits),
            RdbFormat.SortedSetListpack => SortedSetOf(Packed(reader.String()), limits),
            RdbFormat.SetIntset => SetOf(reader.String(), limits),
            RdbFormat.SetListpack => SetOf(Packed(reader.String()), limits),
            RdbFormat.ListZiplist => ListOf(OldFormats.FromZiplist(reader.String())),
            RdbFormat.ListQuicklist or RdbFormat.ListQuicklist2 => QuickList(ref reader, type),
            15 or 19 => throw new InvalidDataException("Streams are not implemented"),
            6 or 7 => throw new InvalidDataException("Modules are not implemented"),
            _ => throw new InvalidDataException($"Unknown RDB encoding type {type}"),
        };
        return value.Count > 0 || value is StringObject ? value : throw new InvalidDataException("An empty collection");
    }

    private static ListObject List(ref RdbReader reader, EncodingLimits limits)
    {
        var list = new ListObject();
        for (var left = reader.Count(); left > 0; left--)
            list.Items.PushTail(reader.String(), limits);
        return list;
    }

    private static SetObject Set(ref RdbReader reader, EncodingLimits limits)
    {
        var count = reader.Count();
        var set = count > limits.SetMaxIntsetEntries ? SetObject.NewTable(limits) : new SetObject();
        for (; count > 0; count--)
        {
            if (!set.Add(reader.String(), limits))
                throw new InvalidDataException("Duplicate set members detected");
        }
        return set;
    }

    private static SortedSetObject SortedSet(ref RdbReader reader, byte type, EncodingLimits limits)
    {
        var count = reader.Count();
        var sorted = count > limits.ZsetMaxListpackEntries ? SortedSetObject.NewTable(limits) : new SortedSetObject();
        for (; count > 0; count--)
        {
            var member = reader.String();
            var score = type == RdbFormat.SortedSet ? BitConverter.Int64BitsToDouble(reader.Int64()) : reader.TextDouble();
            if (double.IsNaN(score))
                throw new InvalidDataException("Zset with NAN score detected");
            if (!sorted.Set(member, score, limits))
                throw new InvalidDataException("RDB zset has duplicate members");
        }
        return sorted;
    }

    private static HashObject Hash(ref RdbReader reader, EncodingLimits limits)
    {
        var count = reader.Count();
        var hash = count > limits.HashMaxListpackEntries ? HashObject.NewTable(limits) : new HashObject();
        for (; count > 0; count--)
        {
            var field = reader.String();
            if (!hash.Set(field, reader.String(), limits))
                throw new InvalidDataException("Duplicate hash fields detected");
        }
        return hash;
    }

    private static ListObject QuickList(ref RdbReader reader, byte type)
    {
        var list = new ListObject();
        for (var left = reader.Count(); left > 0; left--)
        {
            var container = type == RdbFormat.ListQuicklist2 ? reader.Length() : RdbFormat.PackedNode;
            var bytes = reader.String();
            if (container == RdbFormat.PlainNode)
            {
                list.Items.AppendNode(bytes);
                continue;
            }
            if (container != RdbFormat.PackedNode)
                throw new InvalidDataException("Quicklist integrity check failed.");
            var packed = type == RdbFormat.ListQuicklist2 ? Packed(bytes) : OldFormats.FromZiplist(bytes);
            if (packed.Count > 0)
                list.Items.AppendNode(packed);
        }
        return list;
    }

    private static ListObject ListOf(Listpack packed)
    {
        var list = new ListObject();
        list.Items.AppendNode(packed);
        return list;
    }

    private static SetObject SetOf(byte[] bytes, EncodingLimits limits)
    {
        if (!IntSet.TryLoad(bytes, deep: true, out var integers))
            throw new InvalidDataException("Intset integrity check failed.");
        var set = new SetObject(integers);
        if (integers.Count > limits.SetMaxIntsetEntries)
            set.ConvertToTable(limits);
        return set;
    }

    private static SetObject SetOf(Listpack packed, EncodingLimits limits)
    {
        var set = new SetObject();
        for (var at = packed.First; at >= 0; at = packed.Next(at))
            set.Add(packed[at].ToArray(), limits);
        return set;
    }

    private static HashObject HashOf(Listpack packed, EncodingLimits limits)
    {
        DemandPairs(packed, "Hash");
        var hash = new HashObject(packed);
        if (hash.Count > limits.HashMaxListpackEntries || HasLonger(packed, limits.HashMaxListpackValue))
            hash.ConvertToTable(limits);
        return hash;
    }

    private static SortedSetObject SortedSetOf(Listpack packed, EncodingLimits limits)
    {
        DemandPairs(packed, "Zset");
        var sorted = new SortedSetObject(packed);
        if (sorted.Count > limits.ZsetMaxListpackEntries || HasLonger(packed, limits.ZsetMaxListpackValue))
            sorted.ConvertToTable(limits);
        return sorted;
    }

    private static bool HasLonger(Listpack packed, int bytes)
    {
        for (var at = packed.First; at >= 0; at = packed.Next(at))
        {
            if (!packed[at].IsInteger && packed[at].Bytes.Length > bytes)
                return true;
        }
        return false;
    }

    private static void DemandPairs(Listpack packed, string what)
    {
        if (packed.Count % 2 != 0)
            throw new InvalidDataException($"{what} listpack integrity check failed.");
        var names = new HashSet<byte[]>(ByteKeyComparer.Instance);
        for (var at = packed.First; at >= 0; at = packed.Next(packed.Next(at)))
        {
            if (!names.Add(packed[at].ToArray()))
                throw new InvalidDataException($"{what} listpack integrity check failed.");
        }
    }

    private static Listpack Packed(byte[] bytes) =>
        Listpack.TryLoad(bytes, deep: true, out var packed) ? packed : throw new InvalidDataException("Listpack integrity check failed.");
}
