using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>What the commands of a client's request and of everything that is included in its response have in common.</summary>
internal sealed class SsiShared
{
    private readonly Dictionary<string, byte[]> _variables = new(StringComparer.Ordinal);
    private readonly List<(string Name, ArrayBufferWriter<byte> Text)> _blocks = [];

    /// <summary>Of the last pattern that matched.</summary>
    public Captures Captures { get; } = new();

    /// <summary>Gives a variable a value; its name knows no case.</summary>
    public void Set(string name, byte[] value) => _variables[Latin1.Lower(name)] = value;

    /// <summary>A capture, a variable that a command set, or one of the request.</summary>
    public bool TryGet(HttpRequest request, string name, out ReadOnlyMemory<byte> value)
    {
        if (name is [>= '0' and <= '9'] && name[0] - '0' < Captures.Count)
        {
            value = Captures[name[0] - '0'].ToArray();
            return true;
        }
        var lower = Latin1.Lower(name);
        if (_variables.TryGetValue(lower, out var own))
        {
            value = own;
            return true;
        }
        return request.Values.TryGet(lower, out value);
    }

    /// <summary>Begins a block; those that are there stay, and the first of a name counts.</summary>
    public void Begin(string block) => _blocks.Add((block, new ArrayBufferWriter<byte>()));

    /// <summary>More of the block that began last.</summary>
    public void Append(ReadOnlySpan<byte> text) => _blocks[^1].Text.Write(text);

    /// <summary>The text of a block; null where there is none.</summary>
    public byte[]? Block(string name)
    {
        foreach (var (known, text) in _blocks)
        {
            if (known == name)
                return text.WrittenSpan.ToArray();
        }
        return null;
    }
}
