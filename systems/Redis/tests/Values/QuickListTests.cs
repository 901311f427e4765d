using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class QuickListTests
{
    [Theory]
    [InlineData(-2, 1 << 30, 3000)]
    [InlineData(-1, 900, 1500)]
    [InlineData(5, 1 << 30, 3000)]
    [InlineData(3, 40, 60)]
    [InlineData(1, 20, 30)]
    public void It_behaves_as_a_list_of_strings_under_random_edits(int nodeSize, int packedThreshold, int lengthMax)
    {
        var limits = new EncodingLimits { ListMaxListpackSize = nodeSize, ListPackedThreshold = packedThreshold };
        var random = new RandomStream((ulong)lengthMax);
        var list = new QuickList();
        var model = new List<string>();
        for (var step = 0; step < 6000; step++)
        {
            Edit(random, list, model, limits, lengthMax);
            Assert.Equal(model.Count, list.Count);
            if (step % 500 == 0)
                AssertSame(model, list);
        }
        AssertSame(model, list);
        AssertSame(model, (QuickList)list.Clone());
        for (var i = 0; i < model.Count; i++)
        {
            Assert.Equal(model[i], Text(list.At(i)));
            Assert.Equal(model[i], Text(list.At(i - model.Count)));
        }
        Assert.True(list.At(model.Count).IsNone);
    }

    [Fact]
    public void Nodes_hold_as_much_as_in_real_Redis()
    {
        // DEBUG OBJECT on Redis 7.0.15 after RPUSH of 0 … 9999: ql_nodes:5 (list-max-listpack-size -2), 79 (128).
        var list = new QuickList();
        var counted = new QuickList();
        for (var i = 0; i < 10000; i++)
        {
            list.PushTail(RedisNumber.ToBytes(i), new EncodingLimits());
            counted.PushTail(RedisNumber.ToBytes(i), new EncodingLimits { ListMaxListpackSize = 128 });
        }
        Assert.Equal(5, list.Nodes);
        Assert.Equal(79, counted.Nodes);
    }

    private static void Edit(RandomStream random, QuickList list, List<string> model, EncodingLimits limits, int lengthMax)
    {
        var isInteger = random.Next(3) == 0;
        var value = isInteger ? random.Next(100000).ToString() : new string((char)('a' + random.Next(26)), random.Next(lengthMax));
        var bytes = Encoding.ASCII.GetBytes(value);
        var index = model.Count == 0 ? 0 : random.Next(model.Count);
        switch (random.Next(model.Count > 120 ? 10 : 8))
        {
            case 0:
                list.PushHead(bytes, limits);
                model.Insert(0, value);
                break;
            case 1:
                list.PushTail(bytes, limits);
                model.Add(value);
                break;
            case 2 or 3 when model.Count > 0:
                list.Insert(list.At(index), bytes, after: true, limits);
                model.Insert(index + 1, value);
                break;
            case 4 when model.Count > 0:
                list.Insert(list.At(index), bytes, after: false, limits);
                model.Insert(index, value);
                break;
            case 5 or 6 when model.Count > 0:
                list.Replace(list.At(index), bytes, limits);
                model[index] = value;
                break;
            case 7 when model.Count > 0:
                var next = list.Delete(list.At(index));
                model.RemoveAt(index);
                Assert.Equal(index < model.Count ? model[index] : null, next.IsNone ? null : Text(next));
                break;
            case > 7:
                var count = random.Next(60);
                list.DeleteRange(index, count);
                model.RemoveRange(index, Math.Min(count, model.Count - index));
                break;
        }
    }

    private static void AssertSame(List<string> model, QuickList list)
    {
        var forward = new List<string>();
        for (var place = list.First; !place.IsNone; place = place.Next())
            forward.Add(Text(place));
        var backward = new List<string>();
        for (var place = list.Last; !place.IsNone; place = place.Previous())
            backward.Add(Text(place));
        Assert.Equal(model, forward);
        Assert.Equal(Enumerable.Reverse(model), backward);
        var nodes = 0;
        for (var node = list.Head; node is not null; node = node.Next, nodes++)
            Assert.Equal(node.Packed?.Count ?? 1, node.Count);
        Assert.Equal(nodes, list.Nodes);
    }

    private static string Text(QuickListCursor place) => Encoding.ASCII.GetString(place.Value.ToArray());
}
