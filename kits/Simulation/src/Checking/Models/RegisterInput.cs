namespace Microcosm.Simulation;

/// <summary>An operation on a register. Build it with <see cref="Read"/>, <see cref="Write"/> or <see cref="CompareAndSet"/>.</summary>
/// <param name="Key">Which register.</param>
/// <param name="Value">To write; null removes.</param>
/// <param name="Expected">For compare-and-set; null for "none".</param>
public readonly record struct RegisterInput(RegisterCall Call, string Key, string? Value = null, string? Expected = null)
{
    public static RegisterInput Read(string key) => new(RegisterCall.Read, key);

    public static RegisterInput Write(string key, string? value) => new(RegisterCall.Write, key, value);

    public static RegisterInput CompareAndSet(string key, string? expected, string? value) =>
        new(RegisterCall.CompareAndSet, key, value, expected);
}
