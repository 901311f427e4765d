using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>What <c>open_file_cache</c> keeps, by a clock that the test moves.</summary>
public sealed class FileCacheTests : IDisposable
{
    private static readonly FileCacheRule Usual = new(ValidSeconds: 60, MinUses: 1, KeepsErrors: false);

    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-cache-").FullName + "/";
    private readonly FileCache _cache = new(new OpenFileCache(Max: 2, InactiveSeconds: 20));

    public void Dispose()
    {
        _cache.Clear();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_was_found_holds_as_long_as_it_is_valid()
    {
        Write("a", "1");
        Assert.Equal(1, Length("a", 0));
        Write("a", "22");
        Assert.Equal(1, Length("a", 19));
        Assert.Equal(1, Length("a", 38));
        Assert.Equal(1, Length("a", 57));
        Assert.Equal(2, Length("a", 60));
    }

    [Fact]
    public void What_nobody_used_for_long_goes()
    {
        Write("a", "1");
        Assert.Equal(1, Length("a", 0));
        Write("a", "22");
        Assert.Equal(2, Length("a", 21));
    }

    [Fact]
    public void The_one_that_was_used_last_makes_room()
    {
        foreach (var name in new[] { "a", "b", "c" })
            Write(name, "1");
        Length("a", 0);
        Length("b", 0);
        Length("a", 0);
        Length("c", 0);
        Assert.Equal(2, _cache.Count);
        Write("a", "22");
        Write("b", "22");
        Assert.Equal(1, Length("a", 1));
        Assert.Equal(2, Length("b", 1));
    }

    [Fact]
    public void A_file_that_is_used_too_seldom_is_not_kept_open()
    {
        var rule = Usual with { MinUses = 3 };
        Write("a", "1");
        Length("a", 0, rule);
        Write("a", "22");
        Assert.Equal(2, Length("a", 0, rule));
        Write("a", "333");
        Assert.Equal(3, Length("a", 0, rule));
        Write("a", "4444");
        Assert.Equal(3, Length("a", 0, rule));
    }

    [Fact]
    public void Errors_are_kept_where_they_are_to_be()
    {
        Assert.Equal(-FileFacts.NotFound, Length("a", 0));
        Assert.Equal(0, _cache.Count);
        Assert.Equal(-FileFacts.NotFound, Length("a", 0, Usual with { KeepsErrors = true }));
        Write("a", "1");
        Assert.Equal(-FileFacts.NotFound, Length("a", 1, Usual with { KeepsErrors = true }));
        Assert.Equal(1, Length("a", 61, Usual with { KeepsErrors = true }));
    }

    [Fact]
    public void A_file_stays_open_for_who_uses_it()
    {
        Write("a", "content");
        var file = _cache.Open(PathOf("a"), default, Usual, 0, out _)!;
        File.Delete(_folder + "a");
        _cache.Clear();
        var buffer = new byte[7];
        Assert.Equal(7, file.Read(0, buffer));
        Assert.Equal("content"u8.ToArray(), buffer);
        file.Release();
    }

    // Negative: errno.
    private long Length(string name, long now, FileCacheRule? rule = null)
    {
        _cache.Open(PathOf(name), default, rule ?? Usual, now, out var facts)?.Release();
        return facts.Exists ? facts.Length : -facts.Errno;
    }

    private byte[] PathOf(string name) => Encoding.UTF8.GetBytes(_folder + name);

    // Another file of the same name.
    private void Write(string name, string content)
    {
        File.Delete(_folder + name);
        File.WriteAllText(_folder + name, content);
    }
}
