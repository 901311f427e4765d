namespace Microcosm.Nginx;

/// <summary>A <c>log_format</c>: values one after the other, each variable escaped as the format says.</summary>
internal sealed record LogFormat(string Name, LogEscape Escape, ComplexValue Value);
