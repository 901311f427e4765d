using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// What a request (or a stream session) knows of itself, by the ids of <see cref="VariableTable.BuiltIns"/>. The evaluator of values knows
/// nothing else of requests.
/// </summary>
internal interface IVariableSource
{
    /// <summary>
    /// Writes the value of a built-in variable; <paramref name="suffix"/> is what follows a family's prefix. False: not found.
    /// </summary>
    bool TryWrite(int id, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output);

    /// <summary>Assigns one of the few built-in variables that can be assigned.</summary>
    void Assign(int id, ReadOnlySpan<byte> value);

    /// <summary>A variable was read before <c>set</c> gave it a value; nginx logs <c>using uninitialized "x" variable</c>.</summary>
    void OnUninitialized(Variable variable);
}
