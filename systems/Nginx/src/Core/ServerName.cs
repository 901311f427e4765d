namespace Microcosm.Nginx;

/// <summary>A name of a server: literal (small letters), with a wildcard, or a pattern.</summary>
internal sealed record ServerName(string Text, VariablePattern? Pattern);
