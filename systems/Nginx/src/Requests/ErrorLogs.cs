using System.Globalization;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Writes the lines of error logs, with what nginx tells of the request behind them.</summary>
internal sealed class ErrorLogs(NginxWorker worker)
{
    // NGX_MAX_ERROR_STR
    private const int LineBytesMax = 2048;

    public void Write(HttpRequest request, LogLevel level, string message)
    {
        var logs = request.Level.IsSet(HttpCoreModule.ErrorLogs) ? request.Level.Get(HttpCoreModule.ErrorLogs) : worker.MainErrorLogs;
        if (!ErrorLogSink.Takes(logs, level))
            return;
        var now = worker.Http.Clock.GetLocalNow();
        worker.ErrorLogSink.Write(logs, level, now, Line(request, level, now, message));
    }

    /// <summary>Of the worker itself.</summary>
    public void Write(LogLevel level, string message) => Write(worker.MainErrorLogs, level, message);

    /// <summary>Of what was done for a location, or a server of the stream part, and for no client.</summary>
    public void Write(Level settings, Setting<IReadOnlyList<ErrorLog>> logs, LogLevel level, string message) =>
        Write(settings.IsSet(logs) ? settings.Get(logs) : worker.MainErrorLogs, level, message);

    private void Write(IReadOnlyList<ErrorLog> logs, LogLevel level, string message)
    {
        if (!ErrorLogSink.Takes(logs, level))
            return;
        var now = worker.Http.Clock.GetLocalNow();
        worker.ErrorLogSink.Write(logs, level, now, Latin1.Bytes($"{Beginning(level, now)}{message}\n"));
    }

    /// <summary>Of a connection on which there is no request.</summary>
    public void Write(ClientConnection connection, LogLevel level, string message)
    {
        var settings = connection.Server.Level;
        var logs = settings.IsSet(HttpCoreModule.ErrorLogs) ? settings.Get(HttpCoreModule.ErrorLogs) : worker.MainErrorLogs;
        if (!ErrorLogSink.Takes(logs, level))
            return;
        var client = worker.AddressOf(connection.Transport.Remote)?.Address.ToString() ?? "unix:";
        var now = worker.Http.Clock.GetLocalNow();
        var line = Latin1.Bytes(string.Create(CultureInfo.InvariantCulture, $"{Beginning(level, now)}*{connection.Transport.ConnectionId} ")
            + $"{message}, client: {client}, server: {connection.Listen.Address}\n");
        worker.ErrorLogSink.Write(logs, level, now, line);
    }

    // nginx names process and thread; here they are one.
    private string Beginning(LogLevel level, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture,
        $"{LogTime.Error(now)} [{level.ToString().ToLowerInvariant()}] {worker.ProcessId}#{worker.ProcessId}: ");

    private byte[] Line(HttpRequest request, LogLevel level, DateTimeOffset now, string message)
    {
        var text = new StringBuilder(256);
        var exchange = request.Exchange;
        text.Append(CultureInfo.InvariantCulture, $"{Beginning(level, now)}*{exchange.Connection.Transport.ConnectionId} {message}");
        text.Append(CultureInfo.InvariantCulture,
            $", client: {request.Client?.Address.ToString() ?? "unix:"}, server: {request.Server.Name}");
        if (!exchange.RequestLine.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", request: \"{Latin1.Text(exchange.RequestLine)}\"");
        if (request.Parent is not null)
            text.Append(CultureInfo.InvariantCulture, $", subrequest: \"{Latin1.Text(request.Uri)}\"");
        if (request.Upstream.Url is { } url)
            text.Append(CultureInfo.InvariantCulture, $", upstream: \"{url}\"");
        var host = exchange.RequestHeaders[KnownHeader.Host];
        if (!host.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", host: \"{Latin1.Text(host)}\"");
        var referer = exchange.RequestHeaders[KnownHeader.Referer];
        if (!referer.IsEmpty)
            text.Append(CultureInfo.InvariantCulture, $", referrer: \"{Latin1.Text(referer)}\"");
        text.Length = Math.Min(text.Length, LineBytesMax - 1);
        return Latin1.Bytes(text.Append('\n').ToString());
    }
}
