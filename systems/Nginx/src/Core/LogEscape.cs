namespace Microcosm.Nginx;

/// <summary>How a log format writes bytes that are special.</summary>
internal enum LogEscape
{
    Default,
    Json,
    None,
}
