namespace Microcosm.Nginx;

/// <summary>A name and a text.</summary>
internal readonly record struct NamedText(string Name, string Value);
