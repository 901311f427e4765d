namespace Microcosm.Nginx;

/// <summary>What a directive's arguments are, for those who list directives.</summary>
internal enum DirectiveKind
{
    Flag,
    Number,
    Size,
    Offset,
    Milliseconds,
    Seconds,
    Text,
    List,
    Pairs,
    Choice,
    Mask,
    Buffers,
    Value,
    Custom,
    Block,
}
