using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx.Tests;

public sealed class ResponseCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cache-").FullName;

    [Fact]
    public void Files_lie_in_folders_by_the_last_digits_of_their_names()
    {
        var store = new CacheStore("/c") { Levels = [1, 2] };
        Assert.Equal("/c/9/10/d41d8cd98f00b204e9800998ecf84109", new CacheKey(UInt128.Parse("d41d8cd98f00b204e9800998ecf84109",
            System.Globalization.NumberStyles.HexNumber, null)).PathIn(store));
    }

    [Fact]
    public void One_makes_a_response_and_the_others_are_told()
    {
        var cache = Cache(1 << 20);
        var entry = cache.Enter(CacheKey.Of("a"u8), 0);
        var (one, two, told) = (new object(), new object(), 0);
        Assert.True(cache.TryLock(entry, one, null, 0, 5000));
        Assert.False(cache.TryLock(entry, two, null, 4999, 5000));
        Assert.True(cache.TryWait(entry, () => told++));
        cache.Leave(entry, one);
        Assert.Equal(1, told);
        Assert.False(cache.TryWait(entry, () => told++));
        Assert.True(cache.TryLock(entry, two, null, 0, 5000));
    }

    [Fact]
    public void Who_takes_too_long_gives_way_and_an_heir_takes_over_at_once()
    {
        var cache = Cache(1 << 20);
        var entry = cache.Enter(CacheKey.Of("a"u8), 0);
        var (one, two, three) = (new object(), new object(), new object());
        Assert.True(cache.TryLock(entry, one, null, 0, 5000));
        Assert.True(cache.TryLock(entry, two, null, 5000, 5000));
        Assert.False(cache.TryLock(entry, three, null, 5001, 0));
        Assert.True(cache.TryLock(entry, three, heir: two, 5001, 0));
    }

    [Fact]
    public void What_nobody_asks_for_goes_and_so_does_the_oldest_where_there_is_too_much()
    {
        var cache = new ResponseCache(new CacheStore(_folder) { InactiveSeconds = 10, BytesMax = 250 }, 1 << 20);
        foreach (var name in new[] { "a", "b", "c" })
            Put(cache, name, 100);
        cache.Trim(now: 5, most: 10);
        Assert.Equal((2, 200L), (cache.Count, cache.Bytes));
        Assert.False(File.Exists(CacheKey.Of("a"u8).PathIn(cache.Store)));
        Assert.True(File.Exists(CacheKey.Of("c"u8).PathIn(cache.Store)));
        cache.Trim(now: 11, most: 10);
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void There_are_no_more_keys_than_the_zone_holds()
    {
        var cache = Cache(zoneBytes: 10 * 128);
        for (var i = 0; i < 100; i++)
            cache.Leave(cache.Enter(CacheKey.Of(Encoding.ASCII.GetBytes($"{i}")), 0), this);
        Assert.Equal(10, cache.Count);
    }

    [Theory]
    [InlineData("accept-encoding", "Accept-Encoding: gzip, br", "Accept-Encoding: gzip,br", true)]
    [InlineData("Accept-Encoding", "Accept-Encoding: gzip", "Accept-Encoding: br", false)]
    [InlineData("x-a, x-b", "X-A: 1", "X-B: 1", false)]
    [InlineData("x-a", "X-A: 1, 2", "X-A: 1,2", false)]
    [InlineData("x-a", "X-B: 1", "X-B: 2", true)]
    public void Requests_are_alike_in_what_Vary_names(string vary, string one, string other, bool areAlike)
    {
        var main = CacheKey.Of("k"u8);
        var names = Encoding.ASCII.GetBytes(vary);
        Assert.Equal(areAlike, Variants.Of(main, names, Fields(one)) == Variants.Of(main, names, Fields(other)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ResponseCache Cache(long zoneBytes) => new(new CacheStore(_folder), zoneBytes);

    private void Put(ResponseCache cache, string name, int bytes)
    {
        var entry = cache.Enter(CacheKey.Of(Encoding.ASCII.GetBytes(name)), 0);
        var path = Path.Combine(_folder, "temporary");
        File.WriteAllBytes(path, new byte[bytes]);
        cache.Put(entry, path, bytes);
        cache.Leave(entry, this);
    }

    private static HeaderList Fields(string line)
    {
        var fields = new HeaderList();
        var colon = line.IndexOf(':');
        fields.Add(Encoding.ASCII.GetBytes(line[..colon]), Encoding.ASCII.GetBytes(line[(colon + 2)..]));
        return fields;
    }
}
