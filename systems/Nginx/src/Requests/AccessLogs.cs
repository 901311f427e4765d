using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>Writes the lines of access logs.</summary>
internal sealed class AccessLogs(NginxWorker worker)
{
    private const long SilenceMs = 60_000;

    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Dictionary<string, long> _toldMs = new(StringComparer.Ordinal);

    public void Write(HttpRequest request)
    {
        // Where no location says so, the built-in log is written.
        var logs = request.Level.IsSet(LogModule.Http.Logs) ? request.Level.Get(LogModule.Http.Logs) : worker.BuiltInAccessLogs;
        foreach (var log in logs)
        {
            if (log.Condition is { } condition && !RewriteEngine.IsTrue(condition.Evaluate(request.Values).Span))
                continue;
            _line.ResetWrittenCount();
            log.Format.Value.WriteLogged(request.Values, _line, log.Format.Escape);
            if (log.Syslog is { } server)
            {
                if (!worker.Syslog.TrySend(server, server.Severity, worker.Http.Clock.GetLocalNow(), _line.WrittenSpan))
                    request.LogError(LogLevel.Warn, "send() to syslog failed");
                continue;
            }
            _line.Write("\n"u8);
            if (log.Path is { IsLiteral: true })
                WriteFixed(request, log);
            else
                WriteNamed(request, log.Path!);
        }
    }

    private void WriteFixed(HttpRequest request, AccessLog log)
    {
        var errno = log.BufferBytes > 0
            ? worker.LogFiles.Append(log.Path!.Source, _line.WrittenSpan, log, worker.Http.Deadlines)
            : worker.LogFiles.Write(log.Path!.Source, _line.WrittenSpan);
        var now = worker.Http.Deadlines.NowMs;
        if (errno == 0 || (_toldMs.TryGetValue(log.Path.Source, out var told) && now - told < SilenceMs))
            return;
        _toldMs[log.Path.Source] = now;
        request.LogError(LogLevel.Alert, $"write() to \"{log.Path.Source}\" failed ({errno}: {ProgramMachine.TextOf(errno)})");
    }

    // The request chose the name: it may not choose before there is a folder of documents, nor make nginx keep files open.
    private void WriteNamed(HttpRequest request, ComplexValue name)
    {
        var root = FilePath.Root(request);
        var facts = StaticFiles.Look(root);
        if (!facts.IsFolder)
        {
            var missing = facts.Exists ? FileFacts.NotAFolder : facts.Errno;
            request.LogError(LogLevel.Error,
                $"testing \"{Latin1.Text(root)}\" existence failed ({missing}: {ProgramMachine.TextOf(missing)})");
            return;
        }
        var path = Latin1.Text(name.Evaluate(request.Values).Span);
        var cache = request.Level.Get(LogModule.Http.OpenFiles);
        var errno = worker.LogFiles.WriteOnce(path, _line.WrittenSpan, cache, worker.Http.Deadlines.NowMs);
        if (errno != 0)
            request.LogError(LogLevel.Crit, $"open() \"{path}\" failed ({errno}: {ProgramMachine.TextOf(errno)})");
    }
}
