using System.Runtime.CompilerServices;

namespace Microcosm.Nginx;

/// <summary>Where the lines of error logs go: files, standard error, syslog, memory. Thread-safe.</summary>
internal sealed class ErrorLogSink(LogFiles files, SyslogSender syslog, Action<byte[]> standardError)
{
    private readonly ConditionalWeakTable<ErrorLog, MemoryLog> _memory = [];

    /// <summary>True where some log takes lines of this level.</summary>
    public static bool Takes(IReadOnlyList<ErrorLog> logs, LogLevel level)
    {
        for (var i = 0; i < logs.Count; i++)
        {
            if (level <= logs[i].Level)
                return true;
        }
        return false;
    }

    /// <summary>Writes a line with its end to the logs that take its level.</summary>
    public void Write(IReadOnlyList<ErrorLog> logs, LogLevel level, DateTimeOffset localTime, byte[] line)
    {
        foreach (var log in logs)
        {
            if (level > log.Level)
                continue;
            if (log.Syslog is { } server)
                syslog.TrySend(server, level - LogLevel.Emerg, localTime, line.AsSpan(0, line.Length - 1));
            else if (log.MemoryBytes > 0)
                MemoryOf(log).Write(line);
            else if (log.Path.Length > 0)
                files.Write(log.Path, line);
            else
                standardError(line);
        }
    }

    /// <summary>The ring of a log to memory.</summary>
    public MemoryLog MemoryOf(ErrorLog log) => _memory.GetValue(log, static l => new MemoryLog(l.MemoryBytes));
}
