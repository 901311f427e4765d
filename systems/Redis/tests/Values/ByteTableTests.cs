using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class ByteTableTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(3000)]
    [InlineData(60000)]
    public void It_behaves_as_a_dictionary_under_random_edits(int keys)
    {
        var random = new RandomStream((ulong)keys);
        var table = new ByteTable<HashItem>(7);
        var model = new Dictionary<string, string>();
        for (var step = 0; step < keys * 6; step++)
        {
            // Half of the time it mostly grows, then mostly shrinks.
            var growing = step / (keys * 2) % 2 == 0;
            var key = "k" + random.Next(keys);
            var slot = table.Find(Bytes(key));
            Assert.Equal(model.GetValueOrDefault(key), slot < 0 ? null : Encoding.ASCII.GetString(HashItem.ValueOf(table[slot])));
            if (random.Next(10) < (growing ? 2 : 8))
            {
                Assert.Equal(model.Remove(key), table.Remove(Bytes(key)));
                continue;
            }
            model[key] = step.ToString();
            var item = HashItem.Pack(Bytes(key), Bytes(step.ToString()));
            if (slot < 0)
                table.Add(item);
            else
                table.Replace(slot, item);
        }
        AssertSame(model, table);
        var copy = table.Clone();
        foreach (var key in model.Keys)
            Assert.True(table.Remove(Bytes(key)));
        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.PayloadBytes);
        AssertSame(model, copy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_scan_returns_all_that_was_there_throughout_while_the_table_is_resized(bool growing)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var random = new RandomStream(seed);
            var table = new ByteTable<SetItem>(seed);
            for (var i = 0; i < 100; i++)
                table.Add(Bytes("stays" + i));
            for (var i = 0; !growing && i < 3000; i++)
                table.Add(Bytes("other" + i));
            var other = growing ? 0 : 3000;
            var found = new List<byte[]>();
            var cursor = 0UL;
            do
            {
                cursor = table.Scan(cursor, found);
                for (var i = random.Next(60); i > 0; i--)
                {
                    if (growing && other < 3000)
                        table.Add(Bytes("other" + other++));
                    else if (!growing && other > 0)
                        table.Remove(Bytes("other" + --other));
                }
            }
            while (cursor != 0);
            var stays = found.Select(Encoding.ASCII.GetString).Where(t => t.StartsWith("stays", StringComparison.Ordinal)).ToHashSet();
            Assert.Equal(100, stays.Count);
        }
    }

    [Fact]
    public void Fields_of_any_length_are_packed_with_their_values()
    {
        foreach (var length in new[] { 0, 1, 127, 128, 16383, 16384, 3000000 })
        {
            var field = new byte[length];
            field.AsSpan().Fill(9);
            var item = HashItem.Pack(field, "value"u8);
            Assert.True(HashItem.KeyOf(item).SequenceEqual(field));
            Assert.True(HashItem.ValueOf(item).SequenceEqual("value"u8));
        }
    }

    private static void AssertSame(Dictionary<string, string> model, ByteTable<HashItem> table)
    {
        Assert.Equal(model.Count, table.Count);
        var dense = new Dictionary<string, string>();
        for (var i = 0; i < table.Count; i++)
            dense.Add(Encoding.ASCII.GetString(HashItem.KeyOf(table[i])), Encoding.ASCII.GetString(HashItem.ValueOf(table[i])));
        Assert.Equal(model.OrderBy(p => p.Key), dense.OrderBy(p => p.Key));
        var found = new List<byte[]>();
        var cursor = 0UL;
        do
            cursor = table.Scan(cursor, found);
        while (cursor != 0);
        Assert.Equal(model.Keys.Order(), found.Select(item => Encoding.ASCII.GetString(HashItem.KeyOf(item))).Order());
        Assert.Equal(found.Sum(item => (long)item.Length), table.PayloadBytes);
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
