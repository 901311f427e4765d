using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The variables of requests that have a value here, by name (nginx: ngx_http_core_variables).</summary>
internal static class HttpVariables
{
    public static IReadOnlyDictionary<string, VariableWriter> Table { get; } = new Dictionary<string, VariableWriter>
    {
        // The connection.
        ["binary_remote_addr"] = static (r, _, o) => r.Client is { } c && Put(o, c.Address.GetAddressBytes()),
        ["remote_addr"] = static (r, _, o) => Text(o, r.Client?.Address.ToString() ?? "unix:"),
        ["remote_port"] = static (r, _, o) => Text(o, r.Client is { Port: > 0 } c ? Number(c.Port) : ""),
        ["realip_remote_addr"] = static (r, _, o) => Text(o, Peer(r)?.Address.ToString() ?? "unix:"),
        ["realip_remote_port"] = static (r, _, o) => Text(o, Peer(r) is { Port: > 0 } p ? Number(p.Port) : ""),
        ["server_addr"] = static (r, _, o) => Text(o, Local(r) is { } l ? l.Address.ToString() : ""),
        ["server_port"] = static (r, _, o) => Text(o, Local(r) is { } l ? Number(l.Port) : ""),
        ["server_name"] = static (r, _, o) => Text(o, r.Server.Name),
        ["bytes_sent"] = static (r, _, o) => Text(o, Number(r.Exchange.ResponseBytes)),
        ["connection"] = static (r, _, o) => Text(o, Number(r.Exchange.Connection.Transport.ConnectionId)),
        ["connection_requests"] = static (r, _, o) => Text(o, Number(r.Exchange.Connection.Requests)),
        ["nginx_version"] = static (_, _, o) => Text(o, NginxBuild.Version),
        ["hostname"] = static (r, _, o) => Text(o, r.Worker.HostName),
        ["pid"] = static (r, _, o) => Text(o, Number(r.Worker.ProcessId)),
        ["connections_active"] = static (r, _, o) => Text(o, Number(r.Worker.Counters.Active)),
        ["connections_reading"] = static (r, _, o) => Text(o, Number(r.Worker.Counters.Reading)),
        ["connections_writing"] = static (r, _, o) => Text(o, Number(r.Worker.Counters.Writing)),
        ["connections_waiting"] = static (r, _, o) => Text(o, Number(r.Worker.Counters.Waiting)),
        // Time.
        ["msec"] = static (r, _, o) => Text(o, Milliseconds(r.Worker.Http.Clock.GetUtcNow().ToUnixTimeMilliseconds())),
        ["time_iso8601"] = static (r, _, o) => Text(o, LogTime.Iso(r.Worker.Http.Clock.GetLocalNow())),
        ["time_local"] = static (r, _, o) => Text(o, LogTime.Local(r.Worker.Http.Clock.GetLocalNow())),
        ["request_time"] = static (r, _, o) => Text(o, Milliseconds((long)r.Worker.Http.Clock.GetElapsedTime(r.BeganAt).TotalMilliseconds)),
        ["connection_time"] = static (r, _, o) =>
            Text(o, Milliseconds(r.Worker.Http.Deadlines.NowMs - r.Exchange.Connection.OpenedMs)),
        // The request.
        ["host"] = static (r, _, o) => Put(o, r.Host.Length > 0 ? r.Host : Latin1.Bytes(r.Server.Name)),
        ["server_protocol"] = static (r, _, o) => Text(o, r.Exchange.Version.ToString()),
        ["scheme"] = static (r, _, o) => Text(o, r.Connection.Tls is not null ? "https" : "http"),
        ["https"] = static (r, _, o) => Text(o, r.Connection.Tls is not null ? "on" : ""),
        ["http2"] = static (r, _, o) =>
            Text(o, r.Exchange.Version == Microcosm.Http.HttpVersion.Http2 ? r.Connection.Tls is not null ? "h2" : "h2c" : ""),
        ["request"] = static (r, _, o) => Put(o, r.Exchange.RequestLine),
        ["request_uri"] = static (r, _, o) => Put(o, r.Exchange.RawTarget),
        ["request_method"] = static (r, _, o) => Put(o, r.MethodName),
        ["request_length"] = static (r, _, o) => Text(o, Number(r.Exchange.HeadBytes + r.Exchange.BodyBytes)),
        ["request_id"] = static (r, _, o) => Text(o, r.Worker.RequestId(r)),
        ["uri"] = static (r, _, o) => Put(o, r.Uri),
        ["document_uri"] = static (r, _, o) => Put(o, r.Uri),
        ["args"] = static (r, _, o) => !r.Arguments.IsEmpty && Put(o, r.Arguments),
        ["query_string"] = static (r, _, o) => !r.Arguments.IsEmpty && Put(o, r.Arguments),
        ["is_args"] = static (r, _, o) => Text(o, r.Arguments.IsEmpty ? "" : "?"),
        ["document_root"] = static (r, _, o) => Put(o, FilePath.Root(r)),
        ["request_filename"] = static (r, _, o) => Put(o, FilePath.Of(r)),
        ["request_body"] = static (r, _, o) => r.Body is { File: null } body && Put(o, body.Memory),
        ["request_body_file"] = static (r, _, o) => r.Body is { File: { } file } && Text(o, file.Path),
        ["remote_user"] = static (r, _, o) => r.Credentials is { } c && Put(o, c.User),
        ["pipe"] = static (r, _, o) => Text(o, r.Exchange.IsPipelined ? "p" : "."),
        ["request_completion"] = static (r, _, o) => Text(o, r.Exchange.IsOver ? "OK" : ""),
        ["content_length"] = static (r, _, o) => Header(r, KnownHeader.ContentLength, o),
        ["content_type"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "content-type"u8, ", "u8, o),
        ["http_host"] = static (r, _, o) => Header(r, KnownHeader.Host, o),
        ["http_user_agent"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "user-agent"u8, ", "u8, o),
        ["http_referer"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "referer"u8, ", "u8, o),
        ["http_via"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "via"u8, ", "u8, o),
        ["http_x_forwarded_for"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "x-forwarded-for"u8, ", "u8, o),
        ["http_cookie"] = static (r, _, o) => Joined(r.Exchange.RequestHeaders, "cookie"u8, "; "u8, o),
        ["http_"] = static (r, name, o) => JoinedAlike(r.Exchange.RequestHeaders, Dashed(name), o),
        ["arg_"] = static (r, name, o) => Arguments.TryFind(r.Arguments, name, out var value) && Put(o, value),
        ["cookie_"] = static (r, name, o) => Cookies.TryFind(r.Exchange.RequestHeaders, name, out var value) && Put(o, value),
        ["proxy_add_x_forwarded_for"] = WriteForwardedFor,
        ["invalid_referer"] = WriteInvalidReferer,
        ["secure_link"] = static (r, _, o) => SecureLink.Check(r) is { } value && Put(o, value),
        ["secure_link_expires"] = static (r, _, o) => r.SecureLinkExpires is { } expires && Text(o, expires),
        // The response.
        ["status"] = static (r, _, o) => Text(o, r.LoggedStatus == 0 ? "000" : r.LoggedStatus.ToString("D3", CultureInfo.InvariantCulture)),
        ["body_bytes_sent"] = static (r, _, o) => Text(o, Number(r.Exchange.ResponseBodyBytes)),
        ["sent_http_content_type"] = static (r, _, o) =>
            r.IsAnswered ? Sent(r, KnownHeader.ContentType, o) : r.Response.FullType is { } type && Put(o, type),
        ["sent_http_content_length"] = static (r, _, o) =>
            r.IsAnswered ? Sent(r, KnownHeader.ContentLength, o)
                : r.Response.ContentLength >= 0 && Text(o, Number(r.Response.ContentLength)),
        ["sent_http_location"] = static (r, _, o) => Sent(r, KnownHeader.Location, o),
        ["sent_http_last_modified"] = static (r, _, o) => Sent(r, KnownHeader.LastModified, o),
        ["sent_http_connection"] = static (r, _, o) =>
            Text(o, r.Exchange.Status == 101 ? "upgrade" : r.Exchange.KeepsAlive ? "keep-alive" : "close"),
        ["sent_http_keep_alive"] = static (r, _, o) =>
            r.Exchange is { KeepsAlive: true, Options.KeepAliveHeaderSeconds: > 0 and var seconds }
                && Text(o, $"timeout={Number(seconds)}"),
        ["sent_http_transfer_encoding"] = static (r, _, o) => r.Response.ContentLength < 0 && Text(o, "chunked"),
        ["sent_http_cache_control"] = static (r, _, o) => Joined(ResponseFields(r), "cache-control"u8, ", "u8, o),
        ["sent_http_link"] = static (r, _, o) => Joined(ResponseFields(r), "link"u8, ", "u8, o),
        ["sent_http_"] = static (r, name, o) => Joined(ResponseFields(r), Dashed(name), ", "u8, o),
        ["date_local"] = static (r, _, o) => Date(r, isLocal: true, o),
        ["date_gmt"] = static (r, _, o) => Date(r, isLocal: false, o),
        ["slice_range"] = static (r, _, o) => Slice.Of(r) is { } slice && Text(o, slice.Range),
        ["sent_trailer_"] = static (r, name, o) => r.SentTrailers is { } trailers && Joined(trailers, Dashed(name), ", "u8, o),
        ["gzip_ratio"] = static (r, _, o) => r.GzipRatio is { Made: > 0 } ratio && Text(o, Ratio(ratio.Given, ratio.Made)),
        ["brotli_ratio"] = static (r, _, o) => r.BrotliRatio is { Made: > 0 } ratio && Text(o, Ratio(ratio.Given, ratio.Made)),
        ["limit_rate"] = static (r, _, o) => Text(o, Number(r.LimitRate ?? 0)),
        ["uid_got"] = static (r, _, o) => UserId.Got(r) is { } id && Text(o, id),
        ["uid_set"] = static (r, _, o) => UserId.Set(r) is { } id && Text(o, id),
        ["uid_reset"] = static (_, _, _) => true,
        ["msie"] = static (r, _, o) => !Browsers.IsMsie(r.Exchange.RequestHeaders[KnownHeader.UserAgent]) || Text(o, "1"),
        ["modern_browser"] = static (r, _, o) => !IsModern(r) || Text(o, r.Level.Get(BrowserModule.ModernBrowserValue)!),
        ["ancient_browser"] = static (r, _, o) => IsModern(r) || Text(o, r.Level.Get(BrowserModule.AncientBrowserValue)!),
        ["limit_req_status"] = static (r, _, o) => r.Origin.RequestLimitStatus is { } status && Text(o, status),
        ["limit_conn_status"] = static (r, _, o) => r.Origin.ConnectionLimitStatus is { } status && Text(o, status),
    };

