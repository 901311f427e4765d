using System.Buffers;
using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>Lines of logs of the stream part.</summary>
internal static class StreamLogs
{
    public static void WriteAccess(StreamSession session)
    {
        foreach (var log in session.Level.Get(LogModule.Stream.Logs))
        {
            if (log.Condition is { } condition && !RewriteEngine.IsTrue(condition.Evaluate(session.Values).Span))
                continue;
            var line = new ArrayBufferWriter<byte>(256);
            log.Format.Value.WriteLogged(session.Values, line, log.Format.Escape);
            var (worker, files) = (session.Worker, session.Worker.LogFiles);
            if (log.Syslog is { } server)
            {
                worker.Syslog.TrySend(server, server.Severity, worker.Http.Clock.GetLocalNow(), line.WrittenSpan);
                continue;
            }
            line.Write("\n"u8);
            if (log.Path is not { IsLiteral: true })
                files.WriteOnce(Latin1.Text(log.Path!.Evaluate(session.Values).Span), line.WrittenSpan,
                    session.Level.Get(LogModule.Stream.OpenFiles), worker.Http.Deadlines.NowMs);
            else if (log.BufferBytes > 0)
                files.Append(log.Path.Source, line.WrittenSpan, log, worker.Http.Deadlines);
            else
                files.Write(log.Path.Source, line.WrittenSpan);
        }
    }

    public static void WriteError(StreamSession session, LogLevel level, string message)
    {
        var server = session.Nginx;
        var logs = session.Level.IsSet(StreamCoreModule.ErrorLogs) ? session.Level.Get(StreamCoreModule.ErrorLogs) : server.MainErrorLogs;
        if (!ErrorLogSink.Takes(logs, level))
            return;
        var now = session.Worker.Http.Clock.GetLocalNow();
        var upstream = session.Attempts.Count > 0 ? $", upstream: \"{session.Attempts[^1].Peer}\"" : "";
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{LogTime.Error(now)} [{level.ToString().ToLowerInvariant()}] {server.ProcessId}#{server.ProcessId}: ")
            + string.Create(CultureInfo.InvariantCulture, $"*{session.ConnectionId} {message}, ")
            + (session.IsUdp ? "udp " : "")
            + string.Create(CultureInfo.InvariantCulture, $"client: {session.Client?.Address.ToString() ?? "unix:"}, ")
            + string.Create(CultureInfo.InvariantCulture, $"server: {session.Listen.Address}{upstream}, ")
            + string.Create(CultureInfo.InvariantCulture, $"bytes from/to client:{session.BytesReceived}/{session.BytesSent}, ")
            + string.Create(CultureInfo.InvariantCulture, $"bytes from/to upstream:{Received(session)}/{Sent(session)}\n");
        server.ErrorLogSink.Write(logs, level, now, Latin1.Bytes(line));
    }

    private static long Received(StreamSession session) => session.Attempts.Count > 0 ? session.Attempts[^1].BytesReceived : 0;

    private static long Sent(StreamSession session) => session.Attempts.Count > 0 ? session.Attempts[^1].BytesSent : 0;
}
