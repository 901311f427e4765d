using System.Globalization;

namespace Microcosm.Simulation.Tests.Samples.Register;

/// <summary>What an acceptor holds: the whole state, and the place of the write that made it.</summary>
internal readonly record struct Accepted(long Epoch, long Ordinal, string State) : IComparable<Accepted>
{
    public static readonly Accepted None = new(0, 0, "-");

    public int CompareTo(Accepted other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Ordinal.CompareTo(other.Ordinal);

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Epoch} {Ordinal} {State}");

    public static Accepted Parse(ReadOnlySpan<string> words) =>
        new(long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture), words[2]);

    public SortedDictionary<string, string> Values()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in State == "-" ? [] : State.Split(','))
            values[pair.Split('=')[0]] = pair.Split('=')[1];
        return values;
    }

    public static string Pack(SortedDictionary<string, string> values) => string.Join(',', values.Select(v => $"{v.Key}={v.Value}"));
}
