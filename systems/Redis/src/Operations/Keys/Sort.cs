namespace Microcosm.Redis;

/// <summary>SORT and SORT_RO. Elements that compare equal are ordered by their bytes, so that the result is the same everywhere.</summary>
internal static class Sort
{
    [RedisCommand("SORT", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.MovableKeys, FirstKey = 1,
        LastKey = 1, KeyStep = 1, StoreFrom = 2,
        Summary = "Sort the elements in a list, set or sorted set", Complexity = "O(N+M*log(M))",
        Syntax = "key [BY pattern:pattern] [LIMIT offset_count{offset:integer count:integer}] [GET "
            + "pattern:pattern...+] [order(ASC|DESC)] [ALPHA=sorting] [STORE destination:key]",
        Keys = "RO access @1; RO access @? ?; OW update @? ?")]
    public static void Execute(ref RedisCall call) => Run(ref call, canStore: true);

    [RedisCommand("SORT_RO", -2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.MovableKeys, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "7.0.0",
        Summary = "Sort the elements in a list, set or sorted set. Read-only variant of SORT.", Complexity = "O(N+M*log(M))",
        Syntax = "key [BY pattern:pattern] [LIMIT offset_count{offset:integer count:integer}] [GET "
            + "pattern:pattern...+] [order(ASC|DESC)] [ALPHA=sorting]",
        Keys = "RO access @1; RO access @? ?")]
    public static void ReadOnly(ref RedisCall call) => Run(ref call, canStore: false);

    private static void Run(ref RedisCall call, bool canStore)
    {
        if (SortOptions.Parse(ref call, canStore) is not { } options)
            return;
        var source = call.Db.Read(call[1]);
        if (source.Exists && source.Type is not (RedisType.List or RedisType.Set or RedisType.SortedSet))
        {
            call.WrongType();
            return;
        }
        var isOrdered = source.Object is ListObject || source.Object is SortedSetObject;
        var elements = Elements(source.Object, options.IsDescending && !options.Sorts);
        // A set has no order of its own: stored or seen by a script it must still have one.
        var sorts = options.Sorts || (!isOrdered && options.StoreAt > 0);
        if (sorts && !TrySort(ref call, elements, options, byBytesOnly: !options.Sorts))
            return;
        var (from, count) = options.Window(elements.Count);
        var rows = elements.GetRange(from, count);
        if (options.StoreAt > 0)
            Store(ref call, rows, options);
        else
            Reply(ref call, rows, options);
    }

    private static List<byte[]> Elements(RedisObject? source, bool descending)
    {
        var elements = new List<byte[]>(source?.Count ?? 0);
        switch (source)
        {
            case ListObject list:
                for (var at = list.Items.First; !at.IsNone; at = at.Next())
                    elements.Add(at.Value.ToArray());
                break;
            case SetObject set:
                foreach (var member in set)
                    elements.Add(member.ToArray());
                break;
            case SortedSetObject sorted when sorted.Count > 0:
                var rank = descending ? sorted.Count - 1 : 0;
                for (var at = sorted.Seek(rank); elements.Count < sorted.Count; at = at.Step(descending))
                    elements.Add(at.Member.ToArray());
                break;
        }
        return elements;
    }

    private static bool TrySort(ref RedisCall call, List<byte[]> elements, SortOptions options, bool byBytesOnly)
    {
        var rows = new List<SortRow>(elements.Count);
        foreach (var element in elements)
        {
            var weight = options.By is { } by && !byBytesOnly ? SortPattern.Look(ref call, by, element) : element;
            var score = 0.0;
            if (!options.IsAlpha && !byBytesOnly && weight is not null && !RedisNumber.TryParse(weight, out score))
            {
                call.Reply.Error("ERR One or more scores can't be converted into double");
                return false;
            }
            rows.Add(new SortRow(element, weight, score));
        }
        rows.Sort((a, b) => SortRow.Compare(a, b, options.IsAlpha || byBytesOnly, options.By is not null
            && !byBytesOnly) * (options.IsDescending ? -1 : 1));
        for (var i = 0; i < rows.Count; i++)
            elements[i] = rows[i].Element;
        return true;
    }

    private static void Reply(ref RedisCall call, List<byte[]> rows, SortOptions options)
    {
        call.Reply.Array(rows.Count * Math.Max(1, options.Gets.Count));
        foreach (var row in rows)
        {
            if (options.Gets.Count == 0)
                call.Reply.Bulk(row);
            foreach (var get in options.Gets)
            {
                if (SortPattern.Look(ref call, get, row) is { } value)
                    call.Reply.Bulk(value);
                else
                    call.Reply.Null();
            }
        }
    }

    private static void Store(ref RedisCall call, List<byte[]> rows, SortOptions options)
    {
        var list = new ListObject();
        var limits = call.Server.Options.Encodings;
        foreach (var row in rows)
        {
            if (options.Gets.Count == 0)
                list.Items.PushTail(row, limits);
            foreach (var get in options.Gets)
                list.Items.PushTail(SortPattern.Look(ref call, get, row) ?? [], limits);
        }
        var target = call.Copy(options.StoreAt);
        if (list.Count > 0)
        {
            call.Db.SetObject(target, list);
            call.Modified(target, NotifyClass.List, "sortstore");
        }
        else if (call.Db.Write(target).Exists && call.Db.Remove(target))
        {
            call.Modified(target, NotifyClass.Generic, "del");
        }
        call.Reply.Integer(list.Count);
    }
}
