namespace Microcosm.Redis;

/// <summary>One argument of a command, as COMMAND DOCS tells it.</summary>
/// <param name="Name">Its name; of a group, the group's.</param>
/// <param name="Type">key, string, integer, double, pattern, unix-time, pure-token, oneof or block.</param>
/// <param name="Token">The word that it is, or that comes before it; null without one.</param>
/// <param name="Arguments">The alternatives of a oneof, the members of a block.</param>
/// <param name="Flags">optional, multiple, multiple_token.</param>
internal sealed record SyntaxArgument(
    string Name, string Type, string? Token, IReadOnlyList<SyntaxArgument> Arguments, IReadOnlyList<string> Flags);
