using StackExchange.Redis;

namespace Microcosm.Redis.Tests;

/// <summary>StackExchange.Redis' methods of the data types.</summary>
internal static class StackExchangeValues
{
    public static async Task StringsAsync(IDatabase db)
    {
        Assert.True(await db.StringSetAsync("k", "hello"));
        Assert.False(await db.StringSetAsync("k", "other", when: When.NotExists));
        Assert.Equal("hello", await db.StringGetSetAsync("k", "hello world"));
        Assert.Equal("world", await db.StringGetRangeAsync("k", 6, -1));
        Assert.Equal(11, await db.StringSetRangeAsync("k", 0, "HELLO"));
        Assert.Equal(12, await db.StringAppendAsync("k", "!"));
        Assert.Equal(12, await db.StringLengthAsync("k"));
        Assert.Equal("HELLO world!", await db.StringGetDeleteAsync("k"));
        Assert.Equal(5, await db.StringIncrementAsync("n", 5));
        Assert.Equal(3, await db.StringDecrementAsync("n", 2));
        Assert.Equal(3.5, await db.StringIncrementAsync("n", 0.5));
        Assert.True(await db.StringSetAsync([new("a", "1"), new("b", "2")]));
        Assert.Equal(["1", "2", RedisValue.Null], await db.StringGetAsync(["a", "b", "missing"]));
        var binary = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await db.StringSetAsync("binary", binary);
        Assert.Equal(binary, (byte[]?)await db.StringGetAsync("binary"));
        await Assert.ThrowsAsync<RedisServerException>(() => db.ListLengthAsync("a"));
    }

    public static async Task HashesAsync(IDatabase db)
    {
        await db.HashSetAsync("h", [new("a", 1), new("b", 2)]);
        Assert.False(await db.HashSetAsync("h", "a", 3));
        Assert.Equal(3, await db.HashGetAsync("h", "a"));
        Assert.Equal(13, await db.HashIncrementAsync("h", "a", 10));
        Assert.Equal(2.5, await db.HashIncrementAsync("h", "b", 0.5));
        Assert.Equal(["13", "2.5", RedisValue.Null], await db.HashGetAsync("h", ["a", "b", "c"]));
        Assert.Equal(2, (await db.HashGetAllAsync("h")).Length);
        Assert.Equal(["a", "b"], (await db.HashKeysAsync("h")).Select(k => (string?)k).Order());
        Assert.True(await db.HashDeleteAsync("h", "a"));
        Assert.False(await db.HashExistsAsync("h", "a"));
        await db.HashSetAsync("large", [.. Enumerable.Range(0, 1000).Select(i => new HashEntry($"f{i}", i))]);
        var seen = new HashSet<string>();
        await foreach (var entry in db.HashScanAsync("large", "f*", 50))
            seen.Add(entry.Name!);
        Assert.Equal(1000, seen.Count);
    }

    public static async Task ListsAsync(IDatabase db)
    {
        Assert.Equal(3, await db.ListRightPushAsync("l", ["a", "b", "c"]));
        Assert.Equal(4, await db.ListLeftPushAsync("l", "z"));
        Assert.Equal(["z", "a", "b", "c"], await db.ListRangeAsync("l"));
        Assert.Equal(5, await db.ListInsertBeforeAsync("l", "b", "ab"));
        Assert.Equal("ab", await db.ListGetByIndexAsync("l", 2));
        await db.ListSetByIndexAsync("l", 2, "AB");
        Assert.Equal(1, await db.ListRemoveAsync("l", "AB"));
        Assert.Equal(2, await db.ListPositionAsync("l", "b"));
        Assert.Equal("c", await db.ListRightPopLeftPushAsync("l", "other"));
        Assert.Equal("z", await db.ListMoveAsync("l", "other", ListSide.Left, ListSide.Right));
        Assert.Equal(["a", "b"], await db.ListLeftPopAsync("l", 2));
        Assert.False(await db.KeyExistsAsync("l"));
        await db.ListTrimAsync("other", 0, 0);
        Assert.Equal(1, await db.ListLengthAsync("other"));
    }

