using System.Text;

namespace Microcosm.Runtime;

/// <summary>
/// The one number that a run comes from. Every consumer draws from a stream of its own, by name, so that one more consumer shifts no
/// other decision: <c>seed.Stream("kafka/broker-1/election")</c>.
/// </summary>
public sealed class Seed(ulong value, string scope = "")
{
    /// <summary>The number to print and to replay from.</summary>
    public ulong Value { get; } = value;

    /// <summary>A new stream. The same seed, scope and name always give the same numbers.</summary>
    public RandomStream Stream(string name) => new(Mix(Value, scope + name));

    /// <summary>A seed whose streams lie below <paramref name="name"/>, as folders do.</summary>
    public Seed Scope(string name) => new(Value, scope + name + "/");

    // FNV-1a over the name, folded into the seed; RandomStream's own mixing spreads it.
    private static ulong Mix(ulong value, string name)
    {
        var hash = 0xcbf29ce484222325UL ^ value;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001b3UL;
        return hash ^ value;
    }
}
