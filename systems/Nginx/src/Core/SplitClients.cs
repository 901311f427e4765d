using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>A <c>split_clients</c>: parts of the 32-bit range of a hash, each up to its bound; the bound 0 takes the rest.</summary>
internal sealed class SplitClients(ComplexValue key, IReadOnlyList<(uint Bound, byte[] Value)> parts) : IVariableFormula
{
    /// <inheritdoc/>
    public bool TryWrite(RequestValues values, IBufferWriter<byte> output)
    {
        output.Write(Choose(key.Evaluate(values).Span));
        return true;
    }

    /// <summary>The value for a key.</summary>
    public ReadOnlySpan<byte> Choose(ReadOnlySpan<byte> text)
    {
        var hash = MurmurHash2.Of(text);
        foreach (var (bound, value) in parts)
        {
            if (hash < bound || bound == 0)
                return value;
        }
        return [];
    }
}