    public static async Task SetsAsync(IDatabase db)
    {
        Assert.Equal(3, await db.SetAddAsync("s", ["a", "b", "c"]));
        await db.SetAddAsync("t", ["b", "c", "d"]);
        Assert.True(await db.SetContainsAsync("s", "a"));
        Assert.Equal(new[] { true, false }, await db.SetContainsAsync("s", ["a", "d"]));
        Assert.Equal(["b", "c"], Sorted(await db.SetCombineAsync(SetOperation.Intersect, "s", "t")));
        Assert.Equal(["a"], Sorted(await db.SetCombineAsync(SetOperation.Difference, "s", "t")));
        Assert.Equal(4, await db.SetCombineAndStoreAsync(SetOperation.Union, "u", "s", "t"));
        Assert.Equal(2, await db.SetIntersectionLengthAsync(["s", "t"]));
        Assert.True(await db.SetMoveAsync("s", "t", "a"));
        Assert.Equal(2, (await db.SetPopAsync("s", 2)).Length);
        Assert.Equal(4, (await db.SetRandomMembersAsync("t", 10)).Length);
        Assert.True(await db.SetRemoveAsync("t", "a"));
    }

    public static async Task SortedSetsAsync(IDatabase db)
    {
        Assert.Equal(3, await db.SortedSetAddAsync("z", [new("a", 1), new("b", 2.5), new("c", double.PositiveInfinity)]));
        Assert.Equal(double.PositiveInfinity, await db.SortedSetScoreAsync("z", "c"));
        Assert.Equal(["b", "c"], await db.SortedSetRangeByScoreAsync("z", 1, exclude: Exclude.Start));
        Assert.Equal(["c", "b", "a"], await db.SortedSetRangeByRankAsync("z", order: Order.Descending));
        Assert.Equal([("a", 1d), ("b", 2.5)],
            (await db.SortedSetRangeByRankWithScoresAsync("z", 0, 1)).Select(e => ((string?)e.Element, e.Score)));
        Assert.Equal(["a", "b"], await db.SortedSetRangeByValueAsync("z", "a", "c", Exclude.Stop));
        Assert.Equal(3.5, await db.SortedSetIncrementAsync("z", "a", 2.5));
        Assert.Equal(1, await db.SortedSetRankAsync("z", "a"));
        Assert.Equal(2, await db.SortedSetLengthAsync("z", 2, 4));
        Assert.Equal([3.5, null], await db.SortedSetScoresAsync("z", ["a", "missing"]));
        Assert.Equal(1, await db.SortedSetRangeAndStoreAsync("z", "front", 0, 0));
        Assert.Equal("b", (await db.SortedSetPopAsync("z"))!.Value.Element);
        Assert.Equal(2, await db.SortedSetCombineAndStoreAsync(SetOperation.Union, "u", "z", "z", Aggregate.Sum));
        Assert.Equal(7, await db.SortedSetScoreAsync("u", "a"));
        Assert.True(await db.SortedSetRemoveAsync("z", "a"));
        Assert.Equal(1, await db.SortedSetRemoveRangeByRankAsync("z", 0, -1));
    }

    public static async Task SpecialStructuresAsync(IDatabase db)
    {
        await db.GeoAddAsync("g", [new(13.361389, 38.115556, "Palermo"), new(15.087269, 37.502669, "Catania")]);
        Assert.Equal(166.2742, await db.GeoDistanceAsync("g", "Palermo", "Catania", GeoUnit.Kilometers));
        Assert.Equal(13.361389, (await db.GeoPositionAsync("g", "Palermo"))!.Value.Longitude, 5);
        Assert.Equal("sqc8b49rny0", await db.GeoHashAsync("g", "Palermo"));
        var near = await db.GeoSearchAsync("g", 15, 37, new GeoSearchCircle(200, GeoUnit.Kilometers), order: Order.Ascending);
        Assert.Equal(["Catania", "Palermo"], near.Select(r => (string?)r.Member));
        Assert.True(await db.HyperLogLogAddAsync("p", ["a", "b", "c"]));
        await db.HyperLogLogAddAsync("q", ["c", "d"]);
        await db.HyperLogLogMergeAsync("r", "p", "q");
        Assert.Equal(4, await db.HyperLogLogLengthAsync("r"));
        Assert.False(await db.StringSetBitAsync("bits", 7, true));
        Assert.True(await db.StringGetBitAsync("bits", 7));
        await db.StringSetBitAsync("bits", 100, true);
        Assert.Equal(2, await db.StringBitCountAsync("bits"));
        Assert.Equal(7, await db.StringBitPositionAsync("bits", true));
        Assert.Equal(13, await db.StringBitOperationAsync(Bitwise.Not, "not", "bits"));
        Assert.Equal(102, await db.StringBitCountAsync("not"));
    }

    private static IEnumerable<string?> Sorted(RedisValue[] values) => values.Select(v => (string?)v).Order(StringComparer.Ordinal);
}