    private static bool WriteInvalidReferer(HttpRequest request, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        var at = request.Exchange.RequestHeaders.IndexOf(KnownHeader.Referer);
        var referer = at < 0 ? default : request.Exchange.RequestHeaders[at].Value;
        var isValid = request.Level.Get(RefererModule.ValidReferers)?.IsValid(referer, at >= 0, request.Server) != false;
        return Text(output, isValid ? "" : "1");
    }

    private static bool WriteForwardedFor(HttpRequest request, ReadOnlySpan<byte> suffix, IBufferWriter<byte> output)
    {
        if (Joined(request.Exchange.RequestHeaders, "x-forwarded-for"u8, ", "u8, output))
            output.Write(", "u8);
        return Text(output, request.Client?.Address.ToString() ?? "unix:");
    }

    private static bool IsModern(HttpRequest request)
    {
        var at = request.Exchange.RequestHeaders.IndexOf(KnownHeader.UserAgent);
        return Browsers.IsModern(request.Level, at < 0 ? null : Latin1.Text(request.Exchange.RequestHeaders[at].Value));
    }

    private static bool Date(HttpRequest request, bool isLocal, IBufferWriter<byte> output)
    {
        var text = SsiDates.Write(request.Ssi.TimeFormat, request.Worker.Http.Clock.GetUtcNow().ToUnixTimeSeconds(), isLocal);
        return text.Length > 0 && Put(output, text);
    }

