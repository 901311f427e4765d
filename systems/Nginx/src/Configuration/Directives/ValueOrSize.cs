namespace Microcosm.Nginx;

/// <summary>Bytes, known now or, where <paramref name="Value"/> is not null, for each request.</summary>
internal sealed record ValueOrSize(long Size, ComplexValue? Value);
