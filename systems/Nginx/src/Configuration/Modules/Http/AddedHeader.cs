namespace Microcosm.Nginx;

/// <summary>A header or trailer to add; <paramref name="Always"/>: whatever the status.</summary>
internal sealed record AddedHeader(string Name, ComplexValue Value, bool Always);