    private static IPEndPoint? Peer(HttpRequest request) => request.Worker.AddressOf(request.Exchange.Connection.Transport.Remote);

    private static IPEndPoint? Local(HttpRequest request) => request.Worker.AddressOf(request.Exchange.Connection.Transport.Local);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Milliseconds(long ms) => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000}.{ms % 1000:D3}");

    // Two digits behind the point, the second rounded.
    private static string Ratio(long a, long b)
    {
        var hundredths = (a * 100 / b) + (a * 1000 / b % 10 > 4 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}.{hundredths % 100:D2}");
    }

    internal static bool Text(IBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
            span[i] = (byte)text[i];
        output.Advance(text.Length);
        return true;
    }

    internal static bool Put(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        return true;
    }

    private static bool Header(HttpRequest request, KnownHeader known, IBufferWriter<byte> output)
    {
        return Joined(request.Exchange.RequestHeaders, KnownHeaders.Name(known), ", "u8, output);
    }

    // Until the head is written the fields are where they are gathered.
    private static HeaderList ResponseFields(HttpRequest request) =>
        request.IsAnswered ? request.Exchange.ResponseHeaders : request.Response.Headers;

    private static bool Sent(HttpRequest request, KnownHeader known, IBufferWriter<byte> output)
    {
        var at = request.Exchange.ResponseHeaders.IndexOf(known);
        return at >= 0 && Put(output, request.Exchange.ResponseHeaders[at].Value);
    }

    // All fields of a name, one behind the other.
    internal static bool Joined(HeaderList headers, ReadOnlySpan<byte> name, ReadOnlySpan<byte> between, IBufferWriter<byte> output)
    {
        var found = false;
        for (var at = headers.IndexOf(name); at >= 0; at = headers.IndexOf(name, at + 1))
        {
            if (found)
                output.Write(between);
            output.Write(headers[at].Value);
            found = true;
        }
        return found;
    }

    // As Joined; an underscore in a field's name is as good as a hyphen.
    private static bool JoinedAlike(HeaderList headers, byte[] name, IBufferWriter<byte> output)
    {
        var found = Joined(headers, name, ", "u8, output);
        for (var at = 0; at < headers.Count; at++)
        {
            if (!headers[at].Flags.HasFlag(HeaderFlags.Underscore) || !Ascii.EqualsIgnoreCase(Dashed(headers[at].Name), name))
                continue;
            if (found)
                output.Write(", "u8);
            output.Write(headers[at].Value);
            found = true;
        }
        return found;
    }

    // Names of variables have underscores where fields have hyphens.
    internal static byte[] Dashed(ReadOnlySpan<byte> name)
    {
        var dashed = name.ToArray();
        dashed.AsSpan().Replace((byte)'_', (byte)'-');
        return dashed;
    }
}
