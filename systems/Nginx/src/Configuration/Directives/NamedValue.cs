namespace Microcosm.Nginx;

/// <summary>A name and a text with variables.</summary>
internal readonly record struct NamedValue(string Name, ComplexValue Value);
