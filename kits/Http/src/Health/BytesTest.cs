namespace Microcosm.Http;

/// <summary>A test of a field's value or of a body.</summary>
public delegate bool BytesTest(ReadOnlySpan<byte> bytes);
