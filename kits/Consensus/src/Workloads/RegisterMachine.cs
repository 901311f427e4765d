using System.Globalization;
using System.Text;

namespace Microcosm.Consensus;

/// <summary>A replicated map of registers. Its snapshot is text: a hash of all that was applied, then the pairs.</summary>
internal sealed class RegisterMachine
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Of every command applied, in order, with its place.</summary>
    public ulong Hash { get; private set; } = 0xcbf29ce484222325UL;

    public string Read(string key) => _values.TryGetValue(key, out var value) ? "VALUE " + value : "NONE";

    /// <summary>Carries out <c>W key value</c> or <c>C key expected value</c>; an empty command does nothing.</summary>
    public string Apply(long index, long term, string command)
    {
        Mix(string.Create(CultureInfo.InvariantCulture, $"{index}/{term} {command}"));
        switch (command.Split(' '))
        {
            case ["W", var key, var value]:
                _values[key] = value;
                return "OK";
            case ["C", var key, var expected, var value]:
                if (_values.GetValueOrDefault(key, "-") != expected)
                    return "KEPT";
                _values[key] = value;
                return "SWAPPED";
            default:
                return "";
        }
    }

    public byte[] Save() => Encoding.UTF8.GetBytes(
        Hash.ToString(CultureInfo.InvariantCulture) + string.Concat(_values.Select(v => $"\n{v.Key}={v.Value}")));

    public static RegisterMachine Load(ReadOnlySpan<byte> snapshot)
    {
        var machine = new RegisterMachine();
        if (snapshot.IsEmpty)
            return machine;
        var lines = Encoding.UTF8.GetString(snapshot).Split('\n');
        machine.Hash = ulong.Parse(lines[0], CultureInfo.InvariantCulture);
        foreach (var line in lines[1..])
            machine._values[line.Split('=')[0]] = line.Split('=')[1];
        return machine;
    }

    private void Mix(string text)
    {
        foreach (var c in text)
            Hash = (Hash ^ c) * 0x100000001b3UL;
    }
}
