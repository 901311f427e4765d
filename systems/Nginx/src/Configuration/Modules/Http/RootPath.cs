namespace Microcosm.Nginx;

/// <summary>Where files are: <c>root</c>, or <c>alias</c>, which replaces the name of the location that it stands in.</summary>
/// <param name="Replaced">That name; null for a location by a pattern, whose alias is the whole path.</param>
internal sealed record RootPath(ComplexValue Path, bool IsAlias, byte[]? Replaced);
