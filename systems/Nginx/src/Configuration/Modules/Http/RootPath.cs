namespace Microcosm.Nginx;

/// <summary>Where files are: <c>root</c>, or <c>alias</c>, which replaces the location's own name.</summary>
internal sealed record RootPath(ComplexValue Path, bool IsAlias);
