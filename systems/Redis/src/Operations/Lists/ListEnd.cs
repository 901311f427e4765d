namespace Microcosm.Redis;

/// <summary>One of the two ends of a list.</summary>
internal enum ListEnd
{
    Left,
    Right,
}
