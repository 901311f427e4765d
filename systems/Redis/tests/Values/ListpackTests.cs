using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class ListpackTests
{
    // The listpack inside DUMP of a list on Redis 7.0.15: RPUSH of every integer width, of strings around the bounds of their lengths.
    private const string RealHead =
        "0c0200001d0081610201017f01c08002dfff02d00002cfff02f1001003f1ffef03f1ff7f03f1008003f200800004f2ff7fff04f2ffff7f04f200008004"
        + "f30000800005f3ffffff7f05f30000008005f4000000800000000009f4ffffffffffffff7f09f40000000000000080098330303704822d3003800185"
        + "68656c6c6f06";

    private static readonly string[] RealValues =
    [
        "a", "1", "127", "128", "-1", "-4096", "4095", "4096", "-4097", "32767", "-32768", "32768", "-32769", "8388607", "-8388608",
        "8388608", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "-9223372036854775808", "007", "-0", "", "hello",
    ];

    [Fact]
    public void Bytes_equal_those_of_real_Redis()
    {
        var listpack = new Listpack();
        foreach (var value in RealValues)
            listpack.Append(Bytes(value));
        listpack.Append(Bytes(new string('x', 63)));
        listpack.Append(Bytes(new string('y', 64)));
        listpack.Append(Bytes(new string('z', 126)));
        listpack.Append(Bytes(new string('w', 130)));
        var expected = RealHead + "bf" + Hex('x', 63) + "40" + "e040" + Hex('y', 64) + "42" + "e07e" + Hex('z', 126) + "0180"
            + "e082" + Hex('w', 130) + "0184" + "ff";
        Assert.Equal(expected, Convert.ToHexStringLower(listpack.Bytes));
        Assert.True(Listpack.TryLoad(Convert.FromHexString(expected), deep: true, out var loaded));
        Assert.Equal(RealValues, All(loaded)[..RealValues.Length]);
    }

    [Theory]
    [InlineData(4095, "efff", "2081")]
    [InlineData(4096, "f000100000", "2085")]
    [InlineData(5000, "f088130000", "278d")]
    [InlineData(16379, "f0fb3f0000", "018080")]
    public void Long_strings_have_the_lengths_of_real_Redis(int length, string head, string back)
    {
        var listpack = new Listpack();
        listpack.Append(new byte[length]);
        var hex = Convert.ToHexStringLower(listpack.Bytes[Listpack.HeadBytes..]);
        Assert.StartsWith(head + "0000", hex, StringComparison.Ordinal);
        Assert.EndsWith("0000" + back + "ff", hex, StringComparison.Ordinal);
        Assert.Equal(length, listpack[listpack.First].Bytes.Length);
        Assert.Equal(listpack.First, listpack.Last);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_behaves_as_a_list_of_strings_under_random_edits(ulong seed)
    {
        var random = new RandomStream(seed);
        var listpack = new Listpack();
        var model = new List<string>();
        for (var step = 0; step < 4000; step++)
        {
            var value = RandomValue(random);
            var index = model.Count == 0 ? 0 : random.Next(model.Count);
            switch (random.Next(model.Count > 150 ? 8 : 6))
            {
                case 0:
                    listpack.Append(Bytes(value));
                    model.Add(value);
                    break;
                case 1:
                    listpack.Prepend(Bytes(value));
                    model.Insert(0, value);
                    break;
                case 2 when model.Count > 0:
                    listpack.Insert(listpack.Seek(index), Bytes(value));
                    model.Insert(index, value);
                    break;
                case 3 when model.Count > 0:
                    listpack.Replace(listpack.Seek(index), Bytes(value));
                    model[index] = value;
                    break;
                case 4 when model.Count > 0:
                    listpack.Delete(listpack.Seek(index));
                    model.RemoveAt(index);
                    break;
                case > 5:
                    var count = Math.Min(random.Next(60), model.Count - index);
                    listpack.Delete(listpack.Seek(index), count);
                    model.RemoveRange(index, count);
                    break;
            }
            Assert.Equal(model.Count, listpack.Count);
        }
        Assert.Equal(model, All(listpack));
        Assert.True(Listpack.TryLoad(listpack.Bytes, deep: true, out _));
        Assert.Equal(Enumerable.Reverse(model), Backwards(listpack));
        for (var i = 0; i < model.Count; i++)
        {
            Assert.Equal(listpack.Seek(i), listpack.Seek(i - model.Count));
            Assert.Equal(listpack.Seek(model.IndexOf(model[i])), listpack.Find(Bytes(model[i]), listpack.First, 0));
        }
        Assert.Equal(-1, listpack.Seek(model.Count));
        Assert.Equal(-1, listpack.Seek(-model.Count - 1));
    }

    [Fact]
    public void More_than_65534_entries_are_counted_by_walking()
    {
        var listpack = new Listpack();
        for (var i = 0; i < 66000; i++)
            listpack.Append(i & 63);
        Assert.Equal(66000, listpack.Count);
        Assert.Equal(40000 & 63, listpack[listpack.Seek(40000)].Integer);
        Assert.True(Listpack.TryLoad(listpack.Bytes, deep: true, out _));
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_without_harm()
    {
        var listpack = new Listpack();
        foreach (var value in RealValues)
            listpack.Append(Bytes(value));
        var good = listpack.Bytes.ToArray();
        var random = new RandomStream(7);
        var accepted = 0;
        for (var i = 0; i < 20000; i++)
        {
            var bytes = good.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!Listpack.TryLoad(bytes, deep: true, out var loaded))
                continue;
            accepted++;
            Assert.Equal(loaded.Count, All(loaded).Length);
        }
        Assert.InRange(accepted, 1, 19999);
        Assert.False(Listpack.TryLoad(good.AsSpan(0, good.Length - 1), deep: true, out _));
        Assert.False(Listpack.TryLoad([], deep: false, out _));
    }

    private static string RandomValue(RandomStream random) => random.Next(5) switch
    {
        0 => new string('s', random.Next(200)),
        1 => new string('l', random.Next(5000)),
        2 => (random.Next(1L << 62) >> random.Next(62)).ToString(),
        3 => (-(random.Next(1L << 62) >> random.Next(62))).ToString(),
        _ => random.Next(10).ToString(),
    };

    private static string[] All(Listpack listpack)
    {
        var values = new List<string>();
        for (var at = listpack.First; at >= 0; at = listpack.Next(at))
            values.Add(Encoding.ASCII.GetString(listpack[at].ToArray()));
        return [.. values];
    }

    private static List<string> Backwards(Listpack listpack)
    {
        var values = new List<string>();
        for (var at = listpack.Last; at >= 0; at = listpack.Previous(at))
            values.Add(Encoding.ASCII.GetString(listpack[at].ToArray()));
        return values;
    }

    private static string Hex(char c, int count) => Convert.ToHexStringLower(Bytes(new string(c, count)));

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
