using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// A <c>map</c>: from a value to a value. Exact keys come first, then wildcards of host names, then patterns in their order.
/// </summary>
internal sealed class MapTable(ComplexValue key) : IVariableFormula
{
    private readonly HostNameTable<ComplexValue> _keys = new();
    private readonly List<(VariablePattern Pattern, ComplexValue Value)> _patterns = [];
    private ComplexValue? _default;

    /// <summary>Keys may have wildcards; a trailing dot of the value does not count.</summary>
    public bool HasHostNames { get; set; }

    /// <summary>Asked anew each time.</summary>
    public bool IsVolatile { get; set; }

    public bool TrySetDefault(ComplexValue value)
    {
        if (_default is not null)
            return false;
        _default = value;
        return true;
    }

    public HostNameAdded Add(string name, ComplexValue value) => _keys.Add(name, value, HasHostNames);

    public void Add(VariablePattern pattern, ComplexValue value) => _patterns.Add((pattern, value));

    /// <inheritdoc/>
    public bool TryWrite(RequestValues values, IBufferWriter<byte> output)
    {
        var subject = key.Evaluate(values).Span;
        if (HasHostNames && subject is [.., (byte)'.'])
            subject = subject[..^1];
        Find(subject, values)?.Write(values, output);
        return true;
    }

    private ComplexValue? Find(ReadOnlySpan<byte> subject, RequestValues values)
    {
        Span<byte> lower = subject.Length <= 256 ? stackalloc byte[subject.Length] : new byte[subject.Length];
        for (var i = 0; i < subject.Length; i++)
            lower[i] = Latin1.Lower(subject[i]);
        if (_keys.TryFind(lower, out var found))
            return found;
        // Patterns see the value as it is.
        foreach (var (pattern, value) in _patterns)
        {
            if (pattern.Match(subject, values))
                return value;
        }
        return _default;
    }
}
