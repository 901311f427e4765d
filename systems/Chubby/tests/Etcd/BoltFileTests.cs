using System.Text;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>bbolt files, by our own writer and reader; what bbolt itself makes of them, <see cref="SnapshotTests"/> asks.</summary>
public sealed class BoltFileTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(1, 4_040)]
    [InlineData(1, 4_041)]
    [InlineData(3, 100_000)]
    [InlineData(500, 2_000)]
    [InlineData(20_000, 5)]
    public async Task What_is_written_is_read(int count, int valueBytes)
    {
        var pairs = Enumerable.Range(0, count).Select(i => Pair($"{i:d8}", valueBytes)).ToArray();
        var file = await WriteAsync(BoltBucket.Of("a", [Pair("x", 1)]), BoltBucket.Of("b", pairs), BoltBucket.Of("c", []));
        var reader = new BoltReader(file);
        Assert.Equal(pairs.Select(Shown), reader.Bucket("b").Select(Shown));
        Assert.Equal("x=x", Shown(Assert.Single(reader.Bucket("a"))));
        Assert.Empty(reader.Bucket("c"));
        Assert.Empty(reader.Bucket("missing"));
    }

    [Fact]
    public async Task Keys_of_any_length_are_found()
    {
        var pairs = Enumerable.Range(1, 300).Select(i => Pair(new string('k', i * 40), i)).ToArray();
        var reader = new BoltReader(await WriteAsync(BoltBucket.Of("a", pairs)));
        Assert.Equal(pairs.Select(Shown), reader.Bucket("a").Select(Shown));
    }

    [Fact]
    public async Task A_damaged_meta_page_gives_way_to_the_other()
    {
        var file = await WriteAsync(BoltBucket.Of("a", [Pair("x", 1)]));
        file[4096 + 20] ^= 1;
        Assert.Single(new BoltReader(file).Bucket("a"));
        file[20] ^= 1;
        Assert.Throws<InvalidDataException>(() => new BoltReader(file));
    }

    [Fact]
    public async Task A_file_with_any_byte_damaged_is_read_or_refused()
    {
        var whole = await WriteAsync(BoltBucket.Of("a", [.. Enumerable.Range(0, 400).Select(i => Pair($"{i:d8}", 30))]));
        var refused = 0;
        for (var at = 0; at < whole.Length; at++)
        {
            var file = whole.ToArray();
            file[at] ^= 0xff;
            try
            {
                _ = new BoltReader(file).Bucket("a").Count();
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, whole.Length);
        for (var length = 0; length < whole.Length; length += 512)
            Assert.Throws<InvalidDataException>(() => new BoltReader(whole.AsMemory(0, length)).Bucket("a").Count());
    }

    private static async Task<byte[]> WriteAsync(params BoltBucket[] buckets)
    {
        var writer = await BoltWriter.PlanAsync(buckets);
        byte[] file = [.. writer.Pages().SelectMany(p => p)];
        Assert.Equal(writer.Bytes, file.Length);
        return file;
    }

    private static BoltPair Pair(string key, int valueBytes) =>
        new(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(new string('x', valueBytes)));

    private static string Shown(BoltPair pair) => $"{Encoding.ASCII.GetString(pair.Key.Span)}={Encoding.ASCII.GetString(pair.Value.Span)}";
}
