using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Random choices among numbered things.</summary>
internal static class RandomIndexes
{
    /// <summary>So many different numbers below <paramref name="below"/>, in random order (Fisher and Yates, of which only the start is
    /// kept).</summary>
    public static int[] Distinct(RandomStream random, int count, int below)
    {
        var chosen = new int[count];
        var moved = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            var at = random.Next(i, below);
            chosen[i] = moved.GetValueOrDefault(at, at);
            moved[at] = moved.GetValueOrDefault(i, i);
        }
        return chosen;
    }
}
