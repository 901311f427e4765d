namespace Microcosm.Nginx;

/// <summary>The last command of a condition that is open.</summary>
internal enum SsiBranch
{
    None,
    If,
    Else,
}
