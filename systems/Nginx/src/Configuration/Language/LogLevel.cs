namespace Microcosm.Nginx;

/// <summary>Levels of error_log, most severe first (names as nginx prints them in brackets).</summary>
internal enum LogLevel
{
    Stderr,
    Emerg,
    Alert,
    Crit,
    Error,
    Warn,
    Notice,
    Info,
    Debug,
}
