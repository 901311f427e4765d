using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class IntSetTests
{
    [Fact]
    public void Bytes_equal_those_of_real_Redis()
    {
        // From DUMP on Redis 7.0.15 after SADD s 1 2 -3 500, then SADD s 70000 -5.
        var set = new IntSet();
        foreach (var value in new long[] { 1, 2, -3, 500 })
            Assert.True(set.Add(value));
        Assert.Equal("0200000004000000fdff01000200f401", Convert.ToHexStringLower(set.Bytes));
        Assert.True(set.Add(70000));
        Assert.True(set.Add(-5));
        Assert.Equal("0400000006000000fbfffffffdffffff0100000002000000f401000070110100", Convert.ToHexStringLower(set.Bytes));
        Assert.True(IntSet.TryLoad(set.Bytes, deep: true, out var loaded));
        Assert.Equal(70000, loaded[5]);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void It_behaves_as_a_sorted_set_under_random_edits(int bits)
    {
        var random = new RandomStream((ulong)bits);
        var set = new IntSet();
        var model = new SortedSet<long>();
        for (var step = 0; step < 5000; step++)
        {
            var value = (long)random.NextUInt64() >> (64 - bits) >> random.Next(bits - 8);
            if (random.Next(3) > 0)
                Assert.Equal(model.Add(value), set.Add(value));
            else
                Assert.Equal(model.Remove(value), set.Remove(value));
            Assert.Equal(model.Contains(value), set.Contains(value));
        }
        Assert.Equal(model, Enumerable.Range(0, set.Count).Select(i => set[i]));
        Assert.True(IntSet.TryLoad(set.Bytes, deep: true, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0200000000000000")]
    [InlineData("03000000010000000100")]
    [InlineData("02000000020000000100")]
    [InlineData("020000000200000002000100")]
    [InlineData("020000000200000001000100")]
    public void Damaged_bytes_are_refused(string hex) => Assert.False(IntSet.TryLoad(Convert.FromHexString(hex), deep: true, out _));
}
