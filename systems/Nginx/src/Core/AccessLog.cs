namespace Microcosm.Nginx;

/// <summary>One destination of <c>access_log</c>.</summary>
/// <param name="Path">A file's name, with variables perhaps; null if it goes to syslog.</param>
/// <param name="Syslog">Not null if it goes there.</param>
/// <param name="Condition">Logs if it is null, or neither empty nor 0.</param>
/// <param name="BufferBytes">0 for no buffer.</param>
/// <param name="FlushMs">0 for never by time.</param>
/// <param name="GzipLevel">0 for plain.</param>
internal sealed record AccessLog(
    ComplexValue? Path, SyslogServer? Syslog, LogFormat Format, ComplexValue? Condition, long BufferBytes, long FlushMs, int GzipLevel);
