using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx.Tests;

public sealed class CachedHeadTests
{
    [Fact]
    public void It_comes_back_as_it_was_written()
    {
        var head = Sample();
        using var folder = new Folder();
        var file = folder.Write([.. head.Write(), .. "body"u8]);
        var read = CachedHead.Read(file)!;
        file.Release();
        Assert.Equal((head.ValidUntil, head.UpdatingSeconds, head.ErrorSeconds, head.Date, head.LastModified, head.Status),
            (read.ValidUntil, read.UpdatingSeconds, read.ErrorSeconds, read.Date, read.LastModified, read.Status));
        Assert.Equal([head.Key, head.Vary, head.ETag, head.StatusLine], new[] { read.Key, read.Vary, read.ETag, read.StatusLine });
        Assert.Equal((head.Variant, head.BodyStart), (read.Variant, read.BodyStart));
        Assert.Equal("v"u8.ToArray(), read.Headers[1].Value.ToArray());
    }

    [Fact]
    public void A_head_that_is_cut_is_none()
    {
        var whole = Sample().Write();
        using var folder = new Folder();
        for (var length = 0; length < whole.Length; length++)
        {
            var file = folder.Write(whole[..length]);
            Assert.Null(CachedHead.Read(file));
            file.Release();
        }
    }

    [Fact]
    public void Damage_does_no_harm()
    {
        var whole = Sample().Write();
        var random = new RandomStream(28);
        using var folder = new Folder();
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = whole.ToArray();
            for (var n = random.Next(1, 5); n > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var file = folder.Write(damaged);
            // Whatever it reads, it says so by null or a head, and takes no more memory than there are bytes.
            if (CachedHead.Read(file) is { } head)
                Assert.True(head.BodyStart <= damaged.Length);
            file.Release();
        }
    }

    private static CachedHead Sample()
    {
        var headers = new HeaderList();
        headers.Add("Content-Type"u8, "text/plain"u8);
        headers.Add("X-Some"u8, "v"u8);
        headers.Add("X-Empty"u8, ""u8);
        return new CachedHead
        {
            ValidUntil = 5, UpdatingSeconds = 6, ErrorSeconds = 7, Date = 8, LastModified = 9, Key = [1, 2, 3], Vary = "accept"u8.ToArray(),
            Variant = CacheKey.Of("k"u8), ETag = "\"e\""u8.ToArray(), Status = 203, StatusLine = "203 Fine"u8.ToArray(), Headers = headers,
        };
    }

    // A file that is written anew each time.
    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("cached-").FullName;

        public OpenFile Write(byte[] bytes)
        {
            var name = Path.Combine(_path, "f");
            File.WriteAllBytes(name, bytes);
            return StaticFiles.Open(System.Text.Encoding.ASCII.GetBytes(name), out _)!;
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
