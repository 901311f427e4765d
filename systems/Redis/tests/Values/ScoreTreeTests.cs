using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis.Tests;

public class ScoreTreeTests
{
    [Theory]
    [InlineData(50, 3)]
    [InlineData(4000, 5)]
    [InlineData(4000, 100000)]
    [InlineData(40000, 100000)]
    public void It_behaves_as_a_sorted_list_under_random_edits(int members, int scores)
    {
        var random = new RandomStream((ulong)(members + scores));
        var tree = new ScoreTree();
        var model = new SortedSet<(double Score, string Member)>(Comparer<(double Score, string Member)>.Create(Compare));
        for (var step = 0; step < members * 4; step++)
        {
            var shrinking = step / members % 2 == 1;
            var entry = (Score: (double)random.Next(scores), Member: "m" + random.Next(members));
            if (shrinking && model.Count > 0 && random.Next(4) > 0)
                entry = model.GetViewBetween(entry, (double.PositiveInfinity, "")).FirstOrDefault(model.Min);
            if (model.Contains(entry) || (shrinking && random.Next(3) > 0))
            {
                Assert.Equal(model.Remove(entry), tree.Remove(entry.Score, Bytes(entry.Member)));
            }
            else
            {
                model.Add(entry);
                tree.Insert(SortedSetItem.Pack(Bytes(entry.Member), entry.Score));
            }
            if (step % (members / 2) == 0)
                AssertSame(model, tree);
        }
        AssertSame(model, tree);
        foreach (var entry in model.ToArray())
            Assert.True(tree.Remove(entry.Score, Bytes(entry.Member)));
        Assert.Equal(0, tree.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Ordered_insertions_are_found_by_rank(int direction)
    {
        var tree = new ScoreTree();
        for (var i = 0; i < 100000; i++)
            tree.Insert(SortedSetItem.Pack(Bytes("m"), i * direction));
        for (var i = 0; i < 100000; i++)
        {
            var leaf = tree.Seek(i, out var index);
            Assert.Equal(direction > 0 ? i : i - 99999, leaf.Score(index));
            Assert.Equal(i, tree.LowerBound(new ScoreBound(leaf.Score(index), behind: false)));
            Assert.Equal(i + 1, tree.LowerBound(new ScoreBound(leaf.Score(index), behind: true)));
        }
    }

    private static void AssertSame(SortedSet<(double Score, string Member)> model, ScoreTree tree)
    {
        Assert.Equal(model.Count, tree.Count);
        if (model.Count == 0)
            return;
        var leaf = tree.Seek(0, out var index);
        var rank = 0;
        foreach (var (score, member) in model)
        {
            if (index == leaf.Total)
            {
                Assert.Same(leaf, leaf.Next!.Previous);
                leaf = leaf.Next!;
                index = 0;
            }
            Assert.Equal((score, member), (leaf.Score(index), Encoding.ASCII.GetString(SortedSetItem.KeyOf(leaf.Item(index)))));
            Assert.Equal(rank, tree.LowerBound(new MemberBound(score, Bytes(member))));
            Assert.Same(leaf, tree.Seek(rank++, out var found));
            Assert.Equal(index++, found);
        }
        Assert.Null(leaf.Next);
    }

    private static int Compare((double Score, string Member) a, (double Score, string Member) b) =>
        a.Score != b.Score ? a.Score.CompareTo(b.Score) : string.CompareOrdinal(a.Member, b.Member);

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
