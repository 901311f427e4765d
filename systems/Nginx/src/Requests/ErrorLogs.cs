using System.Globalization;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Writes the lines of error logs, with what nginx tells of the request behind them.</summary>
internal sealed class ErrorLogs(NginxWorker worker)
{
    public void Write(HttpRequest request, LogLevel level, string message)
    {
        var logs = request.Level.IsSet(HttpCoreModule.ErrorLogs) ? request.Level.Get(HttpCoreModule.ErrorLogs) : worker.MainErrorLogs;
        var line = default(byte[]);
        foreach (var log in logs)
        {
            if (level > log.Level)
                continue;
            line ??= Line(request, level, message);
            if (log.Path.Length > 0)
                worker.LogFiles.Append(log.Path, line);
            else if (log.Syslog is null && log.MemoryBytes == 0)
                worker.WriteStandardError(line);
        }
    }

    /// <summary>Of a connection on which there is no request.</summary>
    public void Write(ClientConnection connection, LogLevel level, string message)
    {
        var settings = connection.Server.Level;
        var logs = settings.IsSet(HttpCoreModule.ErrorLogs) ? settings.Get(HttpCoreModule.ErrorLogs) : worker.MainErrorLogs;
        var client = (connection.Transport.Remote as System.Net.IPEndPoint)?.Address.ToString() ?? "unix:";
        var time = LogTime.Error(worker.Http.Clock.GetLocalNow());
        var line = Latin1.Bytes(string.Create(CultureInfo.InvariantCulture,
            $"{time} [{level.ToString().ToLowerInvariant()}] {worker.ProcessId}#{worker.ProcessId}: *{connection.Transport.ConnectionId} ")
            + $"{message}, client: {client}, server: {connection.Listen.Address}\n");
        foreach (var log in logs.Where(l => level <= l.Level))
        {
            if (log.Path.Length > 0)
                worker.LogFiles.Append(log.Path, line);
            else if (log.Syslog is null && log.MemoryBytes == 0)
                worker.WriteStandardError(line);
        }
    }

    private byte[] Line(HttpRequest request, LogLevel level, string message)
    {
        var text = new StringBuilder(256);
        var id = request.Exchange.Connection.Transport.ConnectionId;
        text.Append(CultureInfo.InvariantCulture,
            $"{LogTime.Error(worker.Http.Clock.GetLocalNow())} [{level.ToString().ToLowerInvariant()}] ");
        text.Append(CultureInfo.InvariantCulture, $"{worker.ProcessId}#{worker.ProcessId}: *{id} {message}");
        text.Append(CultureInfo.InvariantCulture,
            $", client: {request.Client?.Address.ToString() ?? "unix:"}, server: {request.Server.Name}");
        var line = request.Exchange.RequestLine;
        if (!line.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", request: \"{Latin1.Text(line)}\"");
        if (request.Upstream.Url is { } url)
            text.Append(CultureInfo.InvariantCulture, $", upstream: \"{url}\"");
        var host = request.Exchange.RequestHeaders[KnownHeader.Host];
        if (!host.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", host: \"{Latin1.Text(host)}\"");
        var referer = request.Exchange.RequestHeaders[KnownHeader.Referer];
        if (!referer.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", referrer: \"{Latin1.Text(referer)}\"");
        return Latin1.Bytes(text.Append('\n').ToString());
    }
}
