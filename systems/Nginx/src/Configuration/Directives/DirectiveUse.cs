namespace Microcosm.Nginx;

/// <summary>A directive that a configuration uses, and where it does first (<c>FILE:LINE</c>).</summary>
internal sealed record DirectiveUse(Directive Directive, string Place);
