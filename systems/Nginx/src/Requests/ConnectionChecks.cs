namespace Microcosm.Nginx;

/// <summary>Whether a request may come on its connection: over TLS, by a client that is known, in that version of HTTP
/// (ngx_http_process_request).</summary>
internal static class ConnectionChecks
{
    private const int Misdirected = 421;
    private const int PlainRequest = 497;
    private const int BadCertificate = 495;
    private const int NoCertificate = 496;

    /// <summary>The status that the request is refused with; 0 for none.</summary>
    public static int Check(HttpRequest request)
    {
        if (request.Exchange.Version == Microcosm.Http.HttpVersion.Http2 && !request.Listen.Options.IsHttp2
            && !request.Server.Level.Get(Http2Module.Http2))
        {
            request.LogError(LogLevel.Info, "client attempted to request the server name for which the negotiated protocol is disabled");
            return Misdirected;
        }
        if (!request.Listen.Options.IsTls)
            return 0;
        if (request.Connection.Tls is not { } tls)
        {
            request.LogError(LogLevel.Info, "client sent plain HTTP request to HTTPS port");
            return PlainRequest;
        }
        var verify = request.Server.Level.Get(TlsModule.Http.VerifyClient);
        if (verify == VerifyClient.Off)
            return 0;
        if (tls.VerifyError != 0 && !(verify == VerifyClient.OptionalNoCa && tls.IsIssuerUnknown))
            return Refuse(request, $"client SSL certificate verify error: ({tls.VerifyError}:{tls.VerifyErrorText})", BadCertificate);
        return verify == VerifyClient.On && tls.PeerCertificate is null
            ? Refuse(request, "client sent no required SSL certificate", NoCertificate)
            : 0;
    }

    /// <summary>
    /// Finds the server for a host. False: TLS chose another one, and clients of the one that is meant have to show certificates: it may
    /// not be reached without the handshake that asks for them.
    /// </summary>
    public static bool TryChooseServer(HttpRequest request, ReadOnlySpan<byte> host)
    {
        var connection = request.Connection;
        if (connection.ServerName is not { } chosen)
        {
            request.Server = request.Listen.Find(host, request.Values);
            return true;
        }
        if (host.SequenceEqual(chosen))
        {
            // Only for the captures of a pattern.
            request.Server = request.Listen.HasPatterns ? request.Listen.Find(host, request.Values) : connection.Server;
            return true;
        }
        var server = request.Listen.Find(host, request.Values);
        if (server.Level.Get(TlsModule.Http.VerifyClient) != VerifyClient.Off)
        {
            request.LogError(LogLevel.Info, "client attempted to request the server name different from the one that was negotiated");
            return false;
        }
        request.Server = server;
        return true;
    }

    private static int Refuse(HttpRequest request, string message, int status)
    {
        request.LogError(LogLevel.Info, message);
        request.Connection.ForgetTlsSession();
        return status;
    }
}
