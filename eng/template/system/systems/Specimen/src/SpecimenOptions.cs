using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Specimen;

/// <summary>Options and limits of one server. Values out of range throw <see cref="ArgumentException"/> when they are set.</summary>
public sealed class SpecimenOptions
{
    /// <summary><c>connections-max</c>: those that come when so many are open are told and closed.</summary>
    [Limit("connections-max")]
    public int ConnectionsMax { get; set => field = InRange("connections-max", value, 1, 1_000_000); } = 10_000;

    /// <summary><c>line-bytes-max</c>: the longest request, without its end; a longer one is told and closes the connection.</summary>
    [Limit("line-bytes-max")]
    public int LineBytesMax { get; set => field = InRange("line-bytes-max", value, 16, 1 << 20); } = 8 * 1024;

    /// <summary><c>keys-max</c>: a SET of one more key is refused.</summary>
    [Limit("keys-max")]
    public int KeysMax { get; set => field = InRange("keys-max", value, 1, 1_000_000); } = 10_000;

    /// <summary>Sets an option by its name. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new ArgumentException($"{name}: '{value}' is not a number");
        switch (name)
        {
            case "connections-max":
                ConnectionsMax = number;
                break;
            case "line-bytes-max":
                LineBytesMax = number;
                break;
            case "keys-max":
                KeysMax = number;
                break;
            default:
                throw new ArgumentException($"There is no option '{name}'. Known: connections-max, keys-max, line-bytes-max");
        }
    }

    private static int InRange(string name, int value, int min, int max) =>
        value >= min && value <= max ? value : throw new ArgumentException($"{name}: {value} is not from {min} to {max}");
}
