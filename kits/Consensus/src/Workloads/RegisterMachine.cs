using System.Globalization;
using System.Text;

namespace Microcosm.Consensus;

/// <summary>A replicated map of registers. Its snapshot is text: a hash of all that was applied, then the pairs.</summary>
internal sealed class RegisterMachine : IReplicatedMachine
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Of every command applied, in order, with its place.</summary>
    public ulong Hash { get; private set; } = 0xcbf29ce484222325UL;

    public string Read(string key) => _values.TryGetValue(key, out var value) ? "VALUE " + value : "NONE";

    /// <summary>Carries out <c>W key value</c> or <c>C key expected value</c>.</summary>
    public object? Apply(long index, ReadOnlyMemory<byte> command)
    {
        var text = Encoding.UTF8.GetString(command.Span);
        Mix(string.Create(CultureInfo.InvariantCulture, $"{index} {text}"));
        switch (text.Split(' '))
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

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Save() => Encoding.UTF8.GetBytes(
        Hash.ToString(CultureInfo.InvariantCulture) + string.Concat(_values.Select(v => $"\n{v.Key}={v.Value}")));

    /// <inheritdoc/>
    public void Restore(ReadOnlyMemory<byte> state)
    {
        var lines = Encoding.UTF8.GetString(state.Span).Split('\n');
        Hash = ulong.Parse(lines[0], CultureInfo.InvariantCulture);
        _values.Clear();
        foreach (var line in lines[1..])
            _values[line.Split('=')[0]] = line.Split('=')[1];
    }

    private void Mix(string text)
    {
        foreach (var c in text)
            Hash = (Hash ^ c) * 0x100000001b3UL;
    }
}
