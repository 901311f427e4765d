using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class CollectionTests
{
    private static readonly EncodingLimits Limits = new();

    [Theory]
    [InlineData(40, "listpack")]
    [InlineData(2000, "hashtable")]
    public void A_hash_behaves_as_a_dictionary(int fields, string encoding)
    {
        var random = new RandomStream((ulong)fields);
        var hash = new HashObject();
        var model = new Dictionary<string, string>();
        for (var step = 0; step < fields * 6; step++)
        {
            var field = random.Next(2) == 0 ? "f" + random.Next(fields) : random.Next(fields).ToString();
            if (random.Next(4) == 0)
            {
                Assert.Equal(model.Remove(field), hash.Remove(Bytes(field)));
                continue;
            }
            var value = random.Next(2) == 0 ? "v" + step : step.ToString();
            Assert.Equal(!model.ContainsKey(field), hash.Set(Bytes(field), Bytes(value), Limits));
            model[field] = value;
            Assert.True(hash.TryGet(Bytes(field), out var found) && found.Is(Bytes(value)));
        }
        Assert.Equal(encoding, hash.Encoding);
        AssertSame(model, hash);
        AssertSame(model, (HashObject)hash.Clone());
        hash.ConvertToTable(Limits);
        AssertSame(model, hash);
    }

    [Fact]
    public void A_hash_becomes_a_table_with_its_513th_field_or_a_65th_byte()
    {
        var hash = new HashObject();
        for (var i = 0; i < 512; i++)
            hash.Set(RedisNumber.ToBytes(i), Bytes(new string('v', 64)), Limits);
        Assert.Equal("listpack", hash.Encoding);
        hash.Set("one more"u8, "v"u8, Limits);
        Assert.Equal("hashtable", hash.Encoding);
        hash = new HashObject();
        hash.Set("f"u8, Bytes(new string('v', 65)), Limits);
        Assert.Equal("hashtable", hash.Encoding);
    }

    [Theory]
    [InlineData(400, false, "intset")]
    [InlineData(600, false, "hashtable")]
    [InlineData(400, true, "hashtable")]
    public void A_set_behaves_as_a_set(int members, bool words, string encoding)
    {
        var random = new RandomStream((ulong)members);
        var set = new SetObject();
        var model = new HashSet<string>();
        for (var step = 0; step < members * 20; step++)
        {
            var member = random.Next(members).ToString();
            if (words && random.Next(2) == 0)
                member = "w" + member;
            if (random.Next(8) == 0)
                Assert.Equal(model.Remove(member), set.Remove(Bytes(member)));
            else
                Assert.Equal(model.Add(member), set.Add(Bytes(member), Limits));
            Assert.Equal(model.Contains(member), set.Contains(Bytes(member)));
        }
        Assert.Equal(encoding, set.Encoding);
        var found = new List<string>();
        foreach (var member in (SetObject)set.Clone())
        {
            Assert.True(set.Contains(member));
            found.Add(Text(member));
        }
        Assert.Equal(model.Order(), found.Order());
    }

    [Theory]
    [InlineData(100, 10, "listpack")]
    [InlineData(1000, 10, "skiplist")]
    [InlineData(1000, 100000, "skiplist")]
    public void A_sorted_set_behaves_as_a_sorted_list(int members, int scores, string encoding)
    {
        var random = new RandomStream((ulong)(members + scores));
        var set = new SortedSetObject();
        var model = new Dictionary<string, double>();
        for (var step = 0; step < members * 10; step++)
        {
            var member = "m" + random.Next(members);
            var score = random.Next(2) == 0 ? random.Next(scores) : random.Next(scores) / 7.0;
            if (random.Next(5) == 0)
                Assert.Equal(model.Remove(member), set.Remove(Bytes(member)));
            else
                Assert.Equal(!model.ContainsKey(member), set.Set(Bytes(member), score, Limits));
            if (set.TryGetScore(Bytes(member), out var found))
                Assert.Equal(score, model[member] = found);
        }
        Assert.Equal(encoding, set.Encoding);
        AssertSame(model, set);
        AssertSame(model, (SortedSetObject)set.Clone());
        for (var i = 0; i < 50; i++)
        {
            var bound = random.Next(scores);
            Assert.Equal(model.Values.Count(s => s < bound), set.LowerBound(new ScoreBound(bound, behind: false)));
            Assert.Equal(model.Values.Count(s => s <= bound), set.LowerBound(new ScoreBound(bound, behind: true)));
        }
        var gone = Ordered(model).Skip(20).Take(30).ToArray();
        set.RemoveRange(20, 30);
        foreach (var (member, _) in gone)
            model.Remove(member);
        AssertSame(model, set);
    }

    [Fact]
    public void A_small_sorted_set_has_the_bytes_of_real_Redis()
    {
        // DUMP on Redis 7.0.15 after ZADD z 1 a 2.5 b -inf c 1e20 d 3 7.
        var set = new SortedSetObject();
        (string Member, double Score)[] members = [("a", 1), ("b", 2.5), ("c", double.NegativeInfinity), ("d", 1e20), ("7", 3)];
        foreach (var (member, score) in members)
            set.Set(Bytes(member), score, Limits);
        Assert.Equal(SmallSortedSet, Convert.ToHexStringLower(set.Packed!.Bytes));
    }

    private const string SmallSortedSet =
        "2b0000000a00816302842d696e6605816102010181620283322e3504070103018164028531652b323006ff";

    private static void AssertSame(Dictionary<string, string> model, HashObject hash)
    {
        Assert.Equal(model.Count, hash.Count);
        var found = new Dictionary<string, string>();
        foreach (var pair in hash)
            found.Add(Text(pair.Field), Text(pair.Value));
        Assert.Equal(model.OrderBy(p => p.Key), found.OrderBy(p => p.Key));
        for (var i = 0; i < hash.Count; i++)
            Assert.Equal(model[Text(hash.At(i).Field)], Text(hash.At(i).Value));
    }

    private static void AssertSame(Dictionary<string, double> model, SortedSetObject set)
    {
        var ordered = Ordered(model).ToArray();
        Assert.Equal(ordered.Length, set.Count);
        var found = new List<(string, double)>();
        for (var place = set.Seek(0); !place.IsNone; place = place.Next())
            found.Add((Text(place.Member), place.Score));
        Assert.Equal(ordered, found);
        found.Clear();
        for (var place = set.Seek(set.Count - 1); !place.IsNone; place = place.Previous())
            found.Add((Text(place.Member), place.Score));
        Assert.Equal(Enumerable.Reverse(ordered), found);
        for (var rank = 0; rank < ordered.Length; rank++)
        {
            Assert.Equal(ordered[rank].Member, Text(set.Seek(rank).Member));
            Assert.Equal(rank, set.LowerBound(new MemberBound(ordered[rank].Score, Bytes(ordered[rank].Member))));
        }
    }

    private static IEnumerable<(string Member, double Score)> Ordered(Dictionary<string, double> model) =>
        model.OrderBy(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value));

    private static string Text(Element element) => Encoding.ASCII.GetString(element.ToArray());

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
