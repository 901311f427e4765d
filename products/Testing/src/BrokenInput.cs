using Microcosm.Runtime;

namespace Microcosm.Testing;

/// <summary>Inputs for fuzz tests: good ones, a little wrong.</summary>
public static class BrokenInput
{
    private const int EditsMax = 3;
    private const int RemovedMax = 4;
    private const double LikelyChance = 0.7;

    /// <summary>
    /// A copy with none to three edits: a byte is replaced or put in, up to four are taken out, or the rest is cut off.
    /// </summary>
    /// <param name="good">What a protocol's reader takes.</param>
    /// <param name="random">What the edits come from: the same stream, the same edits.</param>
    /// <param name="likely">Bytes that mean something in the protocol: most new ones are of these; none for any.</param>
    public static byte[] Of(IEnumerable<byte> good, RandomStream random, ReadOnlySpan<byte> likely = default)
    {
        var bytes = good.ToList();
        for (var edits = random.Next(EditsMax + 1); edits > 0 && bytes.Count > 1; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = Any(random, likely);
                    break;
                case 1:
                    bytes.Insert(at, Any(random, likely));
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(RemovedMax, bytes.Count - at) + 1));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte Any(RandomStream random, ReadOnlySpan<byte> likely) =>
        likely.Length > 0 && random.Chance(LikelyChance) ? likely[random.Next(likely.Length)] : (byte)random.Next(256);
}
