namespace Microcosm.Nginx;

/// <summary>Levels that the limits log at.</summary>
internal enum LimitLogLevel
{
    Info,
    Notice,
    Warn,
    Error,
}
