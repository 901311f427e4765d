namespace Microcosm.Nginx;

/// <summary>Where connections to an upstream come from: an address, or a text that gives it; neither is off.</summary>
internal sealed record LocalAddress(Address? Address, ComplexValue? Value, bool IsTransparent);
