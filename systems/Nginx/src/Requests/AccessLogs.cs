using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>Writes the lines of access logs.</summary>
internal sealed class AccessLogs(NginxWorker worker)
{
    private readonly ArrayBufferWriter<byte> _line = new(512);

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
            _line.Write("\n"u8);
            if (log.Path is { } path)
                worker.LogFiles.Append(Latin1.Text(path.Evaluate(request.Values).Span), _line.WrittenSpan);
        }
    }
}
